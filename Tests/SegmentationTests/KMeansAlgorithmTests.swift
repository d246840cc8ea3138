import Testing
import VectorMath

@testable import Segmentation

/// Bounds and scores only leave work out: whatever the algorithm, form, threads or tasks, the bits are plain Lloyd's.
struct KMeansAlgorithmTests {
    /// All iterations without what may differ, the rows skipped.
    private func trace(_ result: KMeansResult) -> [[Double]] {
        result.iterations.map { [$0.inertia, Double($0.movedCount), $0.squaredShift, Double($0.repairCount)] }
    }

    private func fit(
        _ matrix: FeatureMatrix, _ parameters: KMeansParameters, _ algorithm: KMeansAlgorithm, threads: Int = 2,
        weights: RowWeights? = nil, _ options: PassOptions = PassOptions()
    ) throws -> KMeansResult {
        var parameters = parameters
        parameters.algorithm = algorithm
        return try KMeans(parameters).fit(
            matrix, weights: weights, workers: Workers(threadCount: threads), options: options, observe: nil)
    }

    private func expectSame(_ columns: [[Double]], clusterCount: Int, _ label: String, weights: RowWeights? = nil)
        throws
    {
        let matrix = try matrix(columns)
        let parameters = KMeansParameters(
            clusterCount: clusterCount, seeding: .random, iterationLimit: 60, tolerance: 0, seed: 3)
        // Every label of every iteration is compared with a plain pass.
        let options = PassOptions(tilesPerTask: 3, checksLabels: true)
        let lloyd = try fit(matrix, parameters, .lloyd, weights: weights, options)
        for algorithm in [KMeansAlgorithm.automatic, .hamerly, .yinyang] {
            let other = try fit(matrix, parameters, algorithm, weights: weights, options)
            #expect(other.assignments == lloyd.assignments, "\(label) \(algorithm)")
            #expect(other.centroids == lloyd.centroids, "\(label) \(algorithm)")
            #expect(other.inertia == lloyd.inertia, "\(label) \(algorithm)")
            #expect(trace(other) == trace(lloyd), "\(label) \(algorithm)")
        }
    }

    @Test(arguments: 0..<40)
    func everyAlgorithmGivesTheBitsOfLloyd(seed: UInt64) throws {
        var generator = RandomGenerator(seed: seed)
        let features = 1 + generator.nextIndex(below: 70)
        let rows = 1 + generator.nextIndex(below: seed % 4 == 0 ? 5_000 : 900)
        let clusters = 1 + generator.nextIndex(below: seed % 5 == 0 ? 300 : 40)
        let columns = blobs(
            rows, features: features, groups: 1 + generator.nextIndex(below: 30), seed: seed,
            spread: [0, 0.5, 2, 8, 1e4][Int(seed) % 5])
        try expectSame(columns, clusterCount: clusters, "\(rows) x \(features), \(clusters)")
    }

    @Test(arguments: 0..<12)
    func tiesGoToTheLowestCentroidInEveryAlgorithm(seed: UInt64) throws {
        // Few whole numbers: many rows are equally far from several centroids, and many are equal.
        var generator = RandomGenerator(seed: seed + 100)
        let features = 1 + generator.nextIndex(below: 4)
        let columns = (0..<features).map { _ in
            (0..<1_500).map { _ in Double(generator.nextIndex(below: 4 + Int(seed))) }
        }
        try expectSame(columns, clusterCount: 3 + Int(seed) * 5, "grid \(seed)")
    }

    @Test func oddDataGivesTheBitsOfLloyd() throws {
        let near = blobs(700, features: 3, groups: 5, seed: 1)
        try expectSame([[Double](repeating: 2.5, count: 100)], clusterCount: 5, "all equal")
        try expectSame(near.map { $0.map { $0 * 1e-25 } }, clusterCount: 6, "squares below the range of Float")
        try expectSame(near.map { $0.map { $0 * 1e-18 } }, clusterCount: 6, "squares at the end of the range")
        try expectSame(near.map { $0.map { $0 + 1e6 } }, clusterCount: 6, "far from the origin")
        try expectSame(near.map { $0.map { $0 * 1e13 } }, clusterCount: 6, "large")
        let far = near.map { column in column.enumerated().map { $0.offset % 97 == 0 ? 1e15 : $0.element } }
        try expectSame(far, clusterCount: 6, "some rows far off")
        try expectSame(
            near.map { $0.map { $0 * 1e200 } }, clusterCount: 4, "beyond the limit")
        try expectSame(near, clusterCount: 40, "weights", weights: try RowWeights((0..<700).map { Double($0 % 4) / 3 }))
    }

    @Test func boundsSkipRowsOfClusteredData() throws {
        let matrix = try matrix(blobs(20_000, features: 6, groups: 40, seed: 2, spread: 6))
        for (algorithm, clusters) in [(KMeansAlgorithm.hamerly, 6), (.automatic, 6), (.yinyang, 40)] {
            let parameters = KMeansParameters(clusterCount: clusters, seeding: .random, tolerance: 0, seed: 1)
            var observed: [KMeansIteration] = []
            var watched = parameters
            watched.algorithm = algorithm
            let result = try KMeans(watched).fit(matrix, workers: Workers(threadCount: 2)) { observed.append($0) }
            #expect(observed == result.iterations)
            #expect(result.iterations[0].skippedCount == 0)
            #expect(result.iterations.last!.skippedCount > 0)
            let lloyd = try fit(matrix, parameters, .lloyd)
            #expect(lloyd.iterations.allSatisfy { $0.skippedCount == 0 })
        }
    }

    @Test(arguments: [KMeansAlgorithm.automatic, .hamerly, .yinyang])
    func neitherThreadsNorTasksShow(algorithm: KMeansAlgorithm) throws {
        let matrix = try matrix(blobs(40_009, features: 4, groups: 30, seed: 5, spread: 3))
        let parameters = KMeansParameters(
            clusterCount: 36, seeding: .kMeansParallel, iterationLimit: 25, tolerance: 0, seed: 2)
        let one = try fit(matrix, parameters, algorithm, threads: 1)
        for threads in [2, 3, 7] { #expect(try fit(matrix, parameters, algorithm, threads: threads) == one) }
        // Tiles are scored in pairs, and which make a pair depends on the task: so may the rows skipped, but no more.
        for (threads, tiles) in [(1, 1), (3, 7), (2, 64)] {
            let other = try fit(matrix, parameters, algorithm, threads: threads, PassOptions(tilesPerTask: tiles))
            #expect(other.assignments == one.assignments)
            #expect(other.centroids == one.centroids)
            #expect(other.inertia == one.inertia)
            #expect(trace(other) == trace(one))
        }
    }

    /// The portable form has no fused multiply-add: distances differ in the last place, centroids by no more than a row
    /// that is equally far from two of them, of which these sets have none.
    @Test(arguments: KernelForm.available, [KMeansAlgorithm.lloyd, .yinyang])
    func theFormsOfTheLoopsAgree(form: KernelForm, algorithm: KMeansAlgorithm) throws {
        for (features, clusters) in [(1, 3), (12, 8), (17, 20), (33, 70)] {
            let matrix = try matrix(blobs(3_000, features: features, groups: 9, seed: 6))
            let parameters = KMeansParameters(clusterCount: clusters, seeding: .random, tolerance: 0, seed: 4)
            let best = try fit(matrix, parameters, algorithm)
            let other = try fit(matrix, parameters, algorithm, PassOptions(form: form))
            #expect(other.assignments == best.assignments)
            #expect(other.centroids == best.centroids)
            #expect(trace(other) == trace(best))
        }
    }
}
