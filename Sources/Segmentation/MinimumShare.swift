public import VectorMath

/// The rule for segments that are too small to be worth a name.
///
/// While a segment has less than the share of all rows, the smaller half of such segments (at least one, and never the
/// last that is left) is dissolved: its rows go to the nearest remaining centroid, and Lloyd's iterations go on from
/// there. Not all at once, since what the first give up may carry the others over the share.
public struct MinimumShare: Equatable, Sendable {
    /// The least share of all rows, 0...1.
    public let share: Double

    /// A rule; a share of 0 dissolves nothing.
    public init(_ share: Double) {
        precondition(share >= 0 && share <= 1, "a share of \(share)")
        self.share = share
    }

    /// The segments that are left, and the sizes of those that were dissolved, in the order they went.
    ///
    /// - Parameter parameters: how `result` was found.
    /// - Throws: as `KMeans.fit`.
    public func applied(
        to result: KMeansResult, parameters: KMeansParameters, matrix: FeatureMatrix, weights: RowWeights? = nil,
        workers: Workers, observe: ((KMeansIteration) -> Void)? = nil
    ) throws -> (result: KMeansResult, dissolvedSizes: [Int]) {
        var result = result
        var dissolvedSizes: [Int] = []
        while let small = smallSegments(result) {
            let kept = result.sizes.indices.filter { !small.contains($0) }
            dissolvedSizes += small.map { result.sizes[$0] }
            var parameters = parameters
            parameters.clusterCount = kept.count
            parameters.seeding = .given(
                Centroids(
                    featureCount: matrix.columnCount, checked: kept.flatMap { Array(result.centroids[$0]) }))
            result = try KMeans(parameters).fit(matrix, weights: weights, workers: workers, observe: observe)
        }
        return (result, dissolvedSizes)
    }

    /// The segments that are dissolved next, smallest first; nil if there are none.
    private func smallSegments(_ result: KMeansResult) -> [Int]? {
        let rowCount = Double(result.sizes.reduce(0, +))
        let small = result.sizes.indices.filter { Double(result.sizes[$0]) < share * rowCount }
            .sorted { (result.sizes[$0], $0) < (result.sizes[$1], $1) }
        let count = min((small.count + 1) / 2, result.clusterCount - 1)
        return count > 0 ? Array(small.prefix(count)) : nil
    }
}
