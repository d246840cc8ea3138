public import VectorMath

/// Tiers fitted to a population: the cut-offs, and what was asked of each tier.
public struct TierFit: Equatable, Sendable {
    /// The specification.
    public let specification: TierSpecification
    /// The tiers as plain numbers, for a model and for streams.
    public let cutoffs: TierCutoffs
    /// Customers who were ranked.
    public let rankedCount: Int
    /// For each tier the number of customers the rule asks for; nil where the rule gives bounds, not counts.
    public let askedCounts: [Int]?
    /// Where equal values are split between tiers, best first.
    let splits: [TieSplit]

    /// A value at which a tier ends among equals, and how many rank before them.
    struct TieSplit: Equatable, Sendable {
        let value: Double
        let countAbove: Int
    }

    /// Fits tiers to a population.
    ///
    /// - Parameters:
    ///   - specification: checked first.
    ///   - values: what customers are ranked by, NaN where missing.
    ///   - standings: where each stands, as many as values; nil if all are active.
    /// - Throws: `TiersError`: `invalidSpecification`; `missingTier` if a standing occurs whose layer has no name;
    ///   `noValues` if there is nobody to rank.
    /// - Complexity: O(n), spread over the workers.
    public static func fit(
        _ specification: TierSpecification, values: [Double], standings: [Standing]? = nil, workers: Workers
    ) throws(TiersError) -> TierFit {
        try specification.validate()
        try specification.checkLayers(standings)
        let population = RankedPopulation(values, standings: standings, workers: workers)
        if case .lowerBounds(let bounds) = specification.rule {
            return TierFit(specification, bounds: bounds, rankedCount: population.count, ends: nil, splits: [])
        }
        guard population.count > 0 else {
            throw TiersError(
                .noValues, at: "rule", "nobody has a value to rank by",
                remedy: "check the column or the dates that take customers out of the ranking")
        }
        let ends: [Int] =
            switch specification.rule {
            case .customerShares(let shares): endCounts(of: population.count, shares: shares)
            case .valueShares(let shares): population.cumulativeCounts(reaching: shares)
            case .lowerBounds: []
            }
        let inner = Array(ends.dropLast())
        return TierFit(
            specification, bounds: population.lowerBounds(endingAt: inner, ties: specification.ties),
            rankedCount: population.count, ends: ends,
            splits: specification.ties == .split ? population.splits(at: inner) : [])
    }

    private init(
        _ specification: TierSpecification, bounds: [Double?], rankedCount: Int, ends: [Int]?, splits: [TieSplit]
    ) {
        self.specification = specification
        cutoffs = TierCutoffs(
            names: specification.names, lowerBounds: bounds, inactiveName: specification.inactiveName,
            potentialName: specification.potentialName)
        self.rankedCount = rankedCount
        askedCounts = ends.map { ends in ends.indices.map { ends[$0] - ($0 == 0 ? 0 : ends[$0 - 1]) } }
        self.splits = splits
    }

    /// The codes of the population the tiers were fitted to.
    ///
    /// - Parameters:
    ///   - values: the same values.
    ///   - standings: the same standings.
    ///   - tieKeys: for the tie rule `split`: of equal values the larger key comes first, then the earlier row; NaN is
    ///     the smallest. Row order alone if nil.
    /// - Complexity: O(n x number of tiers), and O(m log m) for m customers with equal values at a split.
    public func assign(
        _ values: [Double], standings: [Standing]? = nil, tieKeys: [Double]? = nil, workers: Workers
    ) -> [UInt8] {
        var codes = cutoffs.assign(values, standings: standings, workers: workers)
        guard let askedCounts, !splits.isEmpty else { return codes }
        for split in splits {
            var rows = values.indices.filter { values[$0] == split.value && (standings?[$0] ?? .active) == .active }
            if let tieKeys {
                precondition(tieKeys.count == values.count, "\(tieKeys.count) keys for \(values.count) values")
                let keys = rows.map { (key: tieKeys[$0].isNaN ? -.infinity : tieKeys[$0], row: $0) }
                rows = keys.sorted { ($1.key, $0.row) < ($0.key, $1.row) }.map(\.row)
            }
            var tier = 0
            var end = askedCounts[0]
            for (offset, row) in rows.enumerated() {
                while split.countAbove + offset >= end, tier + 1 < askedCounts.count {
                    tier += 1
                    end += askedCounts[tier]
                }
                codes[row] = UInt8(tier)
            }
        }
        return codes
    }
}

extension TierSpecification {
    fileprivate func checkLayers(_ standings: [Standing]?) throws(TiersError) {
        guard let standings else { return }
        if inactiveName == nil, standings.contains(.inactive) {
            throw TiersError(
                .missingTier, at: "inactiveName", "there are inactive customers but no layer for them",
                remedy: "name the layer")
        }
        if potentialName == nil, standings.contains(.potential) {
            throw TiersError(
                .missingTier, at: "potentialName", "there are potential customers but no layer for them",
                remedy: "name the layer")
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
