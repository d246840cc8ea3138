import Synchronization

/// What one thread holds of a source: the features and the segments of one task's rows.
final class StreamingBlock: @unchecked Sendable {
    // SAFETY: unchecked, since a block has one user at a time: it is taken from `StreamingBlocks` and given back.
    let matrix: FeatureMatrix
    let labels: LargeBuffer<UInt16>

    init(scalings: [FeatureScaling]) throws {
        matrix = try FeatureMatrix(rowCount: Tasks.rowLimit, scalings: scalings)
        labels = try LargeBuffer(count: Tasks.rowLimit, for: "segments of a block")
    }

    /// The segments of the first rows.
    func segments(_ rowCount: Int) -> UnsafeMutableBufferPointer<UInt16> {
        precondition(rowCount <= labels.count, "\(rowCount) rows in a block of \(labels.count)")
        // SAFETY: checked above.
        return UnsafeMutableBufferPointer(start: labels.start, count: rowCount)
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
