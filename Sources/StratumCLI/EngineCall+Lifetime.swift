import Indicators
import LifetimeValue
import Stratum

extension EngineCall {
    /// Scores customers by recency, frequency and monetary value.
    func rfm(
        _ columns: OrderColumns, _ choices: RFMOptions, spillFolder: String?, inputs: [String], output: String,
        _ sideFiles: SideFileOptions
    ) throws -> RunResult {
        var options = options
        options.spillFolder = spillFolder
        let inputs = try files(inputs, besides: choices.rules.map { [$0] } ?? [])
        let segments = try choices.rules.map { try self.segments($0, scoreCount: choices.scores) }
        return try Engine.rfm(
            inputs: inputs, of: columns, by: choices.specification, isMean: choices.monetary == .mean,
            segments: try segments ?? .usual(scoreCount: choices.scores), output: output, rejects: sideFiles.rejects,
            summary: sideFiles.summary, options: options)
    }

    /// The rules of a file; an error tells the file beside the place in it.
    private func segments(_ path: String, scoreCount: Int) throws -> RFMSegments {
        do {
            return try RFMSegments(
                rulesOf: planNode(ofText: try fileBytes(path, limit: PlanNode.byteLimit)), scoreCount: scoreCount)
        } catch let error as PlanError {
            let line = error.position.map { "line \($0.line), column \($0.column)" }
            let place = [path, error.keyPath.isEmpty ? nil : error.keyPath, line].compactMap(\.self)
            throw CommandError(
                status: .usage, problem: error.problem, place: place.joined(separator: ", "), remedy: error.remedy)
        }
    }

    func lifetimeFit(
        _ input: LifetimeInput, _ specification: LifetimeSpecification, inputs: [String], output: String,
        _ sideFiles: SideFileOptions
    ) throws -> RunResult {
        try Engine.fitLifetime(
            inputs: try files(inputs), of: input, specification, output: output, rejects: sideFiles.rejects,
            summary: sideFiles.summary, options: options)
    }

    func lifetimePredict(
        _ model: String, _ input: LifetimeInput, _ prediction: LifetimePrediction, inputs: [String], output: String,
        _ sideFiles: SideFileOptions
    ) throws -> RunResult {
        let inputs = try files(inputs, besides: [model])
        let fitted = try StoredLifetime.decode(try fileBytes(model, limit: Self.modelByteLimit))
        return try Engine.predictLifetime(
            fitted, inputs: inputs, of: input, prediction, output: output, rejects: sideFiles.rejects,
            summary: sideFiles.summary, options: options)
    }

    func contractFit(
        _ input: ContractInput, period: TimeUnit, inputs: [String], output: String, _ sideFiles: SideFileOptions
    ) throws -> RunResult {
        try Engine.fitContracts(
            inputs: try files(inputs), of: input, period: period, output: output, rejects: sideFiles.rejects,
            summary: sideFiles.summary, options: options)
    }

    func contractPredict(
        _ model: String, _ columns: ContractColumns, _ prediction: LifetimePrediction, inputs: [String],
        output: String, _ sideFiles: SideFileOptions
    ) throws -> RunResult {
        let inputs = try files(inputs, besides: [model])
        let fitted = try StoredContracts.decode(try fileBytes(model, limit: Self.modelByteLimit))
        return try Engine.predictContracts(
            fitted, inputs: inputs, of: columns, prediction, output: output, rejects: sideFiles.rejects,
            summary: sideFiles.summary, options: options)
    }

    func lifetimeBacktest(
        _ columns: OrderColumns, _ specification: LifetimeSpecification, inputs: [String]
    ) throws -> RunResult {
        try Engine.backtestLifetime(inputs: try files(inputs), of: columns, specification, options: options)
    }
}
