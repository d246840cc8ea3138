import Benchmark
import Measuring
import Segmentation
import Stratum

/// k-means over 2 million rows x 12 columns around 8 centers.
enum SegmentationKernels {
    private static let rows = Result {
        try BenchmarkRows(GeneratedRows(rowCount: 2_000_000, columnCount: 12, seed: 1), workers: Measuring.workers)
    }

    private static func byteCount(_ matrix: FeatureMatrix) -> Int { matrix.rowCount * matrix.columnCount * 4 }

    /// Assignment alone: each row's nearest of the first rows.
    static func assign(_ benchmark: Benchmark, clusterCount: Int) {
        guarded(benchmark) { matrix in
            let centroids = try firstRows(matrix, clusterCount)
            let nearest = NearestCentroid(centroids)
            Measuring.round(benchmark, byteCount: byteCount(matrix)) {
                try nearest.assign(matrix, workers: Measuring.workers)
            } check: { segments in
                for row in stride(from: 0, to: matrix.rowCount, by: 99_991)
                where Int(segments[row]) != slowNearest(matrix.row(row), centroids) {
                    return "row \(row) is in segment \(segments[row])"
                }
                return nil
            }
        }
    }

    /// Plain Lloyd: assignment and sums in one pass, ten times.
    static func iteration(_ benchmark: Benchmark, clusterCount: Int) {
        guarded(benchmark) { matrix in
            var parameters = KMeansParameters(
                clusterCount: clusterCount, seeding: .given(try firstRows(matrix, clusterCount)), iterationLimit: 10,
                tolerance: 0)
            parameters.algorithm = .lloyd
            let kMeans = KMeans(parameters)
            // The look at the features before and the last pass after are two more.
            Measuring.round(benchmark, byteCount: 12 * byteCount(matrix)) {
                try kMeans.fit(matrix, workers: Measuring.workers)
            } check: { result in
                let inertias = result.iterations.map(\.inertia) + [result.inertia]
                return zip(inertias, inertias.dropFirst()).allSatisfy { $0 >= $1 } ? nil : "inertia rose: \(inertias)"
            }
        }
    }

    /// k-means++ with several tries for each centroid, one pass for all of them together.
    static func seed(_ benchmark: Benchmark, clusterCount: Int) {
        guarded(benchmark) { matrix in
            let kMeans = KMeans(KMeansParameters(clusterCount: clusterCount, seed: 3))
            Measuring.round(benchmark, byteCount: clusterCount * byteCount(matrix)) {
                try kMeans.start(in: matrix, workers: Measuring.workers)
            } check: { start in
                Set((0..<start.clusterCount).map { Array(start[$0]) }).count == clusterCount ? nil : "\(start)"
            }
        }
    }

    private static func guarded(_ benchmark: Benchmark, _ body: (FeatureMatrix) throws -> Void) {
        do { try body(try rows.get().matrix) } catch { benchmark.error("\(error)") }
    }

    private static func firstRows(_ matrix: FeatureMatrix, _ count: Int) throws -> Centroids {
        try Centroids(
            featureCount: matrix.columnCount, values: (0..<count).flatMap { matrix.row($0).map { Double($0) } })
    }

    private static func slowNearest(_ row: [Float], _ centroids: Centroids) -> Int {
        let squares = (0..<centroids.clusterCount).map { cluster in
            zip(row, centroids[cluster]).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
        }
        return squares.indices.min { (squares[$0], $0) < (squares[$1], $1) } ?? 0
    }
}
