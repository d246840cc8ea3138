// The one door from Swift to the C loops of k-means; every pointer is checked here.

import CKernels

/// Doors to the kernels: each works on the rows of one task, from the first row of a tile on.
enum Kernels {
    /// The label of a row that has not been assigned yet.
    static let noLabel = UInt16(STRATUM_NO_LABEL)
    /// Candidates that one seeding pass takes at most.
    static let candidateLimit = 4 * Int(STRATUM_SEED_GROUP_LIMIT)

    private static func tiles(_ matrix: FeatureMatrix, _ rows: Range<Int>) -> (start: UnsafePointer<Float>, count: Int)
    {
        precondition(
            rows.lowerBound % FeatureMatrix.rowsPerTile == 0 && rows.lowerBound >= 0
                && rows.upperBound <= matrix.rowCount,
            "rows \(rows) are not whole tiles of \(matrix.rowCount) rows")
        // SAFETY: the rows are inside the matrix and begin a tile.
        return (
            UnsafePointer(matrix.tiles.start + rows.lowerBound * matrix.columnCount),
            (rows.count + FeatureMatrix.rowsPerTile - 1) / FeatureMatrix.rowsPerTile
        )
    }

    /// Sums, sums of squares and largest absolute values of the features.
    static func survey(_ matrix: FeatureMatrix, rows: Range<Int>) -> (
        sums: [Double], squares: [Double], largest: [Float]
    ) {
        let (start, tileCount) = tiles(matrix, rows)
        var sums = [Double](repeating: 0, count: matrix.columnCount)
        var squares = sums
        var largest = [Float](repeating: 0, count: matrix.columnCount)
        // SAFETY: tiles checked above, outputs hold columnCount elements.
        stratum_kmeans_survey(start, tileCount, matrix.columnCount, &sums, &squares, &largest)
        return (sums, squares, largest)
    }

    /// Labels the rows by their nearest centroid and carries them over in `sums`; returns how many changed their label.
    static func assign(
        _ matrix: FeatureMatrix, rows: Range<Int>, centroids: PackedCentroids, magic: [Double],
        labels: LargeBuffer<UInt16>, sums: inout CentroidSums
    ) -> Int {
        let (start, tileCount) = tiles(matrix, rows)
        precondition(rows.lowerBound + tileCount * FeatureMatrix.rowsPerTile <= labels.count, "labels are too short")
        precondition(centroids.featureCount == matrix.columnCount, "centroids of another matrix")
        precondition(
            magic.count == sums.stride && sums.clusterCount == centroids.clusterCount, "sums of other centroids")
        // SAFETY: tiles and labels checked above; new labels are below clusterCount (the filled-up centroids are never
        // nearest) and old ones come from an earlier pass with the same clusterCount, so lines of sums are in bounds.
        return stratum_kmeans_assign(
            start, rows.count, matrix.columnCount, centroids.values, centroids.groupCount, magic,
            labels.start + rows.lowerBound, &sums.sums, &sums.counts)
    }

    /// Labels the rows by their nearest centroid; `labels` has room for whole tiles.
    static func assign(
        _ matrix: FeatureMatrix, rows: Range<Int>, centroids: PackedCentroids,
        labels: UnsafeMutableBufferPointer<UInt16>
    ) {
        let (start, tileCount) = tiles(matrix, rows)
        precondition(tileCount * FeatureMatrix.rowsPerTile <= labels.count, "labels are too short")
        precondition(centroids.featureCount == matrix.columnCount, "centroids of another matrix")
        // SAFETY: tiles and labels checked above; no sums are kept.
        _ = stratum_kmeans_assign(
            start, rows.count, matrix.columnCount, centroids.values, centroids.groupCount, nil, labels.baseAddress, nil,
            nil)
    }

    /// Lowers `nearest` by the distance to `chosen` and returns its sum, then the sum with each candidate added.
    static func seed(
        _ matrix: FeatureMatrix, rows: Range<Int>, chosen: [Float], nearest: UnsafeMutablePointer<Float>,
        candidates: PackedCentroids?
    ) -> [Double] {
        let (start, tileCount) = tiles(matrix, rows)
        precondition(chosen.count == matrix.columnCount, "\(chosen.count) values for \(matrix.columnCount) features")
        let groupCount = candidates?.groupCount ?? 0
        precondition(4 * groupCount <= candidateLimit, "\(4 * groupCount) candidates")
        var potentials = [Double](repeating: 0, count: 1 + 4 * groupCount)
        // SAFETY: tiles checked above; `nearest` has whole tiles for these rows by the callers' allocation.
        stratum_kmeans_seed(
            start, tileCount, matrix.columnCount, chosen, nearest, candidates?.values ?? [], groupCount, &potentials)
        return potentials
    }
}
