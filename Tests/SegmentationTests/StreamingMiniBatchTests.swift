import Testing
import VectorMath

@testable import Segmentation

struct StreamingMiniBatchTests {
    private static func stream(
        _ columns: [[Double]], _ parameters: KMeansParameters, _ miniBatch: MiniBatch, threads: Int = 2
    ) throws -> (result: KMeansResult, segments: [UInt16], readCount: Int) {
        let source = ColumnsSource(columns)
        let result = try StreamingKMeans(parameters, miniBatch: miniBatch).fit(
            source, workers: Workers(threadCount: threads))
        return (result, source.written, source.readCount)
    }

    @Test func miniBatchesEndWithinTwoPercentOfTheFullFit() throws {
        for seed in UInt64(0)..<6 {
            let columns = blobs(60_000, features: 5, groups: 8, seed: seed)
            let parameters = KMeansParameters(clusterCount: 8, seed: seed)
            let full = try fit(matrix(columns), parameters)
            let batched = try Self.stream(columns, parameters, MiniBatch(rowCount: 1_024))
            #expect(batched.result.inertia <= 1.02 * full.inertia, "seed \(seed)")
            #expect(batched.result.iterationCount > batched.result.iterations.count)
        }
    }

    @Test func miniBatchesAreTheSameForAnyNumberOfThreads() throws {
        let columns = blobs(50_000, features: 6, groups: 4, seed: 5, spread: 1)
        let parameters = KMeansParameters(clusterCount: 7, iterationLimit: 40, restartCount: 2, seed: 5)
        let one = try Self.stream(columns, parameters, MiniBatch(rowCount: 3_000), threads: 1)
        for threads in [2, 7] {
            let other = try Self.stream(columns, parameters, MiniBatch(rowCount: 3_000), threads: threads)
            #expect(other.result == one.result, "\(threads) threads")
            #expect(other.segments == one.segments, "\(threads) threads")
        }
    }

    @Test func segmentsSizesAndInertiaAreExactWithoutExactIterations() throws {
        let columns = blobs(20_003, features: 3, groups: 5, seed: 6)
        let batched = try Self.stream(
            columns, KMeansParameters(clusterCount: 5, iterationLimit: 9, seed: 6),
            MiniBatch(rowCount: 512, exactIterationLimit: 0))
        let all = try matrix(columns)
        let nearest = try NearestCentroid(batched.result.centroids).assign(all, workers: Workers(threadCount: 2))
        #expect(batched.segments == nearest)
        #expect(batched.result.sizes == (0..<5).map { segment in nearest.filter { Int($0) == segment }.count })
        let inertia = (0..<20_003).reduce(0.0) {
            $0 + squaredDistance(all, $1, batched.result.centroids[Int(nearest[$1])])
        }
        #expect(abs(batched.result.inertia - inertia) <= 1e-9 * inertia)
        #expect(batched.result.iterations.isEmpty && batched.result.iterationCount <= 9)
    }

    @Test func exactIterationsNeverRaiseTheInertia() throws {
        let columns = blobs(30_000, features: 4, groups: 6, seed: 9, spread: 1)
        let parameters = KMeansParameters(clusterCount: 6, iterationLimit: 5, tolerance: 0, seed: 9)
        let inertias = try [0, 1, 4].map {
            try Self.stream(columns, parameters, MiniBatch(rowCount: 256, exactIterationLimit: $0)).result.inertia
        }
        #expect(inertias[1] < inertias[0] && inertias[2] < inertias[1])
    }

    @Test func batchesReadLessThanPasses() throws {
        let columns = blobs(100_000, features: 3, groups: 5, seed: 2)
        let parameters = KMeansParameters(clusterCount: 5, seeding: .random, tolerance: 0, seed: 2)
        let batched = try Self.stream(columns, parameters, MiniBatch(rowCount: 512))
        // A survey in two passes, one exact iteration and the last assignment, and the batches themselves.
        #expect(batched.readCount <= 4 * 100_000 + 300 * 512)
    }

    @Test func noMoreRowsThanABatchAreFittedWhole() throws {
        let columns = blobs(700, features: 2, groups: 3, seed: 1)
        let parameters = KMeansParameters(clusterCount: 3, seed: 1)
        let whole = try fit(matrix(columns), parameters)
        let batched = try Self.stream(columns, parameters, MiniBatch(rowCount: 700))
        StreamingKMeansTests.expectEqual((batched.result, batched.segments), whole, "one batch")
    }

    @Test(arguments: [
        MiniBatch(rowCount: 15), MiniBatch(rowCount: 1 << 40), MiniBatch(patience: 0),
        MiniBatch(exactIterationLimit: -1),
    ])
    func parametersOutOfRangeAreRefused(miniBatch: MiniBatch) {
        #expect(throws: SegmentationError.self) {
            try Self.stream([[1, 2]], KMeansParameters(clusterCount: 1), miniBatch)
        }
    }
}
