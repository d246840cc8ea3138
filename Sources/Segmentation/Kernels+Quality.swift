// The door from Swift to the loops of kmeans_quality.c; every pointer is checked here.

import CKernels

extension Kernels {
    /// For each cluster the number of its rows (or their weight), the sum of their distances to its centroid and the
    /// sum of their simplified silhouettes: three numbers a cluster, one cluster after the other.
    static func quality(
        _ matrix: FeatureMatrix, rows: Range<Int>, centroids: PackedCentroids, weights: RowWeights?
    ) -> [Double] {
        check(matrix, rows, centroids)
        var sums = [Double](repeating: 0, count: centroids.clusterCount * Int(STRATUM_QUALITY_SUMS))
        let tiles = UnsafePointer(matrix.tiles.start + rows.lowerBound * matrix.columnCount)
        // SAFETY: the rows are whole tiles of the matrix and weights go on to its last row; labels are below
        // clusterCount, since the centroids that fill up a group are never nearest.
        stratum_kmeans_quality(
            tiles, rows.count, matrix.columnCount, centroids.values, centroids.groupCount,
            self.weights(weights, matrix, rows), &sums)
        return sums
    }

    /// The two nearest centroids of each row and the distances to them; room for whole tiles in all four.
    static func twoNearest(
        _ matrix: FeatureMatrix, rows: Range<Int>, centroids: PackedCentroids,
        labels: UnsafeMutableBufferPointer<UInt16>, nextLabels: UnsafeMutableBufferPointer<UInt16>,
        own: UnsafeMutableBufferPointer<Float>, next: UnsafeMutableBufferPointer<Float>
    ) {
        check(matrix, rows, centroids)
        let tileCount = (rows.count + FeatureMatrix.rowsPerTile - 1) / FeatureMatrix.rowsPerTile
        let room = min(labels.count, nextLabels.count, own.count, next.count)
        precondition(tileCount * FeatureMatrix.rowsPerTile <= room, "room for \(room) of \(rows.count) rows")
        guard tileCount > 0 else { return }
        // SAFETY: whole tiles of the matrix, and room for as many in each of the four.
        stratum_kmeans_two_nearest(
            UnsafePointer(matrix.tiles.start + rows.lowerBound * matrix.columnCount), tileCount, matrix.columnCount,
            centroids.values, centroids.groupCount, labels.baseAddress!, nextLabels.baseAddress!, own.baseAddress!,
            next.baseAddress!)
    }

    private static func check(_ matrix: FeatureMatrix, _ rows: Range<Int>, _ centroids: PackedCentroids) {
        precondition(
            rows.lowerBound % FeatureMatrix.rowsPerTile == 0 && rows.lowerBound >= 0
                && rows.upperBound <= matrix.rowCount,
            "rows \(rows) are not whole tiles of \(matrix.rowCount) rows")
        precondition(centroids.featureCount == matrix.columnCount, "centroids of another matrix")
    }
}
