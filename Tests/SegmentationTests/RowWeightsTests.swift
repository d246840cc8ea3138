import Testing
import VectorMath

@testable import Segmentation

struct RowWeightsTests {
    private func fit(_ columns: [[Double]], weights: [Double]?, _ parameters: KMeansParameters) throws -> KMeansResult {
        try KMeans(parameters).fit(
            try matrix(columns), weights: try weights.map { try RowWeights($0) }, workers: Workers(threadCount: 2))
    }

    @Test(arguments: 0..<12, [KMeansAlgorithm.automatic, .hamerly, .yinyang])
    func aWeightOfNIsAsGoodAsNCopies(seed: UInt64, algorithm: KMeansAlgorithm) throws {
        let columns = blobs(900, features: 3, groups: 7, seed: seed, spread: 3)
        var generator = RandomGenerator(seed: seed)
        let weights = (0..<900).map { _ in generator.nextIndex(below: 5) }
        let start = try Centroids(featureCount: 3, values: (0..<9).flatMap { row in columns.map { $0[row * 90] } })
        let parameters = KMeansParameters(
            clusterCount: 9, seeding: .given(start), tolerance: 0, algorithm: algorithm)
        let weighted = try fit(columns, weights: weights.map(Double.init), parameters)
        // Copies stand next to each other and rows of weight 0 are gone.
        let origins = weights.indices.flatMap { [Int](repeating: $0, count: weights[$0]) }
        let copied = try fit(columns.map { column in origins.map { column[$0] } }, weights: nil, parameters)
        #expect(weighted.centroids == copied.centroids)
        #expect(weighted.inertia == copied.inertia)
        #expect(origins.map { weighted.assignments[$0] } == copied.assignments)
        #expect(weighted.iterations.map(\.inertia) == copied.iterations.map(\.inertia))
        #expect(weighted.featureMeans == copied.featureMeans)
        #expect(weighted.sizes.reduce(0, +) == 900)
    }

    @Test func equalWeightsChangeNothingButTheScaleOfInertia() throws {
        let columns = blobs(2_000, features: 4, groups: 5, seed: 3)
        for seeding in [KMeansSeeding.greedyKMeansPlusPlus, .kMeansPlusPlus, .kMeansParallel] {
            let parameters = KMeansParameters(clusterCount: 5, seeding: seeding, tolerance: 0, restartCount: 4, seed: 2)
            let plain = try fit(columns, weights: nil, parameters)
            let equal = try fit(columns, weights: [Double](repeating: 4, count: 2_000), parameters)
            #expect(abs(equal.inertia - 4 * plain.inertia) < 1e-9 * equal.inertia)
        }
    }

    @Test func weightsThatAreNoWholeNumbersGiveWeightedMeans() throws {
        let columns = blobs(1_000, features: 3, groups: 4, seed: 8)
        let weights = (0..<1_000).map { 0.1 + Double($0 % 13) * 0.7 }
        let result = try fit(columns, weights: weights, KMeansParameters(clusterCount: 4, tolerance: 0, seed: 1))
        let kept = try RowWeights(weights)
        for cluster in 0..<4 {
            let rows = (0..<1_000).filter { Int(result.assignments[$0]) == cluster }
            let total = rows.reduce(0.0) { $0 + Double(kept[$1]) }
            for feature in 0..<3 {
                let mean = rows.reduce(0.0) { $0 + Double(kept[$1]) * Double(Float(columns[feature][$1])) } / total
                #expect(abs(mean - result.centroids[cluster][cluster * 3 + feature]) < 1e-9)
            }
        }
        for threads in [1, 3, 7] {
            let other = try KMeans(KMeansParameters(clusterCount: 4, tolerance: 0, seed: 1)).fit(
                try matrix(columns), weights: kept, workers: Workers(threadCount: threads))
            #expect(other == result)
        }
    }

    @Test(arguments: [
        KMeansSeeding.greedyKMeansPlusPlus, .kMeansPlusPlus, .kMeansParallel, .random,
    ])
    func rowsOfWeightZeroHaveNoSay(seeding: KMeansSeeding) throws {
        // 100 rows count; those that do not lie apart and would draw centroids if they could.
        let near = (0..<100).map { Double($0 % 2 * 10) }
        let far = (1_000..<1_200).map { Double($0) }
        let weights = near.map { _ in 1.0 } + far.map { _ in 0.0 }
        let result = try fit(
            [near + far], weights: weights, KMeansParameters(clusterCount: 4, seeding: seeding, seed: 5))
        #expect(result.centroids.values.sorted() == [0, 10])
        #expect(result.inertia == 0)
        #expect(result.sizes.reduce(0, +) == 300)
        let highest = result.centroids.values.firstIndex(of: 10)!
        #expect(result.assignments[100...].allSatisfy { Int($0) == highest })
    }

    @Test func weightsThatCannotBeUsedAreRefused() throws {
        for bad in [[1, -1], [.nan, 1], [.infinity, 1], [0, 0], [1e-40, 1], [1e40, 1], []] {
            #expect(throws: SegmentationError.self) { try RowWeights(bad) }
        }
        #expect(throws: SegmentationError.self) {
            try fit([[1, 2, 3]], weights: [1, 2], KMeansParameters(clusterCount: 1))
        }
        let error = #expect(throws: SegmentationError.self) { try RowWeights([1, 2, -3]) }
        #expect(error?.place == "weight of row 2")
    }
}
