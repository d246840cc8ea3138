extension ColumnStatistics {
    /// The statistics of values in memory, by sorting them: the plain form, for small populations.
    ///
    /// - Parameters:
    ///   - values: the column; NaN is missing.
    ///   - need: what to take of it.
    /// - Complexity: O(n log n) time and n more values of memory.
    public init(of values: [Double], need: StatisticsNeed) {
        let sorted = values.filter { !$0.isNaN }.sorted()
        self.init(
            presentCount: sorted.count, missingCount: values.count - sorted.count, minimum: sorted.first ?? .nan,
            maximum: sorted.last ?? .nan)
        guard !sorted.isEmpty else { return }

        quantiles = need.quantileLevels.map { QuantileNeighbors(level: $0, inSorted: sorted) }
        let transformed = sorted.map { need.transform($0) }
        if need.needsMoments {
            let center = compensatedSum(transformed) / Double(sorted.count)
            mean = center
            let variance = compensatedSum(transformed.map { ($0 - center) * ($0 - center) }) / Double(sorted.count)
            standardDeviation = variance.squareRoot()
        }
        if need.needsMedianAbsoluteDeviation {
            let median = QuantileNeighbors(level: 0.5, inSorted: transformed).value(of: .none)
            let distances = transformed.map { abs($0 - median) }.sorted()
            medianAbsoluteDeviation = QuantileNeighbors(level: 0.5, inSorted: distances).value(of: .none)
        }
        if need.needsRanks { ranks = RankPoints(sorted: sorted) }
    }
}

extension QuantileNeighbors {
    /// The neighbors of position (n - 1) * level (Hyndman & Fan 1996, type 7) in rising values, at least one.
    init(level: Double, inSorted sorted: [Double]) {
        let position = level * Double(sorted.count - 1)
        let below = min(Int(position), sorted.count - 1)
        self.init(
            level: level, lower: sorted[below], upper: sorted[min(below + 1, sorted.count - 1)],
            fraction: position - Double(below))
    }
}

extension RankPoints {
    /// The mid-rank of each distinct value: the share below it plus half the share equal to it.
    init(sorted: [Double]) {
        self.init(values: [], ranks: [])
        var start = 0
        while start < sorted.count {
            let end = sorted[start...].firstIndex { $0 > sorted[start] } ?? sorted.count
            values.append(sorted[start])
            ranks.append((Double(start) + Double(end)) / (2 * Double(sorted.count)))
            start = end
        }
    }
}

/// Neumaier's sum (1974): the error does not grow with the number of values.
func compensatedSum(_ values: [Double]) -> Double {
    var sum = 0.0
    var correction = 0.0
    for value in values {
        let next = sum + value
        correction += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
        sum = next
    }
    return sum + correction
}
