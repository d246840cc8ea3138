import Testing
import VectorMath

@testable import Segmentation

/// Figures that scikit-learn 1.9.1 reaches from the same start; data/kmeans_reference.py prints them.
struct KMeansReferenceTests {
    /// The points of data/kmeans_reference.py.
    private func points(rows: Int, features: Int, groups: Int, seed: UInt64) -> [[Double]] {
        var state = seed
        var columns = [[Double]](repeating: [], count: features)
        for row in 0..<rows {
            for feature in 0..<features {
                var noise = 0.0
                for _ in 0..<3 {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    noise += Double(state >> 40) / 0x1p24
                }
                let center = groups > 1 ? Double((row % groups * 7 + feature * 3) % 11) : 0
                columns[feature].append(center + 2 * noise - 3)
            }
        }
        return columns
    }

    struct Figure: Sendable {
        let rows, features, groups, clusters: Int
        let seed: UInt64
        let inertia: Double
        let smallest: [Int]
    }

    @Test(arguments: [
        Figure(
            rows: 3_000, features: 5, groups: 6, clusters: 6, seed: 1, inertia: 14116.60264991319,
            smallest: [489, 498, 500]),
        Figure(
            rows: 2_000, features: 12, groups: 9, clusters: 4, seed: 2, inertia: 92357.6886533101,
            smallest: [444, 444, 445]),
        Figure(
            rows: 4_000, features: 3, groups: 1, clusters: 8, seed: 3, inertia: 4017.8059014398277,
            smallest: [438, 477, 478]),
        Figure(
            rows: 1_500, features: 33, groups: 20, clusters: 40, seed: 4, inertia: 45194.20759243425,
            smallest: [10, 13, 16]),
    ])
    func inertiaIsThatOfScikitLearnFromTheSameStart(figure: Figure) throws {
        let columns = points(
            rows: figure.rows, features: figure.features, groups: figure.groups, seed: figure.seed)
        let matrix = try matrix(columns)
        let start = (0..<figure.clusters).flatMap { matrix.row(($0 * 37 + 5) % figure.rows).map { Double($0) } }
        let seeding = KMeansSeeding.given(try Centroids(featureCount: figure.features, values: start))
        for algorithm in KMeansAlgorithm.allCases {
            let result = try fit(
                matrix,
                KMeansParameters(
                    clusterCount: figure.clusters, seeding: seeding, tolerance: 0, algorithm: algorithm))
            #expect(abs(result.inertia - figure.inertia) < 1e-6 * figure.inertia)
            #expect(result.sizes.sorted().prefix(3) == figure.smallest[...])
        }
    }
}
