/// Where a rule cuts one ranking: that of all customers, or that of a group.
struct TierCuts: Equatable, Sendable {
    /// For each tier but the last the least value in it; nil for one that nobody reaches.
    var bounds: [Double?]
    /// For each tier the customers that the rule asks for; nil for a tier it gives a bound for.
    var asked: [Int?]
    /// Where equal values are split between tiers, best first.
    var splits: [TieSplit] = []
    /// Jenks' goodness of variance fit of natural breaks.
    var goodnessOfFit: Double?
    /// For each bound how many ranked customers have just this value.
    var equalCounts: [Int] = []
    /// Ranked customers.
    var rankedCount = 0

    /// Cuts that are known.
    init(bounds: [Double?], for population: RankedPopulation) {
        self.bounds = bounds
        asked = Array(repeating: nil, count: bounds.count + 1)
        finish(population)
    }

    /// Applies a rule to a ranking of one customer or more, unless the rule is one of bounds.
    init(_ specification: TierSpecification, _ population: RankedPopulation) {
        let tierCount = specification.names.count
        let ties = specification.ties
        bounds = []
        asked = Array(repeating: nil, count: tierCount)
        switch specification.rule {
        case .lowerBounds(let given): bounds = given
        case .customerShares(let shares):
            cut(population, at: TierFit.endCounts(of: population.count, shares: shares), ties)
        case .valueShares(let shares): cut(population, at: population.cumulativeCounts(reaching: shares), ties)
        case .naturalBreaks: (bounds, goodnessOfFit) = population.naturalBreaks(tierCount: tierCount)
        case .bandsThenShares(let bands, let shares, let base):
            bounds = bands
            let rest = bands.last.map { population.below($0) } ?? population
            let baseCount = base == .rest ? rest.count : population.count
            let ends = TierFit.endCounts(of: baseCount, shares: shares + [0]).dropLast().map { min($0, rest.count) }
            cut(rest, at: ends + [rest.count], ties, firstTier: bands.count)
        case .sharesThenBands(let shares, let bands):
            let ends = TierFit.endCounts(of: population.count, shares: shares + [0])
            cut(population, at: ends, ties)
            // The rest is what bands are of; nobody asked for a count of it.
            splits = splits.map { split in
                let bandsAbove = bands.count { split.value < $0 }
                return split.moving(from: UInt8(shares.count), by: UInt8(bandsAbove))
            }
            asked = asked.prefix(shares.count) + Array(repeating: nil, count: bands.count + 1)
            bounds += bands.map { $0 }
        }
        settle()
        finish(population)
    }

    /// Adds the tiers that end after so many of the customers of a ranking, the last of them at its end.
    private mutating func cut(_ ranking: RankedPopulation, at ends: [Int], _ ties: TieRule, firstTier: Int = 0) {
        for (index, end) in ends.enumerated() { asked[firstTier + index] = end - (index == 0 ? 0 : ends[index - 1]) }
        let inner = Array(ends.dropLast())
        // Of nobody no share has a least value.
        bounds += ranking.count == 0 ? inner.map { _ in nil } : ranking.lowerBounds(endingAt: inner, ties: ties)
        if ties == .split { splits += ranking.splits(at: inner, firstTier: firstTier) }
    }

    /// Lets no tier begin above the one before it: it would be empty, and is.
    private mutating func settle() {
        for index in bounds.indices.dropFirst() {
            guard let before = bounds[index - 1] else { continue }
            bounds[index] = min(bounds[index] ?? before, before)
        }
    }

    private mutating func finish(_ population: RankedPopulation) {
        equalCounts = population.equalCounts(to: bounds)
        rankedCount = population.count
    }
}

/// A value at which tiers end among equals.
struct TieSplit: Equatable, Sendable {
    let value: Double
    /// The tiers that take these customers, best first, and after how many of them each ends.
    let parts: [Part]

    struct Part: Equatable, Sendable {
        let tier: UInt8
        let end: Int
    }

    /// The split with one of its tiers moved down.
    func moving(from tier: UInt8, by count: UInt8) -> TieSplit {
        TieSplit(
            value: value, parts: parts.map { $0.tier == tier ? Part(tier: tier + count, end: $0.end) : $0 })
    }

    /// The tiers of so many customers in order.
    func tiers(count: Int) -> [UInt8] {
        var part = 0
        return (0..<count).map { place in
            while place >= parts[part].end, part + 1 < parts.count { part += 1 }
            return parts[part].tier
        }
    }
}
