import Reports
import Segmentation
import VectorMath

/// One cell of a grid while its runs are made.
struct BenchmarkTrial {
    /// What decides the answer: cells that differ in nothing of it must agree.
    struct Question: Hashable {
        let rowCount: Int
        let clusterCount: Int
        let seeding: String
    }

    /// What a fit found, as far as it must not depend on algorithm, threads or the run.
    struct Answer: Equatable {
        let inertia: Double
        let iterationCount: Int

        var words: String { "inertia \(inertia) after \(iterationCount) iterations" }
    }

    let matrix: FeatureMatrix
    private let parameters: KMeansParameters
    let workers: Workers
    private var seedingSeconds: [Double] = []
    private var fitSeconds: [Double] = []
    private var iterationSeconds: [Double] = []
    private var readSeconds: [Double] = []
    private var bitSum: UInt64 = 0
    private(set) var result: KMeansResult?
    /// What the first run found.
    private(set) var answer: Answer?
    /// How a later run differs from the first; nil if none does.
    private(set) var change: String?

    init(matrix: FeatureMatrix, parameters: KMeansParameters, workers: Workers) {
        self.matrix = matrix
        self.parameters = parameters
        self.workers = workers
    }

    var key: BenchmarkCell.Key {
        BenchmarkCell.Key(
            rowCount: matrix.rowCount, clusterCount: parameters.clusterCount, seeding: parameters.seeding.word,
            algorithm: parameters.algorithm.rawValue, threadCount: workers.threadCount)
    }

    var question: Question {
        Question(
            rowCount: matrix.rowCount, clusterCount: parameters.clusterCount, seeding: parameters.seeding.word)
    }

    /// Reads the matrix, finds first centroids and fits, and takes the time of each if it is measured.
    mutating func run(isMeasured: Bool) throws {
        let clock = ContinuousClock()
        let read = isMeasured ? timeOfReading(clock) : 0
        let begin = clock.now
        let start = try KMeans(parameters).start(in: matrix, workers: workers)
        let seeded = clock.now
        // Fewer than asked where there are fewer distinct rows.
        var given = parameters
        given.clusterCount = start.clusterCount
        given.seeding = .given(start)
        var ends: [ContinuousClock.Instant] = []
        let result = try KMeans(given).fit(matrix, workers: workers) { _ in ends.append(clock.now) }
        let end = clock.now
        if isMeasured {
            readSeconds.append(read)
            seedingSeconds.append((seeded - begin) / .seconds(1))
            fitSeconds.append((end - seeded) / .seconds(1))
            iterationSeconds.append(
                ends.count > 1
                    ? (ends[ends.count - 1] - ends[0]) / .seconds(ends.count - 1) : (end - seeded) / .seconds(1))
        }
        note(result)
    }

    /// Seconds of reading the matrix once, the mean of as many times as fit into 10 ms, 100 at most.
    private mutating func timeOfReading(_ clock: ContinuousClock) -> Double {
        let begin = clock.now
        var passCount = 0
        while passCount == 0 || (passCount < 100 && clock.now - begin < .milliseconds(10)) {
            bitSum = matrix.bitSum(workers: workers)
            passCount += 1
        }
        return (clock.now - begin) / .seconds(passCount)
    }

    private mutating func note(_ result: KMeansResult) {
        let found = Answer(inertia: result.inertia, iterationCount: result.iterationCount)
        if let answer, answer != found, change == nil {
            change = "\(key.phrase): \(found.words) in one run, \(answer.words) in the first"
        }
        if answer == nil { answer = found }
        self.result = result
    }

    /// The figures of all measured runs.
    func cell() throws -> BenchmarkCell {
        guard let result else { preconditionFailure("a cell without a run") }
        let skippedCount = result.iterations.reduce(0) { $0 + $1.skippedCount }
        let visitCount = matrix.rowCount * max(1, result.iterationCount)
        let isGiven = if case .given = parameters.seeding { true } else { false }
        return BenchmarkCell(
            key: key, matrixByteCount: matrix.rowCount * matrix.columnCount * MemoryLayout<Float>.size,
            dataChecksum: Self.hexadecimal(bitSum),
            seeding: isGiven ? nil : Self.times(seedingSeconds), fit: Self.times(fitSeconds),
            iteration: Self.times(iterationSeconds), read: Self.times(readSeconds),
            iterationCount: result.iterationCount, converged: result.converged,
            skippedShare: Double(skippedCount) / Double(visitCount), inertia: result.inertia)
    }

    /// Times above 0: the clock may stand still over the smallest matrices.
    private static func times(_ seconds: [Double]) -> BenchmarkTimes {
        BenchmarkTimes(seconds.map { max($0, 1e-9) })
    }

    private static func hexadecimal(_ bits: UInt64) -> String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
