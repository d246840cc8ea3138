import VectorMath

/// The values of the customers who are ranked, asked by rank. Rank 0 is the largest value.
struct RankedPopulation {
    /// Rising.
    private let sorted: [Double]

    init(_ values: [Double], standings: [Standing]?, workers: Workers) {
        sorted = sortedValues(values, standings: standings, workers: workers)
    }

    var count: Int { sorted.count }

    /// The value at a rank.
    private func value(atRank rank: Int) -> Double { sorted[sorted.count - 1 - rank] }

    /// How many are larger.
    private func count(above value: Double) -> Int { sorted.count - partition { $0 > value } }

    /// How many are as large or larger.
    private func count(from value: Double) -> Int { sorted.count - partition { $0 >= value } }

    /// The index of the first value that is past a limit.
    private func partition(_ isPast: (Double) -> Bool) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if isPast(sorted[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The least value of each tier, when the tiers end after so many customers; nil for one that nobody reaches.
    func lowerBounds(endingAt ends: [Int], ties: TieRule) -> [Double?] {
        ends.map { end in
            guard end > 0 else { return nil }
            let last = value(atRank: end - 1)
            guard ties == .downward, count(from: last) > end else { return last }
            let countAbove = count(above: last)
            return countAbove == 0 ? nil : value(atRank: countAbove - 1)
        }
    }

    /// The values at which a tier ends among equals.
    func splits(at ends: [Int]) -> [TierFit.TieSplit] {
        var splits: [TierFit.TieSplit] = []
        for end in ends where end > 0 && end < count {
            let last = value(atRank: end - 1)
            guard count(from: last) > end, splits.last?.value != last else { continue }
            splits.append(TierFit.TieSplit(value: last, countAbove: count(above: last)))
        }
        return splits
    }

    /// After how many customers each share of the total of all positive values is reached, and all at the end.
    func cumulativeCounts(reaching shares: [Double]) -> [Int] {
        var total = CompensatedSum()
        for value in sorted.reversed().prefix(while: { $0 > 0 }) { total.add(value) }
        var sum = CompensatedSum()
        var rank = 0
        let ends = shares.map { share in
            // The last digits of share x total are not the customer's fault.
            let goal = share * total.value * (1 - 1e-12)
            while rank < sorted.count, value(atRank: rank) > 0, sum.value < goal {
                sum.add(value(atRank: rank))
                rank += 1
            }
            return rank
        }
        return ends + [sorted.count]
    }
}
