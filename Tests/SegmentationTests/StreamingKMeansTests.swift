import Synchronization
import Testing
import VectorMath

@testable import Segmentation

/// Columns in memory as a source; it counts how often each row is read and can fail at a row.
final class ColumnsSource: FeatureSource {
    struct Broken: Error, Equatable {}

    let columns: [[Double]]
    let scalings: [FeatureScaling]
    let failingRow: Int?
    private let segments: Mutex<[UInt16]>
    private let reads = Mutex(0)

    init(_ columns: [[Double]], failingRow: Int? = nil) {
        self.columns = columns
        self.failingRow = failingRow
        scalings = [FeatureScaling](repeating: .identity, count: columns.count)
        segments = Mutex([UInt16](repeating: 9_999, count: columns[0].count))
    }

    var rowCount: Int { columns[0].count }
    var written: [UInt16] { segments.withLock { $0 } }
    var readCount: Int { reads.withLock { $0 } }

    func read(_ rows: Range<Int>, into block: FeatureMatrix, at firstRow: Int) throws {
        if let failingRow, rows.contains(failingRow) { throw Broken() }
        reads.withLock { $0 += rows.count }
        for (column, values) in columns.enumerated() {
            values.withUnsafeBufferPointer {
                block.store(column: column, firstRow: firstRow, values: UnsafeBufferPointer(rebasing: $0[rows]))
            }
        }
    }

    func readSegments(_ rows: Range<Int>, into segments: UnsafeMutableBufferPointer<UInt16>) {
        self.segments.withLock { _ = segments.update(fromContentsOf: $0[rows]) }
    }

    func writeSegments(_ segments: UnsafeBufferPointer<UInt16>, from firstRow: Int) {
        self.segments.withLock { all in for row in segments.indices { all[firstRow + row] = segments[row] } }
    }
}

struct StreamingKMeansTests {
    static func stream(
        _ columns: [[Double]], _ parameters: KMeansParameters, _ miniBatch: MiniBatch? = nil, threads: Int = 2
    ) throws -> (result: KMeansResult, segments: [UInt16]) {
        let source = ColumnsSource(columns)
        let result = try StreamingKMeans(parameters, miniBatch: miniBatch).fit(
            source, workers: Workers(threadCount: threads))
        return (result, source.written)
    }

    /// Whether a streamed fit is the fit in memory, bit by bit.
    static func expectEqual(
        _ streamed: (result: KMeansResult, segments: [UInt16]), _ whole: KMeansResult, _ comment: Comment
    ) {
        #expect(streamed.segments == whole.assignments, comment)
        #expect(streamed.result.assignments.isEmpty, comment)
        #expect(streamed.result.centroids == whole.centroids, comment)
        #expect(streamed.result.sizes == whole.sizes, comment)
        #expect(streamed.result.inertia == whole.inertia, comment)
        #expect(streamed.result.iterationCount == whole.iterationCount, comment)
        #expect(streamed.result.converged == whole.converged, comment)
        #expect(streamed.result.restart == whole.restart, comment)
        #expect(streamed.result.warnings == whole.warnings, comment)
        #expect(streamed.result.featureMeans == whole.featureMeans, comment)
        #expect(streamed.result.featureDeviations == whole.featureDeviations, comment)
        for (mine, theirs) in zip(streamed.result.iterations, whole.iterations) {
            #expect(mine.inertia == theirs.inertia, comment)
            #expect(mine.movedCount == theirs.movedCount, comment)
            #expect(mine.squaredShift == theirs.squaredShift, comment)
            #expect(mine.repairCount == theirs.repairCount, comment)
        }
    }

    @Test(arguments: [1, 15, 16, 1_000, 16_384, 16_385, 40_000])
    func aStreamedFitIsTheFitInMemoryBitByBit(rowCount: Int) throws {
        for seed in UInt64(0)..<3 {
            let columns = blobs(rowCount, features: 3 + Int(seed) * 7, groups: 5, seed: seed, spread: 1.5)
            for tolerance in [0, 1e-3] {
                let parameters = KMeansParameters(
                    clusterCount: 6, iterationLimit: 12, tolerance: tolerance, restartCount: 2, seed: seed)
                let whole = try fit(matrix(columns), parameters)
                for threads in [1, 2, 7] {
                    Self.expectEqual(
                        try Self.stream(columns, parameters, threads: threads), whole,
                        "seed \(seed), tolerance \(tolerance), \(threads) threads")
                }
            }
        }
    }

    @Test func theBestOfSeveralStartsIsWhatTheSourceHolds() throws {
        // The kept start must be any but the last at least once, or nothing is shown.
        var keptEarlier = 0
        for seed in UInt64(0)..<8 {
            let columns = blobs(2_000, features: 2, groups: 9, seed: seed)
            let parameters = KMeansParameters(clusterCount: 9, seeding: .random, restartCount: 4, seed: seed)
            let whole = try fit(matrix(columns), parameters)
            Self.expectEqual(try Self.stream(columns, parameters), whole, "seed \(seed)")
            keptEarlier += whole.restart < 3 ? 1 : 0
        }
        #expect(keptEarlier > 0)
    }

