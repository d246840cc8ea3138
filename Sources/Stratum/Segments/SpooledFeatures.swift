import Scoring
import Segmentation
import TableIO
import Tables
import VectorMath

/// The features of all customers in a temporary file, as k-means reads them, and behind them each customer's segment.
///
/// A pass reads 4 bytes a feature and does not decode, scale or score again: that is what the room on the disk buys.
final class SpooledFeatures: FeatureSource {
    let rowCount: Int
    let scalings: [FeatureScaling]
    private let file: SpoolFile
    private let isCancelled: @Sendable () throws -> Bool

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

    /// Where the segment of a row lies: behind all tiles, the last of which may be partly filled.
    private func byteOffset(ofSegment row: Int) -> Int {
        byteOffset(ofRow: rowCount + StreamingKMeans.tileRowCount) + row * MemoryLayout<UInt16>.stride
    }

    func read(_ rows: Range<Int>, into block: FeatureMatrix, at firstRow: Int) throws {
        if try isCancelled() { throw CancellationError() }
        try block.withTileBytes(of: firstRow..<firstRow + rows.count) {
            try file.read(into: $0, at: byteOffset(ofRow: rows.lowerBound))
        }
    }

    func readSegments(_ rows: Range<Int>, into segments: UnsafeMutableBufferPointer<UInt16>) throws {
        try file.read(into: UnsafeMutableRawBufferPointer(segments), at: byteOffset(ofSegment: rows.lowerBound))
    }

    func writeSegments(_ segments: UnsafeBufferPointer<UInt16>, from firstRow: Int) throws {
        try file.write(UnsafeRawBufferPointer(segments), at: byteOffset(ofSegment: firstRow))
    }

    /// The segments of some customers.
    func segments(_ rows: Range<Int>) throws -> [UInt16] {
        try filled(count: rows.count) { try readSegments(rows, into: $0) }
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
