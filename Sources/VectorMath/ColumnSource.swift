/// Columns of numbers that lie in chunks and are read, a few thousand rows at a time, into a buffer of the reader.
///
/// What is learned from a source does not depend on how its rows are divided into chunks.
public struct ColumnSource: Sendable {
    /// Reads `rows` of one chunk of one column into `values`, which has `rows.count` elements; NaN if missing.
    public typealias Read =
        @Sendable (
            _ column: Int, _ chunk: Int, _ rows: Range<Int>, _ values: UnsafeMutableBufferPointer<Double>
        ) throws -> Void

    /// The number of columns.
    public let columnCount: Int
    /// The rows of each chunk, the same in every column.
    public let rowCounts: [Int]
    let read: Read

    /// A source that reads by `read`, which is called from many threads at once and has to give the same values to the
    /// same question each time.
    public init(columnCount: Int, rowCounts: [Int], read: @escaping Read) {
        precondition(columnCount >= 0 && rowCounts.allSatisfy { $0 >= 0 }, "a negative count of columns or rows")
        self.columnCount = columnCount
        self.rowCounts = rowCounts
        self.read = read
    }

    /// A source of one column that lies in memory.
    public init(_ values: [Double]) {
        self.init(columnCount: 1, rowCounts: [values.count]) { _, _, rows, buffer in
            // SAFETY: both have rows.count elements; the slice checks that rows are those of the array.
            values[rows].withUnsafeBufferPointer { _ = buffer.update(fromContentsOf: $0) }
        }
    }

    /// The number of rows of each column.
    public var rowCount: Int { rowCounts.reduce(0, +) }

    /// The moments of every column.
    ///
    /// - Throws: what the source's `read` throws.
    public func moments(_ workers: Workers) throws -> [Moments] {
        let pieces = self.pieces
        let empty = [Moments](repeating: Moments(), count: columnCount)
        return try workers.reduce(chunkCount: columnCount * pieces.count) {
            empty
        } update: { moments, task in
            let (column, piece) = task.quotientAndRemainder(dividingBy: pieces.count)
            try forEachBlock(of: pieces[piece], column: column) { moments[column].update($0) }
        } combine: { moments, others in
            for column in moments.indices { moments[column].combine(others[column]) }
        }
    }

    /// Some rows of one chunk: the work of one task.
    struct Piece {
        let chunk: Int
        let rows: Range<Int>
    }

    /// Rows read at once: 16 KiB, a third of a first-level cache.
    static let blockSize = 2_048

    /// All rows in pieces of at most 65,536, so that a source of one chunk is shared among threads as well.
    var pieces: [Piece] {
        rowCounts.enumerated().flatMap { chunk, rowCount in
            stride(from: 0, to: rowCount, by: 65_536).map { start in
                Piece(chunk: chunk, rows: start..<min(rowCount, start + 65_536))
            }
        }
    }

    /// Calls `body` with the values of a piece, `blockSize` at a time.
    func forEachBlock(of piece: Piece, column: Int, _ body: (UnsafeBufferPointer<Double>) -> Void) throws {
        try withUnsafeTemporaryAllocation(of: Double.self, capacity: ColumnSource.blockSize) { buffer in
            buffer.initialize(repeating: 0)
            for start in stride(from: piece.rows.lowerBound, to: piece.rows.upperBound, by: ColumnSource.blockSize) {
                let rows = start..<min(piece.rows.upperBound, start + ColumnSource.blockSize)
                // SAFETY: rows.count is at most blockSize, the capacity of the buffer.
                let values = UnsafeMutableBufferPointer(rebasing: buffer[..<rows.count])
                try read(column, piece.chunk, rows, values)
                body(UnsafeBufferPointer(values))
            }
        }
    }

    /// About `valueCount` present values of a column in ascending order: short runs evenly spaced over all rows.
    func sortedSample(column: Int, valueCount: Int) throws -> [Double] {
        let runLength = 16
        let rowCount = self.rowCount
        let runCount = max(1, valueCount / runLength)
        var sample: [Double] = []
        sample.reserveCapacity(valueCount)
        var chunk = 0
        var chunkStart = 0
        try withUnsafeTemporaryAllocation(of: Double.self, capacity: runLength) { buffer in
            buffer.initialize(repeating: 0)
            for run in 0..<runCount {
                let row = run * rowCount / runCount
                while chunk < rowCounts.count && row >= chunkStart + rowCounts[chunk] {
                    chunkStart += rowCounts[chunk]
                    chunk += 1
                }
                guard chunk < rowCounts.count else { return }
                let first = row - chunkStart
                let rows = first..<min(rowCounts[chunk], first + runLength)
                // SAFETY: rows.count is at most runLength, the capacity of the buffer.
                let values = UnsafeMutableBufferPointer(rebasing: buffer[..<rows.count])
                try read(column, chunk, rows, values)
                sample.append(contentsOf: values.lazy.filter { !$0.isNaN })
            }
        }
        sample.sort()
        return sample
    }
}
