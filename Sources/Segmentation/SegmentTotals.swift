/// Sums of original values by segment, to be brought in block by block: what profiles are made of.
///
/// Within a block of at most 1,024 rows sums are plain, across blocks compensated (Neumaier 1974): the error stays near
/// 1,000 units in the last place of the largest partial sum of one block, whatever the number of rows. The order of
/// blocks is part of the last bits, so combine the totals of chunks in chunk order.
public struct SegmentTotals: Equatable, Sendable {
    /// The number of segments.
    public let segmentCount: Int
    /// The number of columns that are averaged by segment.
    public let columnCount: Int
    /// The rows of each segment.
    public private(set) var sizes: [Int]
    /// Segment by segment: the columns, then the value.
    private var sums: [Double]
    private var corrections: [Double]
    private var counts: [Int]

    /// Rows whose sums are added up before they are compensated.
    private static let blockRowCount = 1_024

    /// The totals of no row.
    public init(segmentCount: Int, columnCount: Int) {
        precondition(segmentCount >= 0 && columnCount >= 0, "\(segmentCount) segments of \(columnCount) columns")
        self.segmentCount = segmentCount
        self.columnCount = columnCount
        sizes = [Int](repeating: 0, count: segmentCount)
        sums = [Double](repeating: 0, count: segmentCount * (columnCount + 1))
        corrections = sums
        counts = [Int](repeating: 0, count: sums.count)
    }

    /// Brings rows in: their segments (below `segmentCount`), each column and the value; NaN values are left out.
    public mutating func update(
        segments: UnsafeBufferPointer<UInt16>, columns: [UnsafeBufferPointer<Double>],
        values: UnsafeBufferPointer<Double>
    ) {
        precondition(columns.count == columnCount, "\(columns.count) columns for \(columnCount)")
        for segment in segments {
            precondition(segment < segmentCount, "segment \(segment) of \(segmentCount)")
            sizes[Int(segment)] += 1
        }
        for (column, cells) in (columns + [values]).enumerated() {
            precondition(cells.count == segments.count, "\(cells.count) values for \(segments.count) rows")
            for first in stride(from: 0, to: segments.count, by: Self.blockRowCount) {
                // SAFETY: the range ends at or before the count of both, which are equal.
                let rows = first..<min(segments.count, first + Self.blockRowCount)
                updateBlock(column, UnsafeBufferPointer(rebasing: segments[rows]), .init(rebasing: cells[rows]))
            }
        }
    }

    private mutating func updateBlock(
        _ column: Int, _ segments: UnsafeBufferPointer<UInt16>, _ cells: UnsafeBufferPointer<Double>
    ) {
        withUnsafeTemporaryAllocation(of: (sum: Double, count: Int).self, capacity: segmentCount) { block in
            block.initialize(repeating: (0, 0))
            // SAFETY: segments were checked against segmentCount, cells are as many as segments.
            for row in 0..<segments.count {
                let cell = cells[row]
                let isPresent = cell == cell
                let segment = Int(segments[row])
                block[segment].sum += isPresent ? cell : 0
                block[segment].count += isPresent ? 1 : 0
            }
            for segment in 0..<segmentCount where block[segment].count > 0 {
                add(block[segment].sum, count: block[segment].count, at: segment * (columnCount + 1) + column)
            }
        }
    }

    private mutating func add(_ value: Double, count: Int, at index: Int) {
        let sum = sums[index] + value
        // Neumaier: what the rounding of the larger-first addition lost.
        corrections[index] +=
            abs(sums[index]) >= abs(value) ? (sums[index] - sum) + value : (value - sum) + sums[index]
        sums[index] = sum
        counts[index] += count
    }

    /// Brings the totals of later rows in.
    public mutating func combine(_ other: SegmentTotals) {
        precondition(
            other.segmentCount == segmentCount && other.columnCount == columnCount, "totals of another shape")
        for segment in sizes.indices { sizes[segment] += other.sizes[segment] }
        for index in sums.indices {
            add(other.sums[index], count: other.counts[index], at: index)
            corrections[index] += other.corrections[index]
        }
    }

    /// The sum of the values of a segment.
    public func value(of segment: Int) -> Double { total(segment, columnCount) }

    /// The mean of the values of a segment that are present; nil if there are none.
    public func meanValue(of segment: Int) -> Double? { mean(segment, columnCount) }

    /// The mean of a column over the rows of a segment where it is present; nil if there are none.
    public func mean(of column: Int, in segment: Int) -> Double? {
        precondition(column >= 0 && column < columnCount, "column \(column) is not in 0..<\(columnCount)")
        return mean(segment, column)
    }

    private func total(_ segment: Int, _ column: Int) -> Double {
        let index = segment * (columnCount + 1) + column
        let total = sums[index] + corrections[index]
        // Sums out of range leave a correction that is no number; the sum itself says so better.
        return total == total ? total : sums[index]
    }

    private func mean(_ segment: Int, _ column: Int) -> Double? {
        let count = counts[segment * (columnCount + 1) + column]
        return count == 0 ? nil : total(segment, column) / Double(count)
    }
}
