import CKernels
public import VectorMath

/// How well segments hold together and stay apart: figures to compare numbers of segments by.
///
/// All distances are Euclidean, in units of the matrix; rows count by their weights if there are any.
public struct SegmentQuality: Codable, Equatable, Sendable {
    /// The sum of the squared distances of the rows to their centroids.
    public let inertia: Double
    /// The mean over all rows of (b - a) / max(a, b), where a is the distance to the row's own centroid and b that to
    /// the nearest other one: -1...1, the higher the better; a row with a = b = 0 counts 0. Nil for one segment.
    ///
    /// O(rows x features x clusters). Not the silhouette of Rousseeuw, which averages distances between rows
    /// (`FullSilhouette`); this one is called simplified or centroid-based (Vendramin, Campello and Hruschka 2010).
    public let simplifiedSilhouette: Double?
    /// The same mean over the rows of each segment; empty for one segment.
    public let simplifiedSilhouettes: [Double]
    /// (B / (k - 1)) / (W / (n - k)): B the sum over segments of size times the squared distance of the centroid to the
    /// mean of all, W the inertia (Calinski and Harabasz 1974); the higher the better. Nil for one segment, for as many
    /// segments as rows, and where W is 0.
    public let calinskiHarabasz: Double?
    /// The mean over segments of the largest (S_i + S_j) / M_ij, where S is the mean distance of a segment's rows to
    /// its centroid and M the distance of two centroids (Davies and Bouldin 1979, p = q = 2 for M, q = 1 for S); the
    /// lower the better. Nil for one segment and for centroids that coincide.
    public let daviesBouldin: Double?

    /// Measures the segments of `result` in one pass over the matrix they were found in.
    ///
    /// - Throws: `SegmentationError`: the matrix has other features, or weights are not one for each row.
    /// - Complexity: O(rows x features x clusters), about the time of one iteration; the same bits for any number of
    ///   threads, since sums of 16,384 rows each are added up in row order.
    public init(
        of result: KMeansResult, in matrix: FeatureMatrix, weights: RowWeights? = nil, workers: Workers
    ) throws(SegmentationError) {
        try Self.check(result.centroids, matrix, weights)
        let packed = PackedCentroids(featureCount: matrix.columnCount, rowMajor: result.centroids.floats)
        let tasks = Tasks(rowCount: matrix.rowCount)
        let parts = workers.map(chunkCount: tasks.count) { task in
            Kernels.quality(matrix, rows: tasks.rows(task), centroids: packed, weights: weights)
        }
        var sums = [Double](repeating: 0, count: result.clusterCount * Int(STRATUM_QUALITY_SUMS))
        for part in parts { for index in sums.indices { sums[index] += part[index] } }
        func sum(_ which: Int) -> [Double] {
            (0..<result.clusterCount).map { sums[$0 * Int(STRATUM_QUALITY_SUMS) + which] }
        }
        self.init(result, sizes: sum(0), distances: sum(1), silhouettes: sum(2))
    }

    private init(_ result: KMeansResult, sizes: [Double], distances: [Double], silhouettes: [Double]) {
        let clusterCount = result.clusterCount
        let total = sizes.reduce(0, +)
        inertia = result.inertia
        let isDivided = clusterCount > 1 && total > 0
        simplifiedSilhouette = isDivided ? silhouettes.reduce(0, +) / total : nil
        simplifiedSilhouettes = isDivided ? zip(silhouettes, sizes).map { $1 > 0 ? $0 / $1 : 0 } : []
        let centroids = result.centroids
        let between = (0..<clusterCount).reduce(0) {
            $0 + sizes[$1] * Self.squaredDistance(centroids[$1], result.featureMeans[...])
        }
        let freedom = total - Double(clusterCount)
        calinskiHarabasz =
            isDivided && freedom > 0 && result.inertia > 0
            ? between / Double(clusterCount - 1) / (result.inertia / freedom) : nil
        daviesBouldin =
            isDivided ? Self.daviesBouldin(centroids, spreads: zip(distances, sizes).map { $1 > 0 ? $0 / $1 : 0 }) : nil
    }

    private static func daviesBouldin(_ centroids: Centroids, spreads: [Double]) -> Double? {
        var sum = 0.0
        for cluster in spreads.indices {
            var worst = 0.0
            for other in spreads.indices where other != cluster {
                let distance = squaredDistance(centroids[cluster], centroids[other]).squareRoot()
                guard distance > 0 else { return nil }
                worst = max(worst, (spreads[cluster] + spreads[other]) / distance)
            }
            sum += worst
        }
        return sum / Double(spreads.count)
    }

    private static func check(
        _ centroids: Centroids, _ matrix: FeatureMatrix, _ weights: RowWeights?
    ) throws(SegmentationError) {
        guard matrix.columnCount == centroids.featureCount else {
            throw SegmentationError(
                .featureCountMismatch(expected: centroids.featureCount, found: matrix.columnCount),
                place: "feature matrix", remedy: "give the matrix that the segments were found in")
        }
        if let weights, weights.rowCount != matrix.rowCount {
            throw SegmentationError(
                .rowCountMismatch(expected: matrix.rowCount, found: weights.rowCount), place: "weights",
                remedy: "give one weight for each customer")
        }
    }

    static func squaredDistance(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}
