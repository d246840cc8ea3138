public import VectorMath

/// Tiers fitted to a population: the cut-offs, and what was asked of each tier.
public struct TierFit: Equatable, Sendable {
    /// The specification.
    public let specification: TierSpecification
    /// The tiers as plain numbers, for a model and for streams.
    public let cutoffs: TierCutoffs
    /// Whether the cut-offs were given and not learned from these customers.
    public let isFrozen: Bool
    /// Where the ranking of all customers is cut.
    let cuts: TierCuts
    /// Where that of each group is cut, in the order of the population's groups; nil for a group in which nobody is
    /// ranked. Empty without groups.
    let groupCuts: [TierCuts?]

    /// Customers who were ranked.
    public var rankedCount: Int { cuts.rankedCount }
    /// For each tier the number of customers the rule asks for, nil for a tier that has a bound instead; nil where all
    /// have.
    public var askedCounts: [Int?]? { cuts.asked.contains { $0 != nil } ? cuts.asked : nil }
    /// For each tier the customers that the rule asks of all groups together; nil where it gives a bound.
    var askedOfGroups: [Int?] {
        cuts.asked.indices.map { tier in
            let counts = groupCuts.compactMap { $0?.asked[tier] }
            return counts.isEmpty ? nil : counts.reduce(0, +)
        }
    }
    /// For each tier but the last how many ranked customers have just the value of the cut-off.
    public var equalCounts: [Int] { cuts.equalCounts }
    /// Of natural breaks the share of the variance that lies between tiers, 0...1; nil for another rule.
    public var goodnessOfFit: Double? { cuts.goodnessOfFit }

    /// Fits tiers to a population.
    ///
    /// - Parameters:
    ///   - specification: checked first.
    ///   - values: what customers are ranked by, NaN where missing.
    ///   - standings: where each stands, as many as values; nil if all are active.
    ///   - groups: the group of each, as many as values, where each group is cut by itself; nil for one ranking. A
    ///     customer without a group has the cut-offs of all customers.
    /// - Throws: `TiersError`: `invalidSpecification`; `missingTier` if a standing occurs whose layer has no name;
    ///   `noValues` if there is nobody to rank.
    /// - Complexity: O(n), spread over the workers.
    public static func fit(
        _ specification: TierSpecification, values: [Double], standings: [Standing]? = nil,
        groups: CustomerGroups? = nil, workers: Workers
    ) throws(TiersError) -> TierFit {
        try specification.validate()
        try specification.checkLayers(standings)
        let population = RankedPopulation(values, standings: standings, workers: workers)
        guard population.count > 0 || specification.isOfBounds else {
            throw TiersError(
                .noValues, at: "rule", "nobody has a value to rank by",
                remedy: "check the column or the dates that take customers out of the ranking")
        }
        let cuts = TierCuts(specification, population)
        guard let groups else { return TierFit(specification, cuts: cuts, groupCuts: [], groups: nil) }
        let parts = GroupedValues(values, standings: standings, groups: groups, workers: workers)
        let groupCuts = parts.map { values, workers in
            let ranking = RankedPopulation(values, standings: nil, workers: workers)
            return ranking.count == 0 ? nil : TierCuts(specification, ranking)
        }
        let own = zip(groups.names, groupCuts).compactMap { name, cuts in
            cuts.map { GroupCutoffs.Group(name: name, lowerBounds: $0.bounds) }
        }
        return TierFit(specification, cuts: cuts, groupCuts: groupCuts, groups: GroupCutoffs(own))
    }

    /// Lays a population out by cut-offs of an earlier fit.
    ///
    /// - Parameters:
    ///   - cutoffs: as many as the specification has tiers; layers are named by the specification.
    ///   - values: as `fit` has them, like the other parameters.
    /// - Throws: as `fit`, but for `noValues`.
    public static func frozen(
        _ cutoffs: TierCutoffs, _ specification: TierSpecification, values: [Double], standings: [Standing]? = nil,
        groups: CustomerGroups? = nil, workers: Workers
    ) throws(TiersError) -> TierFit {
        try specification.validate()
        try specification.checkLayers(standings)
        precondition(
            cutoffs.names.count == specification.names.count,
            "cut-offs of \(cutoffs.names.count) tiers for \(specification.names.count)")
        let population = RankedPopulation(values, standings: standings, workers: workers)
        let cuts = TierCuts(bounds: cutoffs.lowerBounds, for: population)
        guard let groups, let known = cutoffs.groups else {
            return TierFit(specification, cuts: cuts, groupCuts: [], groups: nil, isFrozen: true)
        }
        let bounds = groups.names.map { name in known.index(of: Array(name.utf8)).map { known.groups[$0].lowerBounds } }
        let parts = GroupedValues(values, standings: standings, groups: groups, workers: workers)
        let rankings = parts.map { values, workers in RankedPopulation(values, standings: nil, workers: workers) }
        let groupCuts = zip(rankings, bounds).map { ranking, bounds in
            bounds.map { TierCuts(bounds: $0, for: ranking) }
        }
        return TierFit(specification, cuts: cuts, groupCuts: groupCuts, groups: known, isFrozen: true)
    }

    private init(
        _ specification: TierSpecification, cuts: TierCuts, groupCuts: [TierCuts?], groups: GroupCutoffs?,
        isFrozen: Bool = false
    ) {
        self.specification = specification
        self.cuts = cuts
        self.groupCuts = groupCuts
        self.isFrozen = isFrozen
        cutoffs = TierCutoffs(specification, lowerBounds: cuts.bounds, groups: groups)
    }
}

extension TierSpecification {
    /// Whether the rule can be applied to nobody.
    fileprivate var isOfBounds: Bool { if case .lowerBounds = rule { true } else { false } }

    fileprivate func checkLayers(_ standings: [Standing]?) throws(TiersError) {
        guard let standings else { return }
        let layers: [(Standing, String?, String, String)] = [
            (.inactive, inactiveName, "inactiveName", "inactive"),
            (.potential, potentialName, "potentialName", "potential"),
            (.negative, negativeName, "negativeName", "loss-making"),
            (.badDebt, badDebtName, "badDebtName", "bad-debt"),
        ]
        for (standing, name, place, word) in layers where name == nil && standings.contains(standing) {
            throw TiersError(
                .missingTier, at: place, "there are \(word) customers but no layer for them", remedy: "name the layer")
        }
    }
}

extension TierFit {
    /// For each tier how many customers are in it and in those above: the share of all, to nearest, half up.
    ///
    /// In whole billionths: summed as binary64, shares of .01, .04 and .15 could land just below a half.
    package static func endCounts(of count: Int, shares: [Double]) -> [Int] {
        let billion: UInt128 = 1_000_000_000
        var sum: UInt128 = 0
        var counts = shares.map { share in
            sum += UInt128((share * Double(billion)).rounded())
            return min(count, Int((UInt128(count) * sum + billion / 2) / billion))
        }
        counts[counts.count - 1] = count
        return counts
    }
}
