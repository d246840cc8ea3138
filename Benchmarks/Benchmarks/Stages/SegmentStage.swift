import Benchmark
import Measuring
import Segmentation
import Stratum
import Synchronization

/// k-means to convergence on a million rows x 12: all algorithms start alike and must find the same bits.
enum SegmentStage {
    static let distributions = GeneratedRows.Distribution.allCases

    private static let rows = Result {
        try distributions.map {
            try BenchmarkRows(
                GeneratedRows(rowCount: 1_000_000, columnCount: 12, distribution: $0, seed: 1),
                workers: Measuring.workers)
        }
    }

    /// The inertia that plain Lloyd ends with, by distribution.
    private static let expected = Mutex<[GeneratedRows.Distribution: Double]>([:])

    static func kMeans(
        _ benchmark: Benchmark, _ distribution: GeneratedRows.Distribution, _ algorithm: KMeansAlgorithm
    ) {
        do {
            guard let matrix = try rows.get().first(where: { $0.name == distribution.rawValue })?.matrix else { return }
            let inertia = try expectedInertia(distribution, matrix)
            Measuring.round(benchmark, rowCount: matrix.rowCount) {
                try fit(matrix, algorithm)
            } check: { result in
                result.inertia == inertia ? nil : "inertia \(result.inertia), \(inertia) by Lloyd's"
            }
        } catch {
            benchmark.error("\(error)")
        }
    }

    private static func fit(_ matrix: FeatureMatrix, _ algorithm: KMeansAlgorithm) throws -> KMeansResult {
        var parameters = KMeansParameters(clusterCount: 8, iterationLimit: 100, tolerance: 0, seed: 1)
        parameters.algorithm = algorithm
        return try KMeans(parameters).fit(matrix, workers: Measuring.workers)
    }

    private static func expectedInertia(
        _ distribution: GeneratedRows.Distribution, _ matrix: FeatureMatrix
    ) throws -> Double {
        if let known = expected.withLock({ $0[distribution] }) { return known }
        let inertia = try fit(matrix, .lloyd).inertia
        expected.withLock { $0[distribution] = inertia }
        return inertia
    }
}
