public import VectorMath

extension KMeansResult {
    /// The same segments, numbered like earlier ones that they continue.
    ///
    /// Segments are paired with the `previous` centroids so that the sum of their squared distances is the least; those
    /// that have a partner come in the order of the partners, then the others by falling mean of `values`.
    ///
    /// - Parameters:
    ///   - previous: centroids in units of the same matrix.
    ///   - values: what new segments are numbered by, one for each row.
    /// - Returns: the segments, and for each the earlier one that it continues.
    /// - Throws: `SegmentationError`: centroids of other features, or not one value for each row.
    /// - Complexity: O(k^3) distances for k segments at worst.
    public func renumbered(
        continuing previous: Centroids, byFallingMeanOf values: [Double], workers: Workers
    ) throws -> (result: KMeansResult, origins: [Int?]) {
        guard previous.featureCount == centroids.featureCount else {
            throw SegmentationError(
                .featureCountMismatch(expected: centroids.featureCount, found: previous.featureCount),
                place: "previous centroids", remedy: "give centroids of the same features")
        }
        let byValue = try renumbered(byFallingMeanOf: values, workers: workers)
        let partners = CostMatching.partners(rowCount: clusterCount, columnCount: previous.clusterCount) {
            SegmentQuality.squaredDistance(byValue.centroids[$0], previous[$1])
        }
        let order = partners.indices.sorted {
            (partners[$0] ?? .max, $0) < (partners[$1] ?? .max, $1)
        }
        return (try byValue.renumbered(order, workers: workers), order.map { partners[$0] })
    }
}
