import VectorMath

/// The values of the customers who are ranked, asked by rank; rank 0 is the largest value.
///
/// Asking for a few ranks takes passes over the values and no sort.
struct RankedPopulation {
    private let values: [Double]
    private let standings: [Standing]?
    private let workers: Workers
    /// Ranked customers.
    let count: Int

    init(_ values: [Double], standings: [Standing]?, workers: Workers) {
        checkEqualCount(values, standings)
        self.values = values
        self.standings = standings
        self.workers = workers
        count = reduce(values, standings, workers, into: 0) { count, ranked in
            for value in ranked { count += value.isNaN ? 0 : 1 }
        } combine: {
            $0 += $1
        }
    }

    /// The least value of each tier, when the tiers end after so many customers; nil for one that nobody reaches.
    func lowerBounds(endingAt ends: [Int], ties: TieRule) -> [Double?] {
        let reached = ends.filter { $0 > 0 }
        var bounds: [Double?] = values(atRanks: reached.map { $0 - 1 })
        if ties == .downward {
            let limits = bounds.compactMap { $0 }
            let counts = counts(around: limits)
            // Where the last customers of a tier have equals below it, it ends before all of them.
            let above = zip(reached, counts).map { $1.from > $0 ? $1.above - 1 : $0 - 1 }
            let raised = values(atRanks: above.map { max($0, 0) })
            bounds = zip(above, raised).map { $0 < 0 ? nil : $1 }
        }
        return [Double?](repeating: nil, count: ends.count - reached.count) + bounds
    }

    /// The values at which a tier ends among equals.
    func splits(at ends: [Int]) -> [TierFit.TieSplit] {
        let reached = ends.filter { $0 > 0 && $0 < count }
        let limits = values(atRanks: reached.map { $0 - 1 })
        var splits: [TierFit.TieSplit] = []
        for ((end, limit), counts) in zip(zip(reached, limits), counts(around: limits)) {
            guard counts.from > end, splits.last?.value != limit else { continue }
            splits.append(TierFit.TieSplit(value: limit, countAbove: counts.above))
        }
        return splits
    }

    /// After how many customers each share of the total of all values above 0 is reached, and all at the end.
    ///
    /// - Complexity: O(n): a sort by radix.
    func cumulativeCounts(reaching shares: [Double]) -> [Int] {
        let rising = sortedValues(values, standings: standings, workers: workers)
        let falling = rising.reversed().prefix { $0 > 0 }
        var total = CompensatedSum()
        for value in falling { total.add(value) }
        var sum = CompensatedSum()
        var rest = falling.makeIterator()
        var rank = 0
        let ends = shares.map { share in
            // The last digits of share x total are not the customer's fault.
            let goal = share * total.value * (1 - 1e-12)
            while sum.value < goal, let value = rest.next() {
                sum.add(value)
                rank += 1
            }
            return rank
        }
        return ends + [rising.count]
    }

    private func values(atRanks ranks: [Int]) -> [Double] {
        guard !ranks.isEmpty else { return [] }
        let source: ColumnSource
        if let standings {
            source = ColumnSource(columnCount: 1, rowCounts: [values.count]) { [values] _, _, rows, buffer in
                for (offset, row) in rows.enumerated() {
                    buffer[offset] = standings[row] == .active ? values[row] : .nan
                }
            }
        } else {
            source = ColumnSource(values)
        }
        do {
            return try OrderStatistics.find([ranks.map { .rank(count - 1 - $0) }], in: source, workers)[0].values
        } catch {
            preconditionFailure("reading an array threw \(error)")
        }
    }

    /// For each limit how many values are larger, and how many as large or larger.
    private func counts(around limits: [Double]) -> [(above: Int, from: Int)] {
        let none = [Int](repeating: 0, count: 2 * limits.count)
        let counts = reduce(values, standings, workers, into: none) { counts, ranked in
            for (index, limit) in limits.enumerated() {
                var above = 0
                var from = 0
                for value in ranked {
                    above += value > limit ? 1 : 0
                    from += value >= limit ? 1 : 0
                }
                counts[2 * index] += above
                counts[2 * index + 1] += from
            }
        } combine: { counts, others in
            for index in counts.indices { counts[index] += others[index] }
        }
        return limits.indices.map { (counts[2 * $0], counts[2 * $0 + 1]) }
    }
}

/// Brings the values of active customers into states, chunk by chunk.
private func reduce<State: Sendable>(
    _ values: [Double], _ standings: [Standing]?, _ workers: Workers, into empty: State,
    update: @Sendable (inout State, UnsafeBufferPointer<Double>) -> Void,
    combine: @Sendable (inout State, State) -> Void
) -> State {
    let chunkCount = (values.count + chunkRowCount - 1) / chunkRowCount
    return workers.reduce(chunkCount: chunkCount, into: { empty }) { state, chunk in
        let rows = chunk * chunkRowCount..<min(values.count, (chunk + 1) * chunkRowCount)
        if let standings {
            let ranked = rows.filter { standings[$0] == .active }.map { values[$0] }
            ranked.withUnsafeBufferPointer { update(&state, $0) }
        } else {
            values[rows].withUnsafeBufferPointer { update(&state, $0) }
        }
    } combine: {
        combine(&$0, $1)
    }
}
