import Reports
import Segmentation
import Synchronization
import Testing
import VectorMath

@testable import Stratum

struct SegmentationBenchmarkTests {
    private let workers = Workers(threadCount: 2)

    private func rows(_ count: Int = 2_000, seed: UInt64 = 0) throws -> BenchmarkRows {
        try BenchmarkRows(GeneratedRows(rowCount: count, columnCount: 3, seed: seed), workers: workers)
    }

    private func tinyGrid() -> SegmentationBenchmark {
        var benchmark = SegmentationBenchmark()
        benchmark.rowCounts = [500, 2_000]
        benchmark.clusterCounts = [2, 3]
        benchmark.seedings = [.greedyKMeansPlusPlus, .random]
        benchmark.algorithms = KMeansAlgorithm.allCases
        benchmark.threadCounts = [1, 2]
        benchmark.repeatCount = 2
        return benchmark
    }

    @Test func everyCombinationIsACellAndAllAnswersAgree() throws {
        let benchmark = tinyGrid()
        let report = try benchmark.run(on: rows())
        #expect(report.cells.count == 2 * 2 * 2 * KMeansAlgorithm.allCases.count * 2)
        #expect(Set(report.cells.map(\.key)).count == report.cells.count)
        #expect(report.disagreements.isEmpty)
        for cell in report.cells {
            #expect(cell.fit.runs.count == 2 && cell.read.runs.count == 2 && cell.seeding?.runs.count == 2)
            #expect(cell.iterationCount >= 1 && (0...1).contains(cell.skippedShare))
            #expect(cell.matrixByteCount == cell.key.rowCount * 3 * 4)
            #expect((-1...1).contains(cell.silhouette ?? 2))
        }
    }

    @Test func aCellFindsWhatAPlainFitFinds() throws {
        let rows = try rows()
        var benchmark = SegmentationBenchmark()
        benchmark.clusterCounts = [4]
        benchmark.repeatCount = 1
        benchmark.seed = 9
        let cell = try #require(try benchmark.run(on: rows).cells.first)
        let result = try KMeans(KMeansParameters(clusterCount: 4, seed: 9)).fit(rows.matrix, workers: workers)
        #expect(cell.inertia == result.inertia && cell.iterationCount == result.iterationCount)
        #expect(abs((cell.silhouette ?? 0) - slowSilhouette(rows.matrix, result)) < 1e-5)
    }

    /// Straight from the definition, in Double.
    private func slowSilhouette(_ matrix: FeatureMatrix, _ result: KMeansResult) -> Double {
        let sum = (0..<matrix.rowCount).reduce(0.0) { sum, row in
            let distances = (0..<result.clusterCount).map { cluster in
                zip(matrix.row(row), result.centroids[cluster]).reduce(0.0) {
                    $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
                }.squareRoot()
            }
            let own = distances[Int(result.assignments[row])]
            let other = distances.enumerated().filter { $0.offset != Int(result.assignments[row]) }.map(\.element)
            let nearest = other.min() ?? 0
            return sum + (nearest - own) / max(nearest, own)
        }
        return sum / Double(matrix.rowCount)
    }

    @Test func answersThatDifferAreTold() throws {
        let parameters = KMeansParameters(clusterCount: 2)
        var trials = try [0, 1].map {
            BenchmarkTrial(matrix: try rows(seed: $0).matrix, parameters: parameters, workers: workers)
        }
        for index in trials.indices { try trials[index].run(isMeasured: true) }
        let told = SegmentationBenchmark.disagreements(of: trials)
        #expect(told.count == 1)
        #expect(told[0].contains("k 2") && told[0].contains("inertia"))
        #expect(SegmentationBenchmark.disagreements(of: [trials[0], trials[0]]).isEmpty)
    }

