import Foundation
import Indicators
import LifetimeValue
import Reports
import Scoring
import Segmentation
import Stratum
import TableIO
import Tiers

/// Everything that the command asks of the library, and the only file that knows how the library wants to be asked.
struct EngineCall {
    private(set) var options: RunOptions
    let console: Console

    /// More than any model: one segment center for each of a thousand segments takes 1 MiB.
    static let modelByteLimit = 64 << 20

    init(
        _ console: Console, _ work: WorkOptions, _ input: InputOptions? = nil, _ output: OutputOptions? = nil,
        contributions: Bool? = nil, compress: OutputCompression? = nil, sha256: Bool = false
    ) {
        self.init(
            console, threadCount: work.threadCount, seed: work.seed, input, output, contributions: contributions,
            compress: compress, sha256: sha256)
    }

    init(
        _ console: Console, threadCount: Int, seed: UInt64?, _ input: InputOptions?, _ output: OutputOptions?,
        contributions: Bool? = nil, compress: OutputCompression? = nil, sha256: Bool = false
    ) {
        var options = RunOptions()
        options.threadCount = threadCount
        options.sync = !(output?.noSync ?? false)
        options.force = output?.force ?? false
        options.contributions = contributions
        options.maxRejects = input?.maxRejects?.limit
        options.delimiter = input?.delimiter?.byte
        if let input { options.numbers = input.numbers }
        options.picksDelimiter = input?.delimiter.map { $0.byte == nil } ?? false
        options.skippedLineCount = input?.skipLines
        options.commentByte = input?.comment?.byte
        options.encoding = input?.encoding.flatMap { TextEncoding(rawValue: $0.rawValue) }
        options.expectedRecordCount = input?.expectRows
        options.seed = seed
        options.maxDecompressedByteCount = input?.maxDecompressed?.byteCount
        options.memoryLimitByteCount = input?.memLimit?.byteCount
        options.compression = compress
        options.sha256 = sha256
        options.spreadsheetSafe = output?.spreadsheetSafe ?? false
        options.progress = { progress in
            console.show(
                stage: progress.stage, rowsDone: progress.rowsDone, bytesDone: progress.bytesDone,
                bytesTotal: progress.bytesTotal)
        }
        self.options = options
        self.console = console
    }

    /// The same call, whose segments continue those of a model.
    func continuing(_ previous: String?) throws -> EngineCall {
        guard let previous else { return self }
        var call = self
        call.options.previousSegments = try segmentModel(previous)
        return call
    }

    /// The same call, that tells reasons beside the scores.
    func telling(reasons: Bool) -> EngineCall {
        var call = self
        call.options.reasons = reasons
        return call
    }

    /// The same call, that tells order logs up to a day; nil leaves it to the plan.
    func counting(upTo day: Int?) -> EngineCall {
        var call = self
        call.options.asOf = day
        return call
    }

    /// The same call, with cut-offs of a model and the scores of the last run, where they are given.
    func layingOut(_ tiers: TierOptions, frozen: String? = nil) throws -> EngineCall {
        var call = self
        call.options.previousScores = tiers.previousScores
        call.options.frozenTiers = try frozen.map { try Model.decode(try fileBytes($0, limit: Self.modelByteLimit)) }
        return call
    }

    /// The same call, that keeps no customers in memory as `streaming` says; nil keeps them in it.
    func streaming(_ streaming: SegmentStreaming?) -> EngineCall {
        var call = self
        call.options.streaming = streaming
        return call
    }

    func run(plan: String, inputs: [String], outputFolder: String) throws -> RunResult {
        let inputs = try files(inputs, besides: [plan])
        return try Engine(plan: try resolvedPlan(plan), options: options).run(
            inputs: inputs, outputFolder: outputFolder)
    }

    func fit(plan: String, inputs: [String], model: String, _ sideFiles: SideFileOptions) throws -> RunResult {
        let inputs = try files(inputs, besides: [plan])
        return try Engine(plan: try resolvedPlan(plan), options: options).fit(
            inputs: inputs, output: model, rejects: sideFiles.rejects, summary: sideFiles.summary)
    }

    func score(
        model: String, inputs: [String], output: String, workList: String?, _ sideFiles: SideFileOptions
    ) throws -> RunResult {
        let inputs = try files(inputs, besides: [model])
        return try Engine.score(
            model: try storedModel(model), inputs: inputs, output: output,
            rejects: sideFiles.rejects, summary: sideFiles.summary, workList: workList, options: options)
    }

    func explain(model: String, inputs: [String], ids: [String]) throws -> Explanation {
        let inputs = try files(inputs, besides: [model])
        return try Engine.explain(
            model: try storedModel(model), inputs: inputs, ids: ids,
            options: options)
    }

