import Tables
import VectorMath

/// Everything that `inspect` learns of a column in one pass: a mergeable state that depends on the values alone, not on
/// their order, their division into batches or how a batch keeps them.
///
/// 16-bit cells are counted by cell and all figures follow from the counts; others are brought in value by value.
struct ColumnTally: Sendable {
    /// Counts of 16-bit cells by the scale of their batch.
    private var cells: [Int: CellCounts] = [:]
    private var moments = Moments()
    private var distinct = DistinctSketch()
    private var exactDistinct: DistinctValues?
    /// Whether every value outside `cells` is whole.
    private var isWhole = true
    /// Whether there are values outside `cells`.
    private(set) var hasWideCells = false

    init(exactDistinct: Bool) { self.exactDistinct = exactDistinct ? DistinctValues() : nil }

    mutating func update(_ column: NumberColumn) {
        guard case .int16(let values) = column.storage else { return updateWide(column) }
        let extremes = values.isEmpty ? nil : column.cellExtremes
        values.withUnsafeBufferPointer { cells[column.scale, default: CellCounts()].update($0, in: extremes) }
    }

    mutating func combine(_ other: ColumnTally) {
        for (scale, counts) in other.cells { cells[scale, default: CellCounts()].combine(counts) }
        moments.combine(other.moments)
        distinct.combine(other.distinct)
        if let values = other.exactDistinct { exactDistinct?.combine(values) }
        isWhole = isWhole && other.isWhole
        hasWideCells = hasWideCells || other.hasWideCells
    }

    private mutating func updateWide(_ column: NumberColumn) {
        hasWideCells = true
        withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.blockRowCount) { room in
            for start in stride(from: 0, to: column.count, by: Self.blockRowCount) {
                let rows = start..<min(column.count, start + Self.blockRowCount)
                column.decode(rows, into: room)
                let values = UnsafeBufferPointer(rebasing: room[..<rows.count])
                moments.update(values)
                distinct.update(values)
                exactDistinct?.update(values)
                if isWhole { isWhole = values.allSatisfy { $0 == $0.rounded() || $0.isNaN } }
            }
        }
    }

    /// Rows decoded at once: 16 KiB, a third of a first-level cache.
    private static let blockRowCount = 2_048

    /// The figures of the column.
    struct Figures {
        var moments: Moments
        var distinctCount: Int
        var distinctIsExact: Bool
        var isWhole: Bool
        /// All values by rising value with their counts; nil if some are in wide cells.
        var counted: [(value: Double, count: Int)]?
    }

    func figures() -> Figures {
        var counts: [Double: Int] = [:]
        var (moments, distinct, exactDistinct, isWhole) = (moments, distinct, exactDistinct, isWhole)
        for (scale, cells) in self.cells {
            moments.update(missingCount: cells.missingCount)
            for (cell, count) in cells.values {
                let value = NumberColumn(storage: .int16([Int16(cell)]), scale: scale)[0]
                counts[value, default: 0] += count
                moments.update(value, count: count)
                distinct.update(value)
                exactDistinct?.update(value)
                isWhole = isWhole && value == value.rounded()
            }
        }
        return Figures(
            moments: moments, distinctCount: exactDistinct?.count ?? distinct.count,
            distinctIsExact: exactDistinct != nil || distinct.isExact, isWhole: isWhole,
            counted: hasWideCells ? nil : counts.sorted { $0.key < $1.key }.map { (value: $0.key, count: $0.value) })
    }
}
