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
    /// The name of the layer of customers who cost more than they bring, if there is one, taken out likewise.
    public var negativeName: String?
    /// The name of the layer of customers who do not pay what they owe, if there is one, taken out likewise.
    public var badDebtName: String?

    /// A specification; it is checked when something is fitted to it, or by `validate()`.
    public init(
        names: [String], rule: Rule, ties: TieRule = .upward, inactiveName: String? = nil,
        potentialName: String? = nil, negativeName: String? = nil, badDebtName: String? = nil
    ) {
        self.names = names
        self.rule = rule
        self.ties = ties
        self.inactiveName = inactiveName
        self.potentialName = potentialName
        self.negativeName = negativeName
        self.badDebtName = badDebtName
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
        /// Between the values where gaps are widest: the tiers for which the squares of the distances of values to
        /// their tier's mean sum up to least (Jenks 1967, Fisher 1958). Equal values are never parted.
        case naturalBreaks
        /// Bands for the first tiers, each its least value, falling; then for each other tier but the last its share of
        /// the customers, 0...1.
        ///
        /// The customers in the first k tiers after the bands together are the shares' sum times what shares are of, to
        /// nearest, half up, but no more than there are.
        case bandsThenShares(bounds: [Double], shares: [Double], of: ShareBase)
        /// For the first tiers the shares of all ranked customers; then for each other tier but the last its least value,
        /// falling. A band that lies above the tiers before it stays empty.
        case sharesThenBands(shares: [Double], bounds: [Double])
    }

    /// What shares beside bands are of.
    public enum ShareBase: String, Codable, CaseIterable, Equatable, Sendable {
        /// The ranked customers in none of the bands.
        case rest
        /// All ranked customers.
        case all
    }

    /// Checks everything that can be known without data.
    ///
    /// - Throws: `TiersError` of kind `invalidSpecification` with the key path of the first mistake.
    public func validate() throws(TiersError) {
        guard (1...Self.largestTierCount).contains(names.count) else {
            throw invalid("names", "\(names.count) tiers", "name from 1 to \(Self.largestTierCount)")
        }
        var seen: Set<[UInt8]> = []
        let layers = [
            ("inactiveName", inactiveName), ("potentialName", potentialName), ("negativeName", negativeName),
            ("badDebtName", badDebtName),
        ]
        let all =
            names.enumerated().map { (place: "names[\($0)]", name: $1) }
            + layers.compactMap { place, name in name.map { (place: place, name: $0) } }
        for (place, name) in all {
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
            try checkFalling(bounds, at: "rule.lowerBounds")
        case .naturalBreaks: break
        case .bandsThenShares(let bounds, let shares, _):
            try checkCount(bounds.count + shares.count, expected: names.count - 1, at: "rule.bandsThenShares")
            try checkFalling(bounds, at: "rule.bandsThenShares.bounds")
            try checkPart(shares, at: "rule.bandsThenShares.shares")
        case .sharesThenBands(let shares, let bounds):
            try checkCount(bounds.count + shares.count, expected: names.count - 1, at: "rule.sharesThenBands")
            try checkFalling(bounds, at: "rule.sharesThenBands.bounds")
            try checkPart(shares, at: "rule.sharesThenBands.shares")
        }
    }

    private func checkFalling(_ bounds: [Double], at path: String) throws(TiersError) {
        for (index, bound) in bounds.enumerated() {
            guard bound.isFinite, bound < (index == 0 ? .infinity : bounds[index - 1]) else {
                throw invalid("\(path)[\(index)]", "the bound \(bound) does not fall", "give finite bounds, best first")
            }
        }
    }

    /// Shares that leave some customers to others.
    private func checkPart(_ shares: [Double], at path: String) throws(TiersError) {
        for (index, share) in shares.enumerated() where !(share >= 0 && share <= 1) {
            throw invalid("\(path)[\(index)]", "\(share) is no share", "give 0...1")
        }
        let sum = shares.reduce(0, +)
        guard sum <= 1 + Self.shareTolerance else {
            throw invalid(path, "the shares sum to \(sum)", "let them sum to 1 at most")
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
    /// Costs more than it brings.
    case negative
    /// Does not pay what it owes.
    case badDebt
}
