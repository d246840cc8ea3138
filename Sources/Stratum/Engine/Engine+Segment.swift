import Reports
import Scoring
import Segmentation
import TableIO
import Tables
import VectorMath

extension Engine {
    /// Finds the plan's segments and writes one row a customer: id and segment.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin; they count as one.
    ///   - output: a path, `-` for stdout.
    ///   - rejects: where rejected records go; nil counts them only.
    ///   - summary: where the summary goes.
    /// - Throws: as `run`; `EngineError` of kind `noSegments` if the plan has none.
    public func segment(inputs: [String], output: String, rejects: String?, summary: String?) throws -> RunResult {
        guard let segments = plan.plan.segments else {
            throw EngineError(
                .noSegments, at: "segments", "the plan has no segments",
                remedy: "add `segments: 6`, or name features with --features and --k")
        }
        var stopwatch = Stopwatch()
        let sources = try options.sources(inputs)
        let files = try VerbFiles(output: output, rejects: rejects, summary: summary, sources: sources, options)
        let population = try stopwatch.time("read") {
            try Population.read(sources, by: plan, options) { try files.reject($0) }
        }
        try population.requireCustomers()
        try options.begin("fit", of: population)
        let scoringFit = try stopwatch.time("fit") { try ScoringFit(population, by: plan, workers: workers) }
        try options.begin(
            "segments", of: population, needed: plan.segmentByteCount(rowCount: population.table.rowCount))
        let layout = try stopwatch.time("segments") {
            try SegmentLayout(
                population, scorer: Scorer(scoringFit.scoring), by: plan, segments, workers: workers)
        }
        try options.begin("write", of: population)
        try stopwatch.time("write") { try write(population, layout, to: files.output) }
        let summary = RunSummary(
            engineVersion: Self.version, verb: "segment", rows: population.intake.rows,
            missing: zip(plan.columns, scoringFit.missingCounts).map { .init($0, $1) },
            warnings: population.intake.warnings + scoringFit.warnings.map(\.description) + layout.warnings,
            inputs: population.intake.files, stages: stopwatch.stages,
            results: [.init("segments", layout.report.json)], plan: plan.json)
        var result = RunResult(summary: summary, pyramid: nil, firstRejects: population.intake.firstRejects)
        result.segments = layout.report
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }

    /// Finds segments in some columns, standardized to mean 0 and standard deviation 1, without a plan.
    public static func segment(
        features: [String], segmentCount: Int, idColumn: String, inputs: [String], output: String, rejects: String?,
        summary: String?, options: RunOptions
    ) throws -> RunResult {
        let plan = Plan(
            dimensions: [
                Plan.Dimension("features", indicators: features.map { Plan.Indicator($0) })
            ], input: Plan.Input(id: idColumn),
            segments: Plan.Segments(count: segmentCount, features: .zScore))
        return try Engine(plan: try plan.resolved(), options: options).segment(
            inputs: inputs, output: output, rejects: rejects, summary: summary)
    }

    private func write(_ population: Population, _ layout: SegmentLayout, to output: OutputFile) throws {
        let field = CSVField(spreadsheetSafe: options.spreadsheetSafe)
        let names = layout.model.names.enumerated().map {
            field.bytes("\($0.offset + 1)".utf8) + [0x2C] + field.bytes($0.element.utf8)
        }
        let buffer = RowBuffer(capacity: 1 << 20)
        buffer.append(field.bytes(plan.plan.input.id.utf8))
        buffer.append(",segment,segment_name\n".utf8)
        for (number, batch) in population.table.batches.enumerated() {
            let first = population.table.rowOffsets[number]
            for row in 0..<batch.rowCount {
                buffer.append(field.bytes(batch.identifiers[row]))
                buffer.append([0x2C])
                buffer.append(names[Int(layout.assignments[first + row])])
                buffer.append([0x0A])
            }
            try output.append(buffer)
            buffer.removeAll()
        }
    }
}
