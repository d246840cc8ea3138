public import VectorMath

extension TierFit {
    /// The codes of the population the tiers were fitted to.
    ///
    /// - Parameters:
    ///   - values: the same values.
    ///   - standings: the same standings.
    ///   - groups: the same groups.
    ///   - tieKeys: for the tie rule `split`: of equal values the larger key comes first, then the earlier row; NaN is
    ///     the smallest. Row order alone if nil.
    /// - Complexity: O(n x number of tiers), and O(m log m) for m customers with equal values at a split.
    public func assign(
        _ values: [Double], standings: [Standing]? = nil, groups: CustomerGroups? = nil, tieKeys: [Double]? = nil,
        workers: Workers
    ) -> [UInt8] {
        var codes = cutoffs.assign(values, standings: standings, groups: groups, workers: workers)
        if let tieKeys {
            precondition(tieKeys.count == values.count, "\(tieKeys.count) keys for \(values.count) values")
        }
        for tie in ties(values, standings, groups) {
            var rows = tie.rows
            if let tieKeys {
                let keys = rows.map { (key: tieKeys[$0].isNaN ? -.infinity : tieKeys[$0], row: $0) }
                rows = keys.sorted { ($1.key, $0.row) < ($0.key, $1.row) }.map(\.row)
            }
            for (row, tier) in zip(rows, tie.split.tiers(count: rows.count)) { codes[row] = tier }
        }
        return codes
    }

    /// The rows that each split parts, in row order.
    private func ties(
        _ values: [Double], _ standings: [Standing]?, _ groups: CustomerGroups?
    ) -> [(split: TieSplit, rows: [Int])] {
        // Who is in no group has the cut-offs of all, and only these: of their equals others are elsewhere.
        let lists = groups == nil ? [cuts.splits] : groupCuts.map { $0?.splits ?? [] } + [[]]
        var ties = lists.joined().map { (split: $0, rows: [Int]()) }
        guard !ties.isEmpty else { return [] }
        let starts = lists.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        for row in values.indices where (standings?[row] ?? .active) == .active {
            let code = groups?.codes[row] ?? CustomerGroups.none
            let list = code == CustomerGroups.none ? lists.count - 1 : Int(code)
            for place in starts[list]..<starts[list + 1] where ties[place].split.value == values[row] {
                ties[place].rows.append(row)
            }
        }
        return ties
    }
}
