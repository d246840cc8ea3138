import Scoring
import Segmentation
import TableIO
import Tables
import VectorMath

/// The features of all customers in a temporary file, as k-means reads them, and each customer's segment.
///
/// A pass reads 4 bytes a feature and does not decode, scale or score again: that is what the room on the disk buys.
/// The segments change in every pass and stay in memory: 2 bytes a customer, after the comparison of ids has given back
/// its 12 or more.
final class SpooledFeatures: FeatureSource {
    let rowCount: Int
    let scalings: [FeatureScaling]
    private let file: SpoolFile
    private let isCancelled: @Sendable () throws -> Bool
    // SAFETY: allocated once for all rows, freed with this object; threads write disjoint rows.
    nonisolated(unsafe) private let segments: UnsafeMutableBufferPointer<UInt16>

    /// Writes the features of `table` to `file`, in blocks side by side.
    ///
    /// - Parameter scorer: what normalizes the features; nil if they are values as read.
    init(
        _ table: SpooledTable, _ features: SegmentFeatures, scalings: [FeatureScaling], scorer: Scorer?,
        file: SpoolFile, workers: Workers, isCancelled: @escaping @Sendable () throws -> Bool
    ) throws {
        rowCount = table.rowCount
        self.scalings = scalings
        self.file = file
        self.isCancelled = isCancelled
        segments = .allocate(capacity: rowCount)
        segments.initialize(repeating: 0)
        let step = StreamingKMeans.blockRowCount
        let blockCount = (rowCount + step - 1) / step
        _ = try workers.reduce(
            chunkCount: blockCount, into: { FeatureBench(scorer: scorer, features: features) }
        ) { (bench, number) throws in
            if try isCancelled() { throw CancellationError() }
            let rows = number * step..<min(rowCount, (number + 1) * step)
            let block = try bench.block(scalings: scalings)
            try bench.fill(block, rows, of: table)
            try block.withTileBytes(of: 0..<rows.count) {
                try file.write(UnsafeRawBufferPointer($0), at: byteOffset(ofRow: rows.lowerBound))
            }
        } combine: { _, _ in
        }
    }

    /// Rows are counted from the first of a tile.
    private func byteOffset(ofRow row: Int) -> Int { row * scalings.count * MemoryLayout<Float>.stride }

    deinit {
        segments.deallocate()
    }

    func read(_ rows: Range<Int>, into block: FeatureMatrix, at firstRow: Int) throws {
        if try isCancelled() { throw CancellationError() }
        try block.withTileBytes(of: firstRow..<firstRow + rows.count) {
            try file.read(into: $0, at: byteOffset(ofRow: rows.lowerBound))
        }
    }

    func readSegments(_ rows: Range<Int>, into segments: UnsafeMutableBufferPointer<UInt16>) {
        precondition(segments.count == rows.count, "\(segments.count) segments for \(rows.count) rows")
        // SAFETY: the slice checks in debug builds only, so the rows are checked here.
        precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(rowCount)")
        _ = segments.update(fromContentsOf: self.segments[rows])
    }

    func writeSegments(_ segments: UnsafeBufferPointer<UInt16>, from firstRow: Int) {
        let rows = firstRow..<firstRow + segments.count
        precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(rowCount)")
        _ = UnsafeMutableBufferPointer(rebasing: self.segments[rows]).update(fromContentsOf: segments)
    }

    /// The segments of some customers.
    func segments(_ rows: Range<Int>) -> [UInt16] {
        filled(count: rows.count) { readSegments(rows, into: $0) }
    }
}

/// What one worker needs to bring customers' features into a block.
private struct FeatureBench: Sendable {
    private let features: SegmentFeatures
    private let bench: ScoringBench?
    private var matrix: FeatureMatrix?

    init(scorer: Scorer?, features: SegmentFeatures) {
        self.features = features
        bench = scorer.map { ScoringBench($0, indicatorColumns: features.allIndicatorColumns) }
    }

    /// The worker's block, made when it is first asked for.
    mutating func block(scalings: [FeatureScaling]) throws -> FeatureMatrix {
        if let matrix { return matrix }
        let made = try FeatureMatrix(rowCount: StreamingKMeans.blockRowCount, scalings: scalings)
        matrix = made
        return made
    }

    /// Stores the features of some customers in the first rows of `block`.
    func fill(_ block: FeatureMatrix, _ rows: Range<Int>, of table: SpooledTable) throws {
        try table.forEachPart(of: rows) { number, part in
            let first = table.rowOffsets[number] + part.lowerBound - rows.lowerBound
            if let bench {
                let batch = try table.batch(number)
                try bench.score(batch, rows: part) { scored in
                    features.store(
                        scored, of: batch, bench.block, in: block,
                        firstRow: first + scored.lowerBound - part.lowerBound)
                }
                return
            }
            try withUnsafeTemporaryAllocation(of: Double.self, capacity: part.count) { values in
                values.initialize(repeating: .nan)
                for (feature, column) in features.columns.enumerated() {
                    try table.read(column: column, batch: number, part, into: values)
                    block.store(column: feature, firstRow: first, values: UnsafeBufferPointer(values))
                }
            }
        }
    }
}
