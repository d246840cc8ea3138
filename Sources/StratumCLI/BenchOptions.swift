import ArgumentParser
import Foundation
import Reports
import Segmentation
import Stratum
import VectorMath

/// The rows that a benchmark works on.
struct BenchRowOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Columns of the export, with commas between, standardized.", valueName: "a,b,c"))
    var features: String?

    @Option(
        help: ArgumentHelp(
            "Row counts: how many to generate, or how many of the first rows to take. (default: 1e6, or all)",
            valueName: "1e6,1e7"))
    var rows: CountListArgument?

    @Option(help: ArgumentHelp("Columns to generate. (default: 12)", valueName: "count"))
    var columns: Int?

    @Option(help: "How generated rows lie: clustered or uniform. (default: clustered)")
    var distribution: DistributionArgument?

    @Option(help: ArgumentHelp("Centers of clustered rows. (default: 8)", valueName: "count"))
    var centers: Int?

    var rowCounts: [Int] { rows?.counts ?? [1_000_000] }

    /// How many of the first rows are taken; empty for all of a file.
    func taken(_ files: [String]) -> [Int] { files.isEmpty ? rowCounts : rows?.counts ?? [] }

    private static let generatedCellLimit = 1 << 34

    func check(files: [String]) throws {
        let isMatrix = files.contains { $0.hasSuffix(".npy") }
        let hasPlan = Self.isPlan(files.first)
        if !files.isEmpty, columns != nil || distribution != nil || centers != nil {
            throw ValidationError("--columns, --distribution and --centers belong to generated rows, without a file.")
        }
        if isMatrix, files.count > 1 || features != nil {
            throw ValidationError("A .npy matrix is taken alone and as it is: without --features or other files.")
        }
        if features != nil, files.isEmpty || hasPlan {
            throw ValidationError("--features belongs to an export without a plan.")
        }
        if features == nil, !files.isEmpty, !isMatrix, !hasPlan || files.count < 2 {
            throw ValidationError("An export needs --features a,b,c, or a plan with segments before it.")
        }
        if let features, Self.names(features).contains("") {
            throw ValidationError("--features has an empty name in \"\(features)\".")
        }
        if let columns, !(1...65_536).contains(columns) {
            throw ValidationError("--columns is \(columns); give a number from 1 to 65536.")
        }
        if let centers, !(1...1_000_000).contains(centers) {
            throw ValidationError("--centers is \(centers); give a number from 1 to 1000000.")
        }
        if files.isEmpty, rowCounts.contains(where: { $0 > Self.generatedCellLimit / (columns ?? 12) }) {
            throw ValidationError("--rows times --columns is over 2^34 values; give fewer.")
        }
    }

    func source(_ files: [String], seed: UInt64) -> EngineCall.BenchSource {
        if let features { return .columns(Self.names(features), inputs: files) }
        guard let first = files.first else {
            return .generated(
                GeneratedRows(
                    rowCount: rowCounts.max() ?? 1, columnCount: columns ?? 12,
                    distribution: distribution?.distribution ?? .clustered,
                    centerCount: centers ?? 8, seed: seed))
        }
        if first.hasSuffix(".npy") { return .matrix(first) }
        return .plan(first, inputs: Array(files.dropFirst()))
    }

    private static func names(_ list: String) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    private static func isPlan(_ path: String?) -> Bool {
        [".yaml", ".yml", ".json"].contains { path?.hasSuffix($0) ?? false }
    }
}

/// The choices of a grid and how it is run.
struct BenchGridOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Numbers of segments. (default: 8)", valueName: "4,8 or 2...12"))
    var k: CountListArgument?

    @Option(
        help: ArgumentHelp(
            "Ways to start: greedyKMeansPlusPlus, kMeansPlusPlus, kMeansParallel, random. (default: the first)",
            valueName: "names"))
    var seeding: SeedingsArgument?

    @Option(
        help: ArgumentHelp(
            "First centroids: .npy in units of the matrix, or a CSV with a column for each feature, a row for each segment.",
            valueName: "file"),
        completion: .file())
    var start: String?

    @Option(help: ArgumentHelp("Algorithms: automatic, lloyd, hamerly, yinyang, or all. (default: automatic)"))
    var algorithm: AlgorithmsArgument?

    @Option(help: ArgumentHelp("Numbers of threads. (default: all cores)", valueName: "1,2"))
    var threads: CountListArgument?

    @Option(help: "A fit ends when its centroids move less than this; 0: when no row moves.")
    var tolerance = 1e-4

    @Option(help: ArgumentHelp("Iterations of a fit at most.", valueName: "count"))
    var iterations = 300

    @Option(help: ArgumentHelp("Measured runs of each cell.", valueName: "count"))
    var repeats = 5

    @Option(help: ArgumentHelp("Runs of each cell before those.", valueName: "count"))
    var warmup = 1

    @Option(help: "Seed of generated rows and of seeding. (default: 0)")
    var seed: UInt64?

    @Flag(help: "Leave out the silhouette, which takes about as long as some iterations.")
    var noSilhouette = false

    var threadCounts: [Int] { threads?.counts ?? [ProcessInfo.processInfo.activeProcessorCount] }

    func check() throws {
        if start != nil, k != nil || seeding != nil {
            throw ValidationError("--start brings its own centroids: leave out --k and --seeding.")
        }
        if let beyond = threadCounts.first(where: { $0 > 1024 }) {
            throw ValidationError("--threads is \(beyond); give numbers from 1 to 1024.")
        }
    }

    /// The grid, but for centroids that are given in a file: those need the rows to be read.
    func benchmark(rowCounts: [Int]) -> SegmentationBenchmark {
        var benchmark = SegmentationBenchmark()
        benchmark.rowCounts = rowCounts
        benchmark.clusterCounts = k?.counts ?? [8]
        benchmark.seedings = seeding?.seedings ?? [.greedyKMeansPlusPlus]
        benchmark.algorithms = algorithm?.algorithms ?? [.automatic]
        benchmark.threadCounts = threadCounts
        benchmark.tolerance = tolerance
        benchmark.iterationLimit = iterations
        benchmark.repeatCount = repeats
        benchmark.warmupCount = warmup
        benchmark.seed = seed ?? 0
        benchmark.findsSilhouettes = !noSilhouette
        return benchmark
    }
}

/// Where the results of a benchmark go.
struct BenchResultOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the results to this file too, as its name ends: .json, .csv, else a table.", valueName: "file"))
    var output: String?

    @Option(help: "The form of the results: table, json or csv.")
    var format: BenchFormat?

    @Flag(help: "Print the results as JSON on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Replace an output that exists.")
    var force = false

    @Option(help: ArgumentHelp("Compare with these earlier results (.json).", valueName: "file"), completion: .file())
    var baseline: String?

    @Option(
        help: ArgumentHelp(
            "End with status 7 when a cell takes longer than in the baseline by more than this. (default: 10%)",
            valueName: "p%"))
    var maxSlower: PercentArgument?

    @Flag(name: .shortAndLong, help: "No progress and no warnings.")
    var quiet = false

    @Option(help: "Color on the terminal: auto, always or never; NO_COLOR is heeded.")
    var color: ColorChoice = .auto

    mutating func validate() throws {
        if maxSlower != nil, baseline == nil { throw ValidationError("--max-slower needs --baseline FILE.") }
        if json, let format, format != .json { throw ValidationError("--json and --format contradict each other.") }
    }

    /// The form on standard output: what `--format` says unless a file has it.
    var shownFormat: BenchFormat { json ? .json : output == nil ? format ?? .table : .table }
}
