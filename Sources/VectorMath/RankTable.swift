/// Percentile ranks of a column as a table of knots: what a model keeps in order to rank new values.
///
/// A knot is a value with its mid-rank percentile (see `PercentileRanks`). With at most 65,536 distinct values all of
/// them are knots; with more the knots are the values at evenly spaced ranks and the neighbors of values that have
/// many equals, so that no percentile of a value of the column is off by more than 0.01. Between knots percentiles are
/// interpolated linearly; below the first the percentile is 0, beyond the last 100.
public struct RankTable: Sendable, Equatable {
    /// The largest number of knots.
    public static let knotLimit = 65_536

    /// The knots, strictly ascending.
    public let values: [Double]
    /// The percentile of each knot, 0...100, ascending.
    public let percentiles: [Double]
    private let guide: KnotGuide

    /// A table without knots: for a model that gives no percentiles.
    public static let empty = RankTable(checkedValues: [], percentiles: [])

    /// A table of given knots; nil unless both have the same count of at most `knotLimit`, `values` are finite and
    /// strictly ascending, and `percentiles` ascend within 0...100.
    public init?(values: [Double], percentiles: [Double]) {
        guard values.count == percentiles.count, values.count <= RankTable.knotLimit,
            values.allSatisfy(\.isFinite), zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }),
            percentiles.allSatisfy({ $0 >= 0 && $0 <= 100 }),
            zip(percentiles, percentiles.dropFirst()).allSatisfy({ $0 <= $1 })
        else { return nil }
        self.init(checkedValues: values, percentiles: percentiles)
    }

    /// The table of all of a column's values in ascending order.
    init(sorted: UnsafeBufferPointer<Double>) {
        var values: [Double] = []
        var percentiles: [Double] = []
        func append(_ group: Range<Int>) {
            values.append(sorted[group.lowerBound] + 0.0)
            percentiles.append(Double(50 * (group.lowerBound + group.upperBound)) / Double(sorted.count))
        }
        var end = 0
        while end < sorted.count && values.count <= RankTable.knotLimit {
            let group = tieGroup(around: end, in: sorted)
            append(group)
            end = group.upperBound
        }
        if values.count > RankTable.knotLimit {
            values = []
            percentiles = []
            end = 0
            for group in RankTable.spacedGroups(of: sorted) where group.lowerBound >= end {
                append(group)
                end = group.upperBound
            }
        }
        self.init(checkedValues: values, percentiles: percentiles)
    }

    /// Groups of equal values at evenly spaced ranks, some of them twice; a group that reaches over a space brings its
    /// neighbors, as its mid-rank says nothing of theirs. That makes at most three groups a rank.
    ///
    /// Two knots are then at most two spaces apart unless no value lies between: 2 * 100 / 21,844 is below 0.01.
    private static func spacedGroups(of sorted: UnsafeBufferPointer<Double>) -> [Range<Int>] {
        let spaceCount = knotLimit / 3 - 1
        var groups: [Range<Int>] = []
        for space in 0...spaceCount {
            let group = tieGroup(around: space * (sorted.count - 1) / spaceCount, in: sorted)
            let isLarge = group.count > sorted.count / spaceCount
            if isLarge && group.lowerBound > 0 { groups.append(tieGroup(around: group.lowerBound - 1, in: sorted)) }
            groups.append(group)
            if isLarge && group.upperBound < sorted.count {
                groups.append(tieGroup(around: group.upperBound, in: sorted))
            }
        }
        return groups
    }

    private init(checkedValues values: [Double], percentiles: [Double]) {
        self.values = values
        self.percentiles = percentiles
        guide = KnotGuide(values)
    }

    /// The percentile of a value, 0...100; NaN for NaN, and for any value if the table is empty.
    ///
    /// - Complexity: O(log of the knots near the value), constant for evenly spread knots.
    public func percentile(of value: Double) -> Double {
        guard let first = values.first, let last = values.last, !value.isNaN else { return .nan }
        if value < first { return 0 }
        if value > last { return 100 }
        let knot = guide.lastKnot(notAbove: value, in: values)
        guard values[knot] < value else { return percentiles[knot] }
        // Halves, as the distance between two knots may be out of range.
        let fraction = (value / 2 - values[knot] / 2) / (values[knot + 1] / 2 - values[knot] / 2)
        return percentiles[knot] + fraction * (percentiles[knot + 1] - percentiles[knot])
    }
}

