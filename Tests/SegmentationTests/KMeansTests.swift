import Foundation
import Testing
import VectorMath

@testable import Segmentation

struct KMeansTests {
    /// Iris in millimeters, so that Float holds every value exactly; inertia is 100 times that in centimeters.
    private func iris() throws -> FeatureMatrix {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../data/iris.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
        let rows = lines.map { $0.split(separator: ",")[1...4].map { (Double($0)! * 10).rounded() } }
        #expect(rows.count == 150)
        return try matrix((0..<4).map { column in rows.map { $0[column] } })
    }

    @Test(arguments: [(2, 152.34795176, [53, 97]), (3, 78.85144143, [38, 50, 62])])
    func irisInertiaIsThatOfTheLiterature(clusterCount: Int, inertia: Double, sizes: [Int]) throws {
        let parameters = KMeansParameters(clusterCount: clusterCount, tolerance: 0, restartCount: 10, seed: 1)
        let result = try fit(try iris(), parameters)
        #expect(abs(result.inertia / 100 - inertia) < 5e-8)
        #expect(result.sizes.sorted() == sizes)
        #expect(result.converged && result.warnings.isEmpty)
    }

    @Test(arguments: 0..<20)
    func theSameStartEndsWherePlainLloydEnds(seed: UInt64) throws {
        let matrix = try matrix(blobs(700, features: 5, groups: 6, seed: seed))
        let start = try Centroids(
            featureCount: 5, values: (0..<6).flatMap { matrix.row($0 * 100).map { Double($0) } })
        let parameters = KMeansParameters(clusterCount: 6, seeding: .given(start), iterationLimit: 12, tolerance: 0)
        let result = try fit(matrix, parameters)
        let slow = slowLloyd(matrix, start: start, iterations: result.iterationCount)
        #expect(result.repairCount == 0)
        #expect(result.assignments.map { Int($0) } == slow.labels)
        #expect(abs(result.inertia - slow.inertia) < 1e-9 * slow.inertia)
        for (found, expected) in zip(result.centroids.values, slow.centroids.joined()) {
            #expect(abs(found - expected) < 1e-9)
        }
    }

    @Test(arguments: 0..<10, [KMeansSeeding.greedyKMeansPlusPlus, .kMeansPlusPlus, .kMeansParallel, .random])
    func inertiaNeverRisesEveryLabelIsNearestAndCentroidsAreMeans(seed: UInt64, seeding: KMeansSeeding) throws {
        let matrix = try matrix(blobs(3_000, features: 6, groups: 5, seed: seed, spread: 2))
        let result = try fit(
            matrix, KMeansParameters(clusterCount: 7, seeding: seeding, tolerance: 0, seed: seed))
        #expect(result.converged)
        var inertias = result.iterations.map(\.inertia)
        inertias.append(result.inertia)
        for (before, after) in zip(inertias, inertias.dropFirst()) { #expect(after <= before * (1 + 1e-12)) }
        var means = [Double](repeating: 0, count: 7 * 6)
        var direct = 0.0
        for row in 0..<3_000 {
            let label = Int(result.assignments[row])
            let distances = (0..<7).map { squaredDistance(matrix, row, result.centroids[$0]) }
            #expect(distances[label] <= distances.min()! * (1 + 1e-6))
            direct += distances[label]
            for feature in 0..<6 {
                means[label * 6 + feature] += Double(matrix[row, feature]) / Double(result.sizes[label])
            }
        }
        #expect(abs(direct - result.inertia) < 1e-10 * direct)
        for (mean, value) in zip(means, result.centroids.values) { #expect(abs(mean - value) < 1e-10) }
    }

    @Test(arguments: [KMeansSeeding.greedyKMeansPlusPlus, .kMeansParallel, .random])
    func theBitsAreTheSameForAnyNumberOfThreads(seeding: KMeansSeeding) throws {
        let matrix = try matrix(blobs(100_003, features: 3, groups: 9, seed: 11, spread: 2))
        let parameters = KMeansParameters(
            clusterCount: 9, seeding: seeding, iterationLimit: 15, restartCount: 2, seed: 5)
        let one = try fit(matrix, parameters, threads: 1)
        #expect(one.sizes.reduce(0, +) == 100_003)
        for threads in [2, 3, 7] { #expect(try fit(matrix, parameters, threads: threads) == one) }
        let assigner = NearestCentroid(one.centroids)
        for threads in [1, 7] {
            #expect(try assigner.assign(matrix, workers: Workers(threadCount: threads)) == one.assignments)
        }
    }

    @Test func permutedFeaturesGivePermutedCentroids() throws {
        let columns = blobs(2_000, features: 4, groups: 4, seed: 12)
        let order = [2, 0, 3, 1]
        let start = (0..<4).map { row in columns.map { $0[row * 300] } }
        func result(_ order: [Int]) throws -> KMeansResult {
            let centroids = try Centroids(featureCount: 4, values: start.flatMap { row in order.map { row[$0] } })
            return try fit(
                try matrix(order.map { columns[$0] }),
                KMeansParameters(clusterCount: 4, seeding: .given(centroids), tolerance: 0))
        }
        let (straight, permuted) = (try result([0, 1, 2, 3]), try result(order))
        #expect(straight.assignments == permuted.assignments)
        for cluster in 0..<4 {
            #expect(Array(permuted.centroids[cluster]) == order.map { Array(straight.centroids[cluster])[$0] })
        }
    }

    @Test func theBestStartIsKept() throws {
        let matrix = try matrix(blobs(400, features: 2, groups: 8, seed: 13, spread: 10))
        let single = try (0..<6).map { restart in
            var parameters = KMeansParameters(
                clusterCount: 8, seeding: .random, tolerance: 0, restartCount: restart + 1)
            parameters.seed = 3
            return try fit(matrix, parameters)
        }
        #expect(zip(single, single.dropFirst()).allSatisfy { $1.inertia <= $0.inertia })
        #expect(single[5].inertia < single[0].inertia)
        #expect(single[5].restart > 0)
    }

    @Test func theFirstCentroidsOfGreedyPlusPlusAreFarApart() throws {
        let columns = blobs(5_000, features: 3, groups: 8, seed: 14, spread: 50)
        let matrix = try matrix(columns)
        for seed in 0..<10 {
            let greedy = try fit(matrix, KMeansParameters(clusterCount: 8, iterationLimit: 1, seed: UInt64(seed)))
            let random = try fit(
                matrix, KMeansParameters(clusterCount: 8, seeding: .random, iterationLimit: 1, seed: UInt64(seed)))
            #expect(greedy.iterations[0].inertia < random.iterations[0].inertia)
        }
    }

    @Test func tightSegmentsFarFromTheOriginKeepTheirInertia() throws {
        let columns = [(0..<200).map { ($0 < 100 ? 1e5 : -1e5) + Double($0 % 2) / 64 }]
        let result = try fit(try matrix(columns), KMeansParameters(clusterCount: 2, seed: 1))
        // Each half alternates between two values 1/64 apart.
        #expect(abs(result.inertia - 200 / 16_384.0) < 1e-12)
    }
}
