public import Reports
public import Segmentation

/// A grid of k-means fits whose times are taken side by side, on rows of one kind.
///
/// ```swift
/// var benchmark = SegmentationBenchmark()
/// benchmark.clusterCounts = [4, 8, 16]
/// benchmark.threadCounts = [1, 2]
/// let rows = try BenchmarkRows(GeneratedRows(rowCount: 1_000_000, columnCount: 12), workers: Workers(threadCount: 2))
/// print(try benchmark.run(on: rows).text(TerminalStyle()))
/// ```
///
/// All cells run once to warm up, then all of them again and again in turn, so that a machine that changes its pace
/// does so for all cells alike. Beside each fit the same threads read the matrix once and do nothing with it. What
/// cells must agree on (for equal rows, k and start: inertia to the last bit, iterations) is checked.
public struct SegmentationBenchmark: Sendable {
    /// Counts of the first rows to take; empty for all rows.
    public var rowCounts: [Int] = []
    /// Segments asked for.
    public var clusterCounts = [8]
    /// How first centroids are found. Given ones bring their own number of segments.
    public var seedings: [KMeansSeeding] = [.greedyKMeansPlusPlus]
    /// How assignments are computed.
    public var algorithms: [KMeansAlgorithm] = [.automatic]
    /// Threads to use.
    public var threadCounts = [1]
    /// When a fit ends; see `KMeansParameters.tolerance`.
    public var tolerance = 1e-4
    /// Iterations of a fit at most.
    public var iterationLimit = 300
    /// What seeding follows from.
    public var seed: UInt64 = 0
    /// Measured runs of each cell, 1 or more.
    public var repeatCount = 5
    /// Runs of each cell before the first that is measured, 0 or more.
    public var warmupCount = 1
    /// Whether the simplified silhouette of each answer is computed; it takes rows x features x segments steps.
    public var findsSilhouettes = true
    /// Called before each run, by the thread that called `run`.
    public var progress: (@Sendable (BenchmarkProgress) -> Void)?
    /// Asked before each run; true ends the benchmark with `CancellationError`.
    public var isCancelled: @Sendable () -> Bool = { false }

    /// One cell: 8 segments, one thread.
    public init() {}

    /// What holds for all cells on rows of this name and number of features.
    public func settings(dataName: String, columnCount: Int) -> BenchmarkSettings {
        BenchmarkSettings(
            dataName: dataName, columnCount: columnCount, tolerance: tolerance, iterationLimit: iterationLimit,
            seed: seed, repeatCount: repeatCount, warmupCount: warmupCount)
    }

    /// Checks the choices against each other and against the number of rows.
    ///
    /// - Throws: `BenchmarkError` of kind `invalidGrid`.
    public func validate(rowCount: Int) throws(BenchmarkError) {
        func check(_ holds: Bool, _ place: String, _ problem: String, _ remedy: String) throws(BenchmarkError) {
            if !holds { throw BenchmarkError(.invalidGrid, at: place, problem, remedy: remedy) }
        }
        func each(_ values: [Int], _ range: ClosedRange<Int>, _ place: String) throws(BenchmarkError) {
            try check(!values.isEmpty, place, "no value", "give one or more")
            for (index, value) in values.enumerated() {
                try check(
                    range.contains(value), place, "\(value) is out of range",
                    "give \(range.lowerBound) to \(range.upperBound)")
                try check(!values[..<index].contains(value), place, "\(value) stands there twice", "give it once")
            }
        }
        if !rowCounts.isEmpty { try each(rowCounts, 1...max(1, rowCount), "row counts") }
        try each(clusterCounts, 1...65_534, "segment counts")
        try each(threadCounts, 1...1024, "thread counts")
        try check(!seedings.isEmpty && !algorithms.isEmpty, "grid", "no start or no algorithm", "name one or more")
        try check(
            Set(seedings.map(\.word)).count == seedings.count, "starts", "one stands there twice", "give it once")
        try check(Set(algorithms).count == algorithms.count, "algorithms", "one stands there twice", "give it once")
        try check(repeatCount >= 1, "repeats", "\(repeatCount) runs", "give 1 or more")
        try check(warmupCount >= 0, "warm-ups", "\(warmupCount) runs", "give 0 or more")
        try check(iterationLimit >= 1, "iteration limit", "\(iterationLimit) iterations", "give 1 or more")
        try check(tolerance >= 0 && tolerance.isFinite, "tolerance", "\(tolerance)", "give 0 or more")
    }

    /// Refuses earlier results whose times say nothing about those of this grid.
    ///
    /// - Throws: `BenchmarkError` of kind `otherBaseline`.
    public func checkComparable(_ baseline: BenchmarkReport, columnCount: Int) throws(BenchmarkError) {
        let mine = settings(dataName: "", columnCount: columnCount)
        let differences = mine.differences(from: baseline.settings)
        guard !differences.isEmpty else { return }
        throw BenchmarkError(
            .otherBaseline, at: "baseline", "it was made under other settings: " + differences.joined(separator: "; "),
            remedy: "give the same settings, or make a new baseline")
    }
}

/// How far a grid of runs has come.
public struct BenchmarkProgress: Equatable, Sendable {
    /// Runs that are over, those to warm up included.
    public var runsDone: Int
    /// Runs in all.
    public var runCount: Int
    /// The cell that is about to run.
    public var cell: BenchmarkCell.Key

    /// How far it has come.
    public init(runsDone: Int, runCount: Int, cell: BenchmarkCell.Key) {
        self.runsDone = runsDone
        self.runCount = runCount
        self.cell = cell
    }
}

extension KMeansSeeding {
    /// The word for it in plans, options and reports.
    public var word: String {
        switch self {
        case .greedyKMeansPlusPlus: "greedyKMeansPlusPlus"
        case .kMeansPlusPlus: "kMeansPlusPlus"
        case .kMeansParallel: "kMeansParallel"
        case .random: "random"
        case .given: "given"
        }
    }
}
