import Reports
import Scoring
public import TableIO
import Tables
import Tiers
import VectorMath

/// The whole of a run: an input and a plan in; scores, tiers and segments out.
///
/// ```swift
/// let engine = Engine(plan: try plan.resolved(), options: options)
/// let result = try engine.run(input: "customers.csv", outputFolder: "out")
/// print(result.summary.rows.accepted)
/// ```
///
/// `run` does what the picture of the house shows, from left to right, and parses the input once.
public struct Engine: Sendable {
    /// The release of the engine.
    public static let version = "0.1.0"

    /// What is to be done.
    public let plan: ResolvedPlan
    /// How it is carried out.
    public let options: RunOptions

    var workers: Workers { Workers(threadCount: options.threadCount) }

    /// An engine for a plan; the options' seed replaces that of the plan.
    public init(plan: ResolvedPlan, options: RunOptions) {
        var plan = plan
        if let seed = options.seed { plan = plan.seeded(seed) }
        self.plan = plan
        self.options = options
    }

    /// Scores the customers of the files, which count as one, lays them out and writes everything into a folder, which is made if need be:
    /// scores.csv, tiers.csv, segments.csv, classes.csv, worklist.csv (if the plan has what they hold), rejects.csv,
    /// model.json and summary.json.
    ///
    /// The names appear together, or none does; scores.csv is last.
    ///
    /// - Parameter inputs: one or more paths, `-` for stdin.
    /// - Throws: `TableIOError`, `ScoringError`, `TiersError`, `SegmentationError`, `EngineError`, `CancellationError`.
    public func run(inputs: [String], outputFolder: String) throws -> RunResult {
        try run(options.sources(inputs), outputFolder: outputFolder)
    }

    /// The same for one file.
    public func run(input: String, outputFolder: String) throws -> RunResult {
        try run(inputs: [input], outputFolder: outputFolder)
    }

    /// The same for a source from memory or a function.
    public func run(_ source: InputSource, outputFolder: String) throws -> RunResult {
        try run([source], outputFolder: outputFolder)
    }

    /// The same for one or more sources, which count as one.
    public func run(_ sources: [InputSource], outputFolder: String) throws -> RunResult {
        try plan.checkContributions(options)
        var stopwatch = Stopwatch()
        let files = try RunFiles(
            folder: outputFolder, sources: sources, hasSegments: plan.plan.segments != nil,
            hasClasses: !plan.labels.isEmpty, hasWorkList: plan.plan.workList != nil, options)

        let population = try stopwatch.time("read") {
            try Population.read(sources, by: plan, options) { try files.reject($0) }
        }
        try population.requireCustomers()
        let fitted = try fit(population, &stopwatch)
        let labels = try stopwatch.time("write") {
            let labels = try write(population, fitted, to: files.scores)
            try files.classes?.append(ClassReport.csv(labels.reports(of: fitted.model)))
            try files.workList?.append(
                labels.workListText(of: fitted.model, spreadsheetSafe: options.spreadsheetSafe))
            try files.tiers.append(fitted.layout.report.csv)
            if let segmentation = fitted.segmentation { try files.segments?.append(segmentation.report.csv) }
            try files.model.append(fitted.model.encode())
            return labels
        }
        var result = result(of: "run", population, fitted, stopwatch)
        result.add(labels, of: fitted.model)
        result.summary.outputs = try stopwatch.time("commit") { try files.commit(&result.summary) }
        return result
    }

    /// Fits a model to the customers of the files, which count as one, and writes it.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin.
    ///   - rejects: where rejected records go; nil counts them only.
    ///   - summary: where the summary goes.
    /// - Throws: as `run`.
    public func fit(inputs: [String], output: String, rejects: String?, summary: String?) throws -> RunResult {
        var stopwatch = Stopwatch()
        let sources = try options.sources(inputs)
        let files = try VerbFiles(model: output, rejects: rejects, summary: summary, sources: sources, options)
        let population = try stopwatch.time("read") {
            try Population.read(sources, by: plan, options) { try files.reject($0) }
        }
        try population.requireCustomers()
        let fitted = try fit(population, &stopwatch)
        let labels = try stopwatch.time("names") { try self.labels(of: population, fitted) }
        try files.output.append(fitted.model.encode())
        var result = result(of: "fit", population, fitted, stopwatch)
        result.add(labels, of: fitted.model)
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }

    /// Fits a model to the customers of a source and keeps it in memory.
    public func fit(_ source: InputSource) throws -> Model {
        var stopwatch = Stopwatch()
        let population = try Population.read([source], by: plan, options) { _ in }
        try population.requireCustomers()
        return try fit(population, &stopwatch).model
    }
}

extension Population {
    func requireCustomers() throws { try intake.requireCustomers(table.rowCount) }
}

extension Intake {
    func requireCustomers(_ rowCount: Int) throws {
        guard rowCount == 0 else { return }
        throw EngineError(
            .noCustomers, at: path,
            "no customer to score: \(statistics.recordCount) records read, \(statistics.rejectedCount) rejected",
            remedy: "check the export and its rejects")
    }
}
