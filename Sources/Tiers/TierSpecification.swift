/// How customers are laid out in ordered tiers, best first.
public struct TierSpecification: Codable, Equatable, Sendable {
    /// The tiers' names, best first, 1...250, all different.
    public var names: [String]
    /// Where one tier ends and the next begins.
    public var rule: Rule
    /// What becomes of equal values at such a place.
    public var ties: TieRule
    /// The name of the layer of customers outside the activity window, if there is one. They are taken out before
    /// ranking.
    public var inactiveName: String?
    /// The name of the layer of customers who have not bought yet, if there is one. They are taken out before ranking.
    public var potentialName: String?

    /// A specification; it is checked when something is fitted to it, or by `validate()`.
    public init(
        names: [String], rule: Rule, ties: TieRule = .upward, inactiveName: String? = nil, potentialName: String? = nil
    ) {
        self.names = names
        self.rule = rule
        self.ties = ties
        self.inactiveName = inactiveName
        self.potentialName = potentialName
    }

    /// The classic customer pyramid: 1, 4, 15 and 80 percent of the customers.
    public static let pyramid = TierSpecification(
        names: ["top", "major", "medium", "small"], rule: .customerShares([0.01, 0.04, 0.15, 0.80]))

    /// Where one tier ends and the next begins.
    public enum Rule: Codable, Equatable, Sendable {
        /// For each tier its share of the ranked customers, 0...1, summing to 1. Shares are read to a billionth.
        ///
        /// The customers in the first k tiers together are the shares' sum times all, rounded to nearest, half up.
        case customerShares([Double])
        /// For each tier but the last the share of the total value at which it ends, 0...1, rising: ABC analysis.
        ///
        /// Walking from the largest, a tier takes customers until its share of the total is reached; who reaches it is
        /// still in. The total is that of the values above 0, and values of 0 and below are in the last tier.
        case valueShares([Double])
        /// For each tier but the last the least value in it, falling: absolute bands, or cut-offs frozen in a model.
        ///
        /// Values are compared as they are; `nextUp` of a bound makes one that excludes itself.
        case lowerBounds([Double])
    }

    /// Checks everything that can be known without data.
    ///
    /// - Throws: `TiersError` of kind `invalidSpecification` with the key path of the first mistake.
    public func validate() throws(TiersError) {
        guard (1...Self.largestTierCount).contains(names.count) else {
            throw invalid("names", "\(names.count) tiers", "name from 1 to \(Self.largestTierCount)")
        }
        var seen: Set<[UInt8]> = []
        var places = names.indices.map { "names[\($0)]" }
        places += [inactiveName.map { _ in "inactiveName" }, potentialName.map { _ in "potentialName" }].compactMap {
            $0
        }
        let all = names + [inactiveName, potentialName].compactMap { $0 }
        for (place, name) in zip(places, all) {
            guard !name.isEmpty, seen.insert(Array(name.utf8)).inserted else {
                throw invalid(place, "the name \"\(name)\" is empty or used twice", "give each tier its own name")
            }
        }
        switch rule {
        case .customerShares(let shares):
            try checkCount(shares.count, expected: names.count, at: "rule.customerShares")
            for (index, share) in shares.enumerated() where !(share >= 0 && share <= 1) {
                throw invalid("rule.customerShares[\(index)]", "\(share) is no share", "give 0...1")
            }
            let sum = shares.reduce(0, +)
            guard abs(sum - 1) <= Self.shareTolerance else {
                throw invalid("rule.customerShares", "the shares sum to \(sum)", "make them sum to 1")
            }
        case .valueShares(let shares):
            try checkCount(shares.count, expected: names.count - 1, at: "rule.valueShares")
            for (index, share) in shares.enumerated() {
                guard share > (index == 0 ? 0 : shares[index - 1]), share <= 1 else {
                    throw invalid(
                        "rule.valueShares[\(index)]", "the share \(share) does not rise inside 0...1",
                        "give cumulative shares such as 0.8, 0.95")
                }
            }
        case .lowerBounds(let bounds):
            try checkCount(bounds.count, expected: names.count - 1, at: "rule.lowerBounds")
            for (index, bound) in bounds.enumerated() {
                guard bound.isFinite, bound < (index == 0 ? .infinity : bounds[index - 1]) else {
                    throw invalid(
                        "rule.lowerBounds[\(index)]", "the bound \(bound) does not fall",
                        "give finite bounds, best first")
                }
            }
        }
    }

    private func checkCount(_ count: Int, expected: Int, at path: String) throws(TiersError) {
        guard count == expected else {
            throw invalid(path, "\(count) numbers for \(names.count) tiers", "give \(expected)")
        }
    }

    private func invalid(_ path: String, _ problem: String, _ remedy: String) -> TiersError {
        TiersError(.invalidSpecification, at: path, problem, remedy: remedy)
    }

    /// A tier is a byte, with room for the codes of `TierCutoffs`.
    static let largestTierCount = 250
    /// Shares written with six decimals may miss 1 by so much.
    static let shareTolerance = 1e-6
}

/// What becomes of customers with equal values where one tier ends and the next begins.
public enum TieRule: String, Codable, CaseIterable, Equatable, Sendable {
    /// All go to the upper tier.
    case upward
    /// All go to the lower tier.
    case downward
    /// They are split so that the counts are as asked: larger keys first, then in row order.
    case split
}

/// Where a customer stands before the ranking.
public enum Standing: UInt8, Sendable {
    /// Is ranked.
    case active
    /// Bought in the past, nothing within the activity window.
    case inactive
    /// Has not bought yet.
    case potential
}