extension RankTable: Codable {
    private enum CodingKeys: String, CodingKey { case values, percentiles }

    /// Decodes a table and checks it as `init?(values:percentiles:)` does.
    ///
    /// - Throws: `DecodingError`
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let values = try container.decode([Double].self, forKey: .values)
        let percentiles = try container.decode([Double].self, forKey: .percentiles)
        guard let table = RankTable(values: values, percentiles: percentiles) else {
            throw DecodingError.dataCorruptedError(
                forKey: .values, in: container,
                debugDescription: "knots are not ascending finite values with ascending percentiles in 0...100")
        }
        self = table
    }

    /// Encodes the knots.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(values, forKey: .values)
        try container.encode(percentiles, forKey: .percentiles)
    }
}

/// For each of some equal steps of the range the first knot in or after it: the search starts among few knots.
private struct KnotGuide: Sendable, Equatable {
    private let stepsPerUnit: Double
    private let firstKnots: [Int32]

    init(_ values: [Double]) {
        let steps = max(1, values.count)
        // Halves, as the distance between two knots may be out of range; a tiny range has no finite scale.
        let scale = Double(steps) / ((values.last ?? 0) / 2 - (values.first ?? 0) / 2)
        stepsPerUnit = scale.isFinite ? scale : 0
        var firstKnots = [Int32](repeating: Int32(values.count), count: steps + 1)
        for knot in values.indices.reversed() {
            firstKnots[KnotGuide.step(of: values[knot], from: values[0], stepsPerUnit, steps)] = Int32(knot)
        }
        for step in (0..<steps).reversed() { firstKnots[step] = min(firstKnots[step], firstKnots[step + 1]) }
        self.firstKnots = firstKnots
    }

    /// The last knot at or below `value`, which is within the knots.
    func lastKnot(notAbove value: Double, in values: [Double]) -> Int {
        let step = KnotGuide.step(of: value, from: values[0], stepsPerUnit, firstKnots.count - 1)
        // The step map is monotone: knots of later steps are above the value, those of earlier ones are not.
        var low = max(0, Int(firstKnots[step]) - 1)
        var high = Int(firstKnots[step + 1])
        while high - low > 1 {
            let middle = (low + high) / 2
            if values[middle] <= value { low = middle } else { high = middle }
        }
        return low
    }

    private static func step(of value: Double, from first: Double, _ stepsPerUnit: Double, _ steps: Int) -> Int {
        min(steps - 1, Int((value / 2 - first / 2) * stepsPerUnit))
    }
}

/// The positions of the values equal to the one at `rank`; quick for small groups.
private func tieGroup(around rank: Int, in sorted: UnsafeBufferPointer<Double>) -> Range<Int> {
    let value = sorted[rank]
    /// The number of steps from `rank` in one direction that stay equal, below `limit`: gallop, then bisect.
    func equalSteps(_ direction: Int, limit: Int) -> Int {
        var reached = 0
        var beyond = 1
        while beyond < limit && sorted[rank + direction * beyond] == value {
            reached = beyond
            beyond *= 2
        }
        beyond = min(beyond, limit)
        while beyond - reached > 1 {
            let middle = (reached + beyond) / 2
            if sorted[rank + direction * middle] == value { reached = middle } else { beyond = middle }
        }
        return reached
    }
    return rank - equalSteps(-1, limit: rank + 1)..<rank + equalSteps(1, limit: sorted.count - rank) + 1
}
