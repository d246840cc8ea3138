internal import CKernels
import VectorMath

/// The values of the customers who are ranked, asked by rank; rank 0 is the largest value.
///
/// Asking for a few ranks takes passes over the values and no sort, unless they are few.
struct RankedPopulation {
    private let values: [Double]
    private let standings: [Standing]?
    private let workers: Workers
    /// Few values in order.
    private let rising: [Double]?
    /// Ranked customers.
    let count: Int

    init(_ values: [Double], standings: [Standing]?, workers: Workers) {
        checkEqualCount(values, standings)
        self.values = values
        self.standings = standings
        self.workers = workers
        if values.count < smallestParallelSort {
            let rising = sortedValues(values, standings: standings, workers: workers)
            self.rising = rising
            count = rising.count
            return
        }
        rising = nil
        count = reduce(values, standings, workers, into: 0) { count, ranked in
            // SAFETY: the kernel reads ranked.count values.
            count += Int(ck_count_present(ranked.baseAddress, ranked.count))
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
    ///
    /// - Parameters:
    ///   - ends: how many customers are in each tier but the last and in those above.
    ///   - firstTier: the tier of the first end.
    func splits(at ends: [Int], firstTier: Int = 0) -> [TieSplit] {
        let reached = ends.filter { $0 > 0 && $0 < count }
        let limits = values(atRanks: reached.map { $0 - 1 })
        var splits: [TieSplit] = []
        for ((end, limit), counts) in zip(zip(reached, limits), counts(around: limits)) {
            guard counts.from > end, splits.last?.value != limit else { continue }
            var tierEnds = ends.enumerated().filter { $1 > counts.above && $1 < counts.from }
                .map { TieSplit.Part(tier: UInt8(firstTier + $0), end: $1 - counts.above) }
            let rest = ends.firstIndex { $0 >= counts.from } ?? ends.count
            tierEnds.append(TieSplit.Part(tier: UInt8(firstTier + rest), end: counts.from - counts.above))
            splits.append(TieSplit(value: limit, parts: tierEnds))
        }
        return splits
    }

    /// How many ranked values are equal to each bound; 0 for none.
    func equalCounts(to bounds: [Double?]) -> [Int] {
        var counts = counts(around: bounds.compactMap { $0 }).map { $0.from - $0.above }[...]
        return bounds.map { $0 == nil ? 0 : counts.popFirst() ?? 0 }
    }

    /// The ranked values below a bound.
    func below(_ bound: Double) -> RankedPopulation {
        let rest = [Double](unsafeUninitializedCapacity: values.count) { rest, initializedCount in
            // SAFETY: each chunk writes its own rows, and `forEach` returns after all have.
            nonisolated(unsafe) let rest = rest
            workers.forEach(chunkCount: (values.count + chunkRowCount - 1) / chunkRowCount) { chunk in
                for row in chunk * chunkRowCount..<min(values.count, (chunk + 1) * chunkRowCount) {
                    let isRanked = values[row] < bound && (standings?[row] ?? .active) == .active
                    rest[row] = isRanked ? values[row] : .nan
                }
            }
            initializedCount = values.count
        }
        return RankedPopulation(rest, standings: nil, workers: workers)
    }

    /// The best natural breaks into at most so many tiers: the least value of each tier but the last.
    ///
    /// - Complexity: O(n): a sort by radix, and `NaturalBreaks`.
    func naturalBreaks(tierCount: Int) -> (bounds: [Double?], goodness: Double) {
        let rising = rising ?? sortedValues(values, standings: standings, workers: workers)
        let breaks = NaturalBreaks(rising: rising, classCount: tierCount)
        var bounds: [Double?] = breaks.starts.reversed().map { rising[$0] }
        // With fewer different values than tiers the least of them ends the ranking, and the tiers after it are empty.
        while bounds.count < tierCount - 1 { bounds.append(rising[0]) }
        return (bounds, breaks.goodnessOfFit)
    }

    /// After how many customers each share of the total of all values above 0 is reached, and all at the end.
    ///
    /// - Complexity: O(n): a sort by radix.
    func cumulativeCounts(reaching shares: [Double]) -> [Int] {
        let rising = rising ?? sortedValues(values, standings: standings, workers: workers)
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
        if let rising { return ranks.map { rising[count - 1 - $0] } }
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
    func counts(around limits: [Double]) -> [(above: Int, from: Int)] {
        if let rising {
            return limits.map { limit in
                (count - rising.countOfPrefix { $0 <= limit }, count - rising.countOfPrefix { $0 < limit })
            }
        }
        guard !limits.isEmpty else { return [] }
        let none = [Int](repeating: 0, count: 2 * limits.count)
        let counts = reduce(values, standings, workers, into: none) { counts, ranked in
            for (index, limit) in limits.enumerated() {
                // SAFETY: the kernel reads ranked.count values.
                let found = stratum_count_around(ranked.baseAddress, ranked.count, limit)
                counts[2 * index] += Int(found.above)
                counts[2 * index + 1] += Int(found.from)
            }
        } combine: { counts, others in
            for index in counts.indices { counts[index] += others[index] }
        }
        return limits.indices.map { (counts[2 * $0], counts[2 * $0 + 1]) }
    }
}

extension [Double] {
    /// How many values lie before the first that does not fulfill what all before it do.
    fileprivate func countOfPrefix(_ isBefore: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
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
