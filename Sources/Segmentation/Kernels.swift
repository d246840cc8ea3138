// The one door from Swift to the C loops of k-means; every pointer is checked here.

import CKernels

/// Doors to the kernels: each works on the rows of one task, from the first row of a tile on.
enum Kernels {
    /// The label of a row that has not been assigned yet.
    static let noLabel = UInt16(STRATUM_NO_LABEL)
    /// Candidates that one seeding pass takes at most.
    static let candidateLimit = 4 * Int(STRATUM_SEED_GROUP_LIMIT)

    /// The tiles of `rows`, which begin one.
    static func tiles(_ matrix: FeatureMatrix, _ rows: Range<Int>) -> (start: UnsafePointer<Float>, count: Int) {
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

    /// The weights of `rows`, or null.
    static func weights(
        _ weights: RowWeights?, _ matrix: FeatureMatrix, _ rows: Range<Int>
    ) -> UnsafePointer<Float>? {
        guard let weights else { return nil }
        precondition(weights.rowCount == matrix.rowCount, "\(weights.rowCount) weights of \(matrix.rowCount) rows")
        // SAFETY: there is a weight for each row of the matrix, filled up to whole tiles.
        return UnsafePointer(weights.values.start + rows.lowerBound)
    }

    /// Sums, sums of squares and largest absolute values of the features.
    static func survey(_ matrix: FeatureMatrix, rows: Range<Int>, weights: RowWeights? = nil) -> (
        sums: [Double], squares: [Double], largest: [Float]
    ) {
        let (start, tileCount) = tiles(matrix, rows)
        var sums = [Double](repeating: 0, count: matrix.columnCount)
        var squares = sums
        var largest = [Float](repeating: 0, count: matrix.columnCount)
        // SAFETY: tiles checked above, outputs hold columnCount elements.
        stratum_kmeans_survey(
            start, tileCount, matrix.columnCount, self.weights(weights, matrix, rows), &sums, &squares, &largest)
        return (sums, squares, largest)
    }

    /// Sets `radii`, one for each tile of the matrix, and returns the sum of squares in two parts, each on its grid.
    static func norms(
        _ matrix: FeatureMatrix, rows: Range<Int>, weights: RowWeights?, grids: (coarse: Double, fine: Double),
        radii: LargeBuffer<Float>
    ) -> (high: Double, low: Double) {
        let (start, tileCount) = tiles(matrix, rows)
        precondition(radii.count == matrix.tileCount, "\(radii.count) radii of \(matrix.tileCount) tiles")
        var squares = [0.0, 0.0]
        // SAFETY: tiles checked above; there is a radius for each.
        stratum_kmeans_norms(
            start, tileCount, matrix.columnCount, self.weights(weights, matrix, rows), grids.coarse, grids.fine,
            radii.start + rows.lowerBound / FeatureMatrix.rowsPerTile, &squares)
        return (squares[0], squares[1])
    }

    /// Labels the rows by their nearest centroid, plainly; `labels` has room for whole tiles.
    static func assign(
        _ matrix: FeatureMatrix, rows: Range<Int>, centroids: PackedCentroids,
        labels: UnsafeMutableBufferPointer<UInt16>
    ) {
        let (start, tileCount) = tiles(matrix, rows)
        precondition(tileCount * FeatureMatrix.rowsPerTile <= labels.count, "labels are too short")
        precondition(centroids.featureCount == matrix.columnCount, "centroids of another matrix")
        // SAFETY: tiles and labels checked above.
        stratum_kmeans_assign(
            start, rows.count, matrix.columnCount, centroids.values, centroids.groupCount, labels.baseAddress)
    }

    /// Lowers `nearest` by the distance to `chosen` and returns its sum, then the sum with each candidate added.
    static func seed(
        _ matrix: FeatureMatrix, rows: Range<Int>, weights: RowWeights? = nil, chosen: [Float],
        nearest: UnsafeMutablePointer<Float>, candidates: PackedCentroids?
    ) -> [Double] {
        let (start, tileCount) = tiles(matrix, rows)
        precondition(chosen.count == matrix.columnCount, "\(chosen.count) values for \(matrix.columnCount) features")
        let groupCount = candidates?.groupCount ?? 0
        precondition(4 * groupCount <= candidateLimit, "\(4 * groupCount) candidates")
        var potentials = [Double](repeating: 0, count: 1 + 4 * groupCount)
        // SAFETY: tiles checked above; `nearest` has whole tiles for these rows by the callers' allocation.
        stratum_kmeans_seed(
            start, tileCount, matrix.columnCount, self.weights(weights, matrix, rows), chosen, nearest,
            candidates?.values ?? [], groupCount, &potentials)
        return potentials
    }
}
