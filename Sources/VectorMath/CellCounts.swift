/// How often each of the at most 65,535 values of 16-bit cells comes: all there is to know of such a column.
///
/// Counting a cell costs less than its share of an exact sum, and moments, order statistics and the number of different
/// values follow from the counts.
public struct CellCounts: Sendable {
    /// The cell that means a missing value.
    public static let missing = Int16.min

    /// Two lanes, since the count of an equal cell right before is still on its way to memory; lane 0 is at even places.
    private var counts: [Int] = []
    private var least = 0
    /// Missing cells.
    public private(set) var missingCount = 0

    /// Counts of no cell.
    public init() {}

    /// Brings cells in.
    ///
    /// - Parameter range: from the least to the greatest present cell, or wider; nil if all are missing.
    /// - Complexity: O(`cells.count`), below 1 ns a cell.
    public mutating func update(_ cells: UnsafeBufferPointer<Int16>, in range: ClosedRange<Int16>?) {
        guard let range else {
            missingCount += cells.count
            return
        }
        // The slot below the least is for missing cells.
        grow(Int(range.lowerBound) - 1...Int(range.upperBound))
        let first = least
        let missingPlace = 2 * (Int(range.lowerBound) - 1 - first)
        counts.withUnsafeMutableBufferPointer { counts in
            let before = counts[missingPlace] + counts[missingPlace + 1]
            for row in cells.indices {
                let cell = Int(cells[row])
                let place = cell == Int(Self.missing) ? missingPlace : 2 * (cell - first)
                precondition(UInt(bitPattern: place) < UInt(counts.count), "cell \(cell) is outside \(range)")
                counts[place + (row & 1)] += 1
            }
            missingCount += counts[missingPlace] + counts[missingPlace + 1] - before
            // The slot belongs to a value as soon as the range grows.
            counts[missingPlace] = before
            counts[missingPlace + 1] = 0
        }
    }

    /// Brings the counts of other cells in.
    public mutating func combine(_ other: CellCounts) {
        missingCount += other.missingCount
        guard !other.counts.isEmpty else { return }
        grow(other.least...other.least + other.counts.count / 2 - 1)
        let shift = 2 * (other.least - least)
        for place in other.counts.indices { counts[place + shift] += other.counts[place] }
    }

    /// The present cells by rising value, each with its count.
    public var values: [(cell: Int, count: Int)] {
        (0..<counts.count / 2).compactMap { place in
            let count = counts[2 * place] + counts[2 * place + 1]
            return count == 0 ? nil : (least + place, count)
        }
    }

    private mutating func grow(_ range: ClosedRange<Int>) {
        guard !counts.isEmpty else {
            least = range.lowerBound
            counts = [Int](repeating: 0, count: 2 * range.count)
            return
        }
        let all = min(least, range.lowerBound)...max(least + counts.count / 2 - 1, range.upperBound)
        guard 2 * all.count > counts.count else { return }
        var grown = [Int](repeating: 0, count: 2 * all.count)
        grown.replaceSubrange(2 * (least - all.lowerBound)..<2 * (least - all.lowerBound) + counts.count, with: counts)
        (least, counts) = (all.lowerBound, grown)
    }
}
