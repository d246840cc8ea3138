internal import VectorMath

/// How far weights would move with other customers of the same kind: intervals by the bootstrap.
///
/// The customers are dealt into `groupCount` groups by a mixed row number. Each replicate draws as many groups with
/// replacement and weighs anew from their sums, so the population is gone through once however many replicates there
/// are (the bag of groups estimates the same spread as drawing customers does, with a relative error of about
/// 1 / sqrt(2 (groupCount - 1)): 9 % for 64). Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
public struct WeightIntervals: Equatable, Sendable {
    /// The percentile interval of each indicator's weight.
    public let ranges: [ClosedRange<Double>]

    /// Groups that customers are dealt into.
    public static let groupCount = 64

    /// The share of replicates inside an interval.
    public static let coverage = 0.95

    /// Intervals for one set of indicators.
    ///
    /// - Parameters:
    ///   - parts: the moments of each group of customers.
    ///   - group: the set of indicators, of the moments' groups.
    ///   - replicateCount: 1 or more; 200 or more for steady ends.
    public init(
        _ weighting: ObjectiveWeighting, parts: [IndicatorMoments], group: Int, replicateCount: Int, seed: UInt64
    ) {
        precondition(replicateCount >= 1 && !parts.isEmpty, "\(replicateCount) replicates of \(parts.count) groups")
        var generator = RandomGenerator(seed: seed)
        let replicates = (0..<replicateCount).map { _ in
            var moments = parts[generator.nextIndex(below: parts.count)]
            for _ in 1..<max(1, parts.count) { moments.combine(parts[generator.nextIndex(below: parts.count)]) }
            return weighting.weights(from: moments, group: group)
        }
        ranges = parts[0].groups[group].indices.map { place in
            let position = place - parts[0].groups[group].lowerBound
            let sorted = replicates.map { $0[position] }.sorted()
            let tail = (1 - Self.coverage) / 2
            return Self.quantile(sorted, tail)...Self.quantile(sorted, 1 - tail)
        }
    }

    /// Between neighbors on a line (Hyndman & Fan 1996, type 7).
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
}

extension Array where Element == IndicatorMoments {
    /// Brings the rows of a block into the group of each.
    public mutating func update(_ rows: ScoredRows) {
        var places = [[Int]](repeating: [], count: count)
        for row in 0..<rows.rowCount { places[ScoredRows.mixed(rows.firstRow + row) % count].append(row) }
        for group in indices where !places[group].isEmpty { self[group].update(rows.block, rows: places[group]) }
    }
}
