import Glibc
import VectorMath

/// How much tighter the segments are than those of rows without structure (Tibshirani, Walther and Hastie 2001).
public struct GapStatistic: Codable, Equatable, Sendable {
    /// The mean over the reference sets of ln W, minus ln W of the rows; W is the inertia.
    public let gap: Double
    /// s: the population standard deviation of ln W over the reference sets, times sqrt(1 + 1 / their number).
    public let standardError: Double
}

/// Gap statistics of several numbers of segments.
///
/// Reference sets have as many rows as the data, each feature drawn evenly from its range in the data (the paper's
/// choice a). Of more than 10,000 rows as many are drawn, and both sides are found from them; weights do not count.
struct GapSearch {
    /// Rows that the statistic is computed from at most.
    static let rowLimit = 10_000
    /// Streams of the seed below this belong to the starts of k-means.
    private static let firstStream = 1 << 32

    let parameters: KMeansParameters
    let referenceCount: Int
    let workers: Workers
    private let sample: FeatureMatrix

    /// - Throws: `SegmentationError`: no memory.
    init(
        _ matrix: FeatureMatrix, parameters: KMeansParameters, referenceCount: Int, workers: Workers
    ) throws(SegmentationError) {
        precondition(referenceCount >= 1, "\(referenceCount) reference sets")
        var generator = RandomGenerator(seed: parameters.seed, stream: Self.firstStream)
        let rows = RowSample.drawn(Self.rowLimit, of: matrix.rowCount, generator: &generator)
        let columns = (0..<matrix.columnCount).map { feature in rows.map { Double(matrix[$0, feature]) } }
        sample = try Self.matrix(columns)
        self.parameters = parameters
        self.referenceCount = referenceCount
        self.workers = workers
    }

    /// Rows that the statistics are computed from.
    var rowCount: Int { sample.rowCount }

    /// The statistic of each number of segments; nil where the inertia is 0.
    func statistics(_ counts: ClosedRange<Int>) throws -> [GapStatistic?] {
        let found = try logarithms(of: sample, counts)
        var references: [[Double]] = []
        for number in 0..<referenceCount {
            references.append(try logarithms(of: try reference(number), counts))
        }
        return found.indices.map { place in
            let logarithms = references.map { $0[place] }
            let mean = logarithms.reduce(0, +) / Double(referenceCount)
            let variance = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(referenceCount)
            let error = (variance * (1 + 1 / Double(referenceCount))).squareRoot()
            let gap = mean - found[place]
            return gap.isFinite && error.isFinite ? GapStatistic(gap: gap, standardError: error) : nil
        }
    }

    private func logarithms(of matrix: FeatureMatrix, _ counts: ClosedRange<Int>) throws -> [Double] {
        try counts.map { count in
            var parameters = parameters
            parameters.clusterCount = count
            return log(try KMeans(parameters).fit(matrix, workers: workers).inertia)
        }
    }

    private func reference(_ number: Int) throws(SegmentationError) -> FeatureMatrix {
        var generator = RandomGenerator(seed: parameters.seed, stream: Self.firstStream + 1 + number)
        var columns: [[Double]] = []
        for feature in 0..<sample.columnCount {
            let values = (0..<sample.rowCount).map { Double(sample[$0, feature]) }
            let (low, high) = (values.min() ?? 0, values.max() ?? 0)
            columns.append(values.map { _ in low + (high - low) * generator.nextUniform() })
        }
        return try Self.matrix(columns)
    }

    private static func matrix(_ columns: [[Double]]) throws(SegmentationError) -> FeatureMatrix {
        try FeatureMatrix(columns: columns, scalings: columns.map { _ in .identity })
    }
}
