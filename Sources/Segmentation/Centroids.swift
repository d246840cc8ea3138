/// Centers of segments in units of the feature matrix: clusterCount x featureCount, row-major.
public struct Centroids: Codable, Equatable, Sendable {
    /// The number of features.
    public let featureCount: Int
    /// The values, row-major.
    public internal(set) var values: [Double]

    /// Centroids of row-major `values`.
    ///
    /// - Throws: `SegmentationError`: no feature, not a whole number of lines, a value that is not finite or too large
    ///   for the geometry in Float.
    public init(featureCount: Int, values: [Double]) throws(SegmentationError) {
        guard featureCount > 0 else {
            throw SegmentationError(.noColumns, place: "centroids", remedy: "name at least one feature")
        }
        guard values.count % featureCount == 0, !values.isEmpty else {
            throw SegmentationError(
                .featureCountMismatch(expected: featureCount, found: values.count % featureCount), place: "centroids",
                remedy: "give \(featureCount) values for each centroid")
        }
        if let bad = values.firstIndex(where: { !(abs($0) <= FeatureScaling.largestLimit) }) {
            throw SegmentationError(
                .invalidParameter, place: "centroid \(bad / featureCount), feature \(bad % featureCount)",
                remedy: "give finite values of at most 2^50")
        }
        self.init(featureCount: featureCount, checked: values)
    }

    init(featureCount: Int, checked values: [Double]) {
        self.featureCount = featureCount
        self.values = values
    }

    /// The number of centroids.
    public var clusterCount: Int { values.count / featureCount }

    /// The values rounded to Float, which is what distances are measured to; row-major.
    public var floats: [Float] { values.map { Float($0) } }

    /// The values of one centroid.
    public subscript(cluster: Int) -> ArraySlice<Double> {
        values[cluster * featureCount..<(cluster + 1) * featureCount]
    }

    /// Reads the values and checks them as the initializer does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            featureCount: container.decode(Int.self, forKey: .featureCount),
            values: container.decode([Double].self, forKey: .values))
    }

    private enum CodingKeys: String, CodingKey {
        case featureCount, values
    }
}

/// Centroids in the order in which the kernels read them: groups of 4, inside a group feature by feature.
struct PackedCentroids: Sendable {
    let clusterCount: Int
    let featureCount: Int
    let values: [Float]

    /// Packs row-major values; a cluster that is not in `active` is infinitely far from every row.
    init(featureCount: Int, rowMajor: [Float], active: [Bool]? = nil) {
        self.featureCount = featureCount
        clusterCount = rowMajor.count / featureCount
        var values = [Float](repeating: .infinity, count: (clusterCount + 3) / 4 * 4 * featureCount)
        for cluster in 0..<clusterCount where active?[cluster] ?? true {
            for feature in 0..<featureCount {
                values[(cluster / 4 * featureCount + feature) * 4 + cluster % 4] =
                    rowMajor[cluster * featureCount + feature]
            }
        }
        self.values = values
    }

    var groupCount: Int { (clusterCount + 3) / 4 }
}
