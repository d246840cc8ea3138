public import VectorMath

extension KMeans {
    /// The centroids that a start begins with, in units of the matrix: rows of it, or those given.
    ///
    /// A fit from them by `.given` equals the fit that would have found them; there are fewer than `clusterCount` only
    /// where there are fewer distinct rows.
    ///
    /// - Parameter restart: which start of `restartCount`, from 0.
    /// - Throws: as `fit`.
    public func start(in matrix: FeatureMatrix, restart: Int = 0, workers: Workers) throws -> Centroids {
        try parameters.validate()
        guard matrix.rowCount > 0 else {
            throw SegmentationError(.noRows, place: "feature matrix", remedy: "give at least one customer")
        }
        return Centroids(
            featureCount: matrix.columnCount,
            checked: try firstCentroids(matrix, nil, restart: restart, workers: workers))
    }
}
