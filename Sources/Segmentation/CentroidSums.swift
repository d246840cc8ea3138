import CKernels

/// Counts and sums of the rows of each cluster. The sums are exact (see `FeatureSurvey`), so `combine` may come in any
/// order, and what a row adds when it enters a cluster it takes with it when it leaves.
struct CentroidSums: Sendable {
    let featureCount: Int
    let stride: Int
    /// A line of `stride` doubles for each cluster.
    var sums: [Double]
    /// The rows of each cluster.
    var counts: [Int64]
    /// The sum of the weights of each cluster; none where each row counts once.
    var totals: [Double]

    init(clusterCount: Int, featureCount: Int, isWeighted: Bool = false) {
        self.featureCount = featureCount
        stride = Self.stride(featureCount)
        sums = [Double](repeating: 0, count: clusterCount * stride)
        counts = [Int64](repeating: 0, count: clusterCount)
        totals = [Double](repeating: 0, count: isWeighted ? clusterCount : 0)
    }

    var clusterCount: Int { counts.count }

    /// What the rows of a cluster weigh together.
    func weight(of cluster: Int) -> Double { totals.isEmpty ? Double(counts[cluster]) : totals[cluster] }

    /// Doubles in a line, as the macro STRATUM_SUM_STRIDE has it.
    static func stride(_ featureCount: Int) -> Int { (featureCount + 15) / 16 * 16 }

    /// `values` filled up to a line with 0.
    static func line(_ values: [Double]) -> [Double] {
        values + [Double](repeating: 0, count: stride(values.count) - values.count)
    }

    mutating func combine(_ other: CentroidSums) {
        for index in sums.indices { sums[index] += other.sums[index] }
        for cluster in counts.indices { counts[cluster] += other.counts[cluster] }
        for cluster in totals.indices { totals[cluster] += other.totals[cluster] }
    }

    /// The mean of each cluster, row-major; a cluster without weight keeps its values in `old`.
    func means(old: [Double]) -> [Double] {
        var means = old
        for cluster in counts.indices where weight(of: cluster) > 0 {
            for feature in 0..<featureCount {
                means[cluster * featureCount + feature] = sums[cluster * stride + feature] / weight(of: cluster)
            }
        }
        return means
    }

    /// The sum of the squared distances of all rows to `centroids` (row-major) of their clusters.
    ///
    /// From the identity sum |x - c|^2 = sum |x|^2 - 2 c . sum x + n |c|^2, which costs nothing: it is exact to about
    /// 2^-50 of `squareSum`, the sum of |x|^2.
    func inertia(to centroids: [Float], squareSum: Double) -> Double {
        var change = 0.0
        for cluster in counts.indices where weight(of: cluster) > 0 {
            for feature in 0..<featureCount {
                let c = Double(centroids[cluster * featureCount + feature])
                change += c * (weight(of: cluster) * c - 2 * sums[cluster * stride + feature])
            }
        }
        return max(0, squareSum + change)
    }
}
