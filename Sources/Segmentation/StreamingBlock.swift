import Synchronization

/// What one thread holds of a source: the features, the segments and the radii of one task's rows.
final class StreamingBlock: @unchecked Sendable {
    // SAFETY: unchecked, since a block has one user at a time: it is taken from `StreamingBlocks` and given back.
    let matrix: FeatureMatrix
    let labels: LargeBuffer<UInt16>
    /// For each tile a norm that none of its rows exceeds.
    let radii: LargeBuffer<Float>

    init(scalings: [FeatureScaling]) throws {
        matrix = try FeatureMatrix(rowCount: Tasks.rowLimit, scalings: scalings)
        labels = try LargeBuffer(count: Tasks.rowLimit, for: "segments of a block")
        radii = try LargeBuffer(count: Tasks.tileLimit, for: "norms of a block")
    }

    /// The segments of the first rows.
    func segments(_ rowCount: Int) -> UnsafeMutableBufferPointer<UInt16> {
        precondition(rowCount <= labels.count, "\(rowCount) rows in a block of \(labels.count)")
        // SAFETY: checked above.
        return UnsafeMutableBufferPointer(start: labels.start, count: rowCount)
    }

    /// Takes over the radii of the rows that the block was filled with, out of those of all rows.
    func setRadii(_ all: LargeBuffer<Float>, of rows: Range<Int>) {
        let tiles = Self.tiles(rows, of: all)
        // SAFETY: both buffers have so many tiles.
        radii.start.update(from: all.start + tiles.lowerBound, count: tiles.count)
    }

    /// Puts the radii of the block in their place among those of all rows.
    func copyRadii(to all: LargeBuffer<Float>, of rows: Range<Int>) {
        let tiles = Self.tiles(rows, of: all)
        // SAFETY: both buffers have so many tiles, and those of different rows are disjoint.
        (all.start + tiles.lowerBound).update(from: radii.start, count: tiles.count)
    }

    private static func tiles(_ rows: Range<Int>, of all: LargeBuffer<Float>) -> Range<Int> {
        let size = FeatureMatrix.rowsPerTile
        let tiles = rows.lowerBound / size..<(rows.upperBound + size - 1) / size
        precondition(
            rows.lowerBound % size == 0 && tiles.count <= Tasks.tileLimit && tiles.upperBound <= all.count,
            "rows \(rows) are no block of \(all.count) tiles")
        return tiles
    }

    /// What a pass over the block reads and writes.
    func passRows(_ survey: FeatureSurvey) -> Kernels.PassRows {
        Kernels.PassRows(matrix: matrix, weights: nil, labels: labels, radii: radii, magic: survey.magic)
    }
}

/// The blocks of the threads that pass over a source; as many as are in use at once.
final class StreamingBlocks<Source: FeatureSource>: Sendable {
    let source: Source
    private let free = Mutex<[StreamingBlock]>([])

    init(_ source: Source) { self.source = source }

    var featureCount: Int { source.scalings.count }
    var tasks: Tasks { Tasks(rowCount: source.rowCount) }

    /// Calls `body` with a block whose first rows are those asked for; the kernels may take it by whole tiles.
    func withRows<Result>(_ rows: Range<Int>, _ body: (StreamingBlock) throws -> Result) throws -> Result {
        try withBlock { block in
            try source.read(rows, into: block.matrix, at: 0)
            block.matrix.clearTile(after: rows.count)
            return try body(block)
        }
    }

    /// Calls `body` with a block of any content.
    func withBlock<Result>(_ body: (StreamingBlock) throws -> Result) throws -> Result {
        let block = try free.withLock { $0.popLast() } ?? StreamingBlock(scalings: source.scalings)
        defer { free.withLock { $0.append(block) } }
        return try body(block)
    }
}