    @Test func cellsTakeTurns() throws {
        let seen = Mutex<[Int]>([])
        var benchmark = SegmentationBenchmark()
        benchmark.clusterCounts = [2, 3]
        benchmark.repeatCount = 2
        benchmark.progress = { progress in
            seen.withLock { $0.append(progress.cell.clusterCount) }
            #expect(progress.runCount == 6)
        }
        _ = try benchmark.run(on: rows())
        #expect(seen.withLock { $0 } == [2, 3, 2, 3, 2, 3])
    }

    @Test func itCanBeStopped() throws {
        var benchmark = SegmentationBenchmark()
        benchmark.isCancelled = { true }
        #expect(throws: CancellationError.self) { try benchmark.run(on: rows()) }
    }

    @Test func givenCentroidsBringTheirNumber() throws {
        var benchmark = SegmentationBenchmark()
        benchmark.seedings = [.given(try Centroids(featureCount: 3, values: [0, 0, 0, 1, 1, 1, 2, 2, 2]))]
        benchmark.repeatCount = 1
        let report = try benchmark.run(on: rows())
        #expect(report.cells.map(\.key.clusterCount) == [3])
        #expect(report.cells[0].seeding == nil && report.cells[0].key.seeding == "given")
    }

    @Test func choicesOutOfRangeAreRefused() throws {
        func refused(_ change: (inout SegmentationBenchmark) -> Void) -> String {
            var benchmark = SegmentationBenchmark()
            change(&benchmark)
            do throws(BenchmarkError) {
                try benchmark.validate(rowCount: 100)
                return ""
            } catch {
                return error.kind == .invalidGrid ? error.description : "another kind"
            }
        }
        #expect(refused { _ in } == "")
        #expect(refused { $0.rowCounts = [101] } == "101 is out of range (row counts): give 1 to 100")
        #expect(refused { $0.clusterCounts = [0] }.contains("segment counts"))
        #expect(refused { $0.clusterCounts = [] }.contains("no value"))
        #expect(refused { $0.threadCounts = [2, 1, 2] } == "2 stands there twice (thread counts): give it once")
        #expect(refused { $0.algorithms = [] }.contains("no algorithm"))
        #expect(refused { $0.algorithms = [.lloyd, .lloyd] }.contains("twice"))
        #expect(refused { $0.seedings = [.random, .random] }.contains("twice"))
        #expect(refused { $0.repeatCount = 0 }.contains("repeats"))
        #expect(refused { $0.warmupCount = -1 }.contains("warm-ups"))
        #expect(refused { $0.iterationLimit = 0 }.contains("iteration limit"))
        #expect(refused { $0.tolerance = .nan }.contains("tolerance"))
    }

    @Test func otherSettingsThanTheBaselinesAreRefused() throws {
        var benchmark = SegmentationBenchmark()
        benchmark.repeatCount = 1
        let report = try benchmark.run(on: rows())
        #expect(throws: Never.self) { try benchmark.checkComparable(report, columnCount: 3) }
        benchmark.tolerance = 0
        #expect(throws: BenchmarkError.self) { try benchmark.checkComparable(report, columnCount: 3) }
    }

    @Test func resultsAreReadBackFromTheirFile() throws {
        var benchmark = SegmentationBenchmark()
        benchmark.repeatCount = 2
        let report = try benchmark.run(on: rows())
        let bytes = report.json.encoded(indented: true)
        #expect(try BenchmarkReport.decode(bytes, path: "r.json") == report)
        for (from, to, problem) in [
            ("stratum benchmark", "other", "no file of benchmark results"),
            ("\"version\": 1", "\"version\": 2", "version 2"),
            ("\"inertia\"", "\"inertness\"", "'inertia' is missing"), ("\"cores\": ", "\"cores\": 0.", "cores"),
            ("{", "[", "not JSON"),
        ] {
            let text = String(decoding: bytes, as: UTF8.self)
            let changed = Array(text.replacing(from, with: to, maxReplacements: 1).utf8)
            let error = #expect(throws: BenchmarkError.self) { try BenchmarkReport.decode(changed, path: "r.json") }
            #expect(
                error?.kind == .badBaseline && error?.description.contains(problem) == true,
                "\(String(describing: error))")
        }
    }
}