    func weights(
        plan path: String, inputs: [String], outcome: String?, output: String?, replicateCount: Int
    ) throws -> (report: WeightReport, summary: RunSummary) {
        let inputs = try files(inputs, besides: [path])
        var plan = try resolvedPlan(path).plan
        if let outcome {
            if plan.weighting?.method.learnsFromOutcome != true { plan.weighting = Plan.Weighting(.leastSquares) }
            plan.weighting?.outcome = outcome
        }
        return try Engine(plan: try plan.resolved(), options: options).weights(
            inputs: inputs, output: output, replicateCount: replicateCount)
    }

    func indicators(
        _ columns: OrderColumns, state: OrderState?, spillFolder: String?, inputs: [String], output: String,
        _ sideFiles: SideFileOptions
    ) throws -> RunResult {
        var options = options
        options.spillFolder = spillFolder
        return try Engine.indicators(
            inputs: try files(inputs), of: columns, state: state, output: output, rejects: sideFiles.rejects,
            summary: sideFiles.summary, options: options)
    }

    /// The description of an export's columns: a table, or JSON.
    func inspect(
        inputs: [String], exactDistinct: Bool, form: ColumnSummaries.NumberForm, json: Bool
    ) throws -> String {
        let columns = try Engine.inspect(
            inputs: try files(inputs), exactDistinct: exactDistinct, options: options)
        guard json else { return columns.text(console.style, form: form) }
        return String(decoding: columns.json(form).encoded(indented: true), as: UTF8.self) + "\n"
    }

    /// Writes a sample export; returns its size in bytes.
    func generate(_ sample: SampleData, output: String) throws -> Int {
        let transaction = OutputTransaction(replacesExisting: options.force, isSynced: options.sync)
        let file = try transaction.create(
            output, compression: OutputCompression(path: output), threadCount: options.threadCount)
        try sample.write(threadCount: options.threadCount) { bytes in
            try file.append(bytes)
            console.show(stage: "write", rowsDone: 0, bytesDone: file.byteCount, bytesTotal: nil)
        }
        try file.finish()
        let byteCount = file.byteCount
        try transaction.commit()
        return byteCount
    }

    /// The same call, reading files as the plan of an order log says they are written, and the plan's columns; without a
    /// plan the call as it is.
    func planned(_ path: String?) throws -> (call: EngineCall, columns: OrderColumns?) {
        guard let path else { return (self, nil) }
        let plan = try resolvedPlan(path).plan
        guard let columns = plan.input.orderColumns else {
            throw CommandError(
                status: .usage, problem: "the plan reads customers, not order lines", place: "\(path), input",
                remedy: "give one with input: {kind: orders, ...}, or name the columns by options")
        }
        var call = self
        call.options = options.completed(by: plan.input)
        call.options.maxRejects = options.maxRejects ?? plan.limits.maxRejects
        return (call, columns)
    }

    /// The files that names stand for; says which of a folder's files were left out.
    func files(_ names: [String], besides taken: [String] = []) throws -> [String] {
        let inputs = try InputPaths(names, besides: taken)
        if !inputs.leftOut.isEmpty {
            console.warn("left out, not data by name: " + inputs.leftOut.joined(separator: ", "))
        }
        return inputs.paths
    }

    /// The plan in a file, with the options that overrule it.
    func resolvedPlan(_ path: String) throws -> ResolvedPlan { try plan(path).resolved() }

    /// The same, unresolved.
    func plan(_ path: String) throws -> Plan {
        overruled(try Plan(planNode(ofText: try fileBytes(path, limit: PlanNode.byteLimit))))
    }

    /// A plan that says of the input what the options say.
    func overruled(_ plan: Plan) -> Plan {
        var plan = plan
        plan.input = options.applied(to: plan.input)
        return plan
    }
}

/// The status that a failure of the library ends the command with; nil for errors of other origin.
func engineStatus(of error: any Error) -> ExitStatus? {
    switch error {
    case is PlanError: .usage
    case is ModelError, is ExportError: .model
    case let error as EngineError:
        switch error.kind {
        case .noCustomers, .unusableHistory, .unusableWeight, .lifetimeFit, .tooManyGroups, .emptyFigure: .input
        case .otherFeatures, .otherTiers, .unusableState: .model
        case .noSegments, .optionConflict: .usage
        }
    case is IndicatorsError: .resource
    case is ScoringError, is TiersError, is SegmentationError: .input
    case let error as LifetimeFitError: error.kind.status
    case let error as BenchmarkError: error.kind.status
    case let error as TableIOError:
        switch error.category {
        case .inputData: .input
        case .fileAccess: .io
        case .resourceLimit: .resource
        case .closedPipe: .closedPipe
        }
    default: nil
    }
}