    @Test func emptySegmentsAreRepairedOrGivenUpAsInMemory() throws {
        let columns = blobs(20_000, features: 2, groups: 3, seed: 8)
        let far = try Centroids(featureCount: 2, values: [0, 0, 900, 900, -900, 900, 900, -900])
        let repaired = KMeansParameters(clusterCount: 4, seeding: .given(far), seed: 1)
        let whole = try fit(matrix(columns), repaired)
        #expect(whole.repairCount >= 3)
        Self.expectEqual(try Self.stream(columns, repaired), whole, "repaired")

        let few = [(0..<500).map { Double($0 % 3) }, (0..<500).map { Double($0 % 3 * 5) }]
        let start = try Centroids(featureCount: 2, values: [0, 0, 1, 5, 2, 10, 7, 7, 8, 8])
        let givenUp = KMeansParameters(clusterCount: 5, seeding: .given(start), seed: 1)
        let fewer = try fit(matrix(few), givenUp)
        #expect(fewer.clusterCount == 3)
        Self.expectEqual(try Self.stream(few, givenUp), fewer, "given up")
    }

    @Test func moreSegmentsThanRowsAndOneRowAreAsInMemory() throws {
        for columns in [[[2.0]], [[1, 2, 3], [4, 4, 4]], [[5, 5, 5, 5]]] {
            let parameters = KMeansParameters(clusterCount: 7, seed: 3)
            Self.expectEqual(try Self.stream(columns, parameters), try fit(matrix(columns), parameters), "\(columns)")
        }
        #expect(throws: SegmentationError.self) { _ = try Self.stream([[]], KMeansParameters(clusterCount: 2)) }
    }

    @Test func tightSegmentsFarFromZeroHaveTheInertiaOfTheFitInMemory() throws {
        let columns = blobs(30_000, features: 2, groups: 4, seed: 2).map { $0.map { 1_000 + 0.001 * $0 } }
        let parameters = KMeansParameters(clusterCount: 4, seed: 2)
        let whole = try fit(matrix(columns), parameters)
        #expect(whole.inertia > 0)
        Self.expectEqual(try Self.stream(columns, parameters), whole, "tight")
    }

    @Test func segmentsAreNumberedByFallingMeanAsInMemory() throws {
        let columns = blobs(40_000, features: 3, groups: 5, seed: 4)
        let values = columns[1].enumerated().map { $0.offset % 11 == 0 ? .nan : $0.element }
        let parameters = KMeansParameters(clusterCount: 5, seed: 4)
        let workers = Workers(threadCount: 2)
        let whole = try fit(matrix(columns), parameters).renumbered(byFallingMeanOf: values, workers: workers)
        let source = ColumnsSource(columns)
        let found = try StreamingKMeans(parameters).fit(source, workers: workers)
        let result = try StreamingKMeans.renumber(
            found, in: source, byFallingMeanOf: { rows, into in _ = into.update(fromContentsOf: values[rows]) },
            workers: workers)
        Self.expectEqual((result, source.written), whole, "numbered")
    }

    @Test func whatTheSourceThrowsEndsTheFit() throws {
        let source = ColumnsSource(blobs(40_000, features: 2, groups: 2, seed: 1), failingRow: 39_000)
        #expect(throws: ColumnsSource.Broken()) {
            try StreamingKMeans(KMeansParameters(clusterCount: 2)).fit(source, workers: Workers(threadCount: 3))
        }
    }

    @Test func manyRowsStartOnTheSamplesOfTheFitInMemory() throws {
        let workers = Workers(threadCount: 3)
        for seed in UInt64(0)..<4 {
            let columns = blobs(40_000, features: 4, groups: 6, seed: seed, spread: 1.5)
            let parameters = KMeansParameters(clusterCount: 6, restartCount: 2, seed: seed)
            for stages in [[700], [5_000, 700], [10_001]] {
                let whole = try StagedKMeans(matrix(columns), seed: seed, stages: stages, workers: workers)
                    .fit(parameters)
                let source = ColumnsSource(columns)
                let result = try StreamingKMeans(parameters).fit(source, stages: stages, workers: workers)
                Self.expectEqual((result, source.written), whole, "seed \(seed), stages \(stages)")
            }
        }
    }

    @Test func whereSamplesGiveNoStartTheFirstCentroidsAreSoughtInTheLargest() throws {
        let columns = blobs(8_000, features: 3, groups: 5, seed: 3)
        // Too few rows a segment for a start on the sample.
        let parameters = KMeansParameters(clusterCount: 5, seed: 1)
        let workers = Workers(threadCount: 2)
        let rows = try #require(StagedKMeans.samples(of: 8_000, stages: [400], seed: 1).first)
        let sample = try matrix(columns.map { column in rows.map { column[$0] } })
        var given = parameters
        given.seeding = .given(try KMeans(parameters).start(in: sample, workers: workers))
        let source = ColumnsSource(columns)
        let result = try StreamingKMeans(parameters).fit(source, stages: [400], workers: workers)
        Self.expectEqual((result, source.written), try fit(matrix(columns), given), "largest sample")
    }

    @Test func aSamplesPlacesInARangeAreThoseOfItsRowsThere() {
        let sample = StreamingSample(rows: [0, 3, 16, 17, 40])
        #expect(sample.places(in: 0..<16) == 0..<2)
        #expect(sample.places(in: 16..<32) == 2..<4)
        #expect(sample.places(in: 18..<40) == 4..<4)
        #expect(sample.places(in: 32..<48) == 4..<5)
        #expect(StreamingSample.samples(of: 9, stages: [4], seed: 1).map(\.rows) == [Array(0..<9)])
    }
}
