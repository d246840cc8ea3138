public import VectorMath

/// Assignment to stored centroids: what a model does with customers that it was not fitted on.
public struct NearestCentroid: Sendable {
    let packed: PackedCentroids

    /// Assignment to `centroids`, rounded to Float as they were in the fit.
    public init(_ centroids: Centroids) {
        packed = PackedCentroids(featureCount: centroids.featureCount, rowMajor: centroids.floats)
    }

    /// The segment of each row of `matrix`.
    ///
    /// - Throws: `SegmentationError`: the matrix has other features.
    public func assign(_ matrix: FeatureMatrix, workers: Workers) throws -> [UInt16] {
        let tasks = Tasks(rowCount: matrix.rowCount)
        try check(matrix)
        let labels = try LargeBuffer<UInt16>(
            count: matrix.tileCount * FeatureMatrix.rowsPerTile, for: "segments of all rows")
        workers.forEach(chunkCount: tasks.count) { task in
            let rows = tasks.rows(task)
            // SAFETY: the buffer has whole tiles for all rows; tasks begin with a tile and write disjoint parts.
            Kernels.assign(
                matrix, rows: rows, centroids: packed,
                labels: UnsafeMutableBufferPointer(
                    start: labels.start + rows.lowerBound, count: labels.count - rows.lowerBound))
        }
        // SAFETY: the buffer has at least rowCount elements.
        return Array(UnsafeBufferPointer(start: labels.start, count: matrix.rowCount))
    }

    /// Writes the segments of the first `labels.count` rows of `block`: for a matrix that is filled again and again.
    ///
    /// - Throws: `SegmentationError`: the matrix has other features, or fewer rows.
    public func assign(_ block: FeatureMatrix, into labels: UnsafeMutableBufferPointer<UInt16>) throws {
        try check(block)
        guard labels.count <= block.rowCount else {
            throw SegmentationError(
                .rowCountMismatch(expected: labels.count, found: block.rowCount), place: "block of features",
                remedy: "give a block of at least as many rows")
        }
        let step = Self.blockRowCount
        withUnsafeTemporaryAllocation(byteCount: 2 * step, alignment: 64) { bytes in
            // SAFETY: 2 * step bytes, aligned for the kernel's vectors.
            let scratch = bytes.bindMemory(to: UInt16.self)
            scratch.initialize(repeating: 0)
            for first in stride(from: 0, to: labels.count, by: step) {
                let rows = first..<min(labels.count, first + step)
                Kernels.assign(block, rows: rows, centroids: packed, labels: scratch)
                for row in rows { labels[row] = scratch[row - first] }
            }
        }
    }

    /// Rows labeled at once: whole tiles.
    private static let blockRowCount = 1_024

    func check(_ matrix: FeatureMatrix) throws(SegmentationError) {
        guard matrix.columnCount == packed.featureCount else {
            throw SegmentationError(
                .featureCountMismatch(expected: packed.featureCount, found: matrix.columnCount),
                place: "feature matrix", remedy: "give the features of the model, in its order")
        }
    }
}
