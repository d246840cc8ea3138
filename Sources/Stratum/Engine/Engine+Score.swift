public import Reports
import Scoring
import Segmentation
public import TableIO
import Tables
import Tiers
import VectorMath

extension Engine {
    /// Scores the customers of a file with a stored model, block by block in bounded memory.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin; they count as one.
    ///   - output: a path, `-` for stdout.
    ///   - rejects: where rejected records go; nil counts them only.
    ///   - summary: where the summary goes.
    ///   - workList: where the work list goes, if the model's plan has one; nil for nowhere.
    /// - Throws: as `run`.
    /// - Complexity: memory for some blocks and about 16 bytes a row to find repeated ids, at any row count.
    public static func score(
        model: Model, inputs: [String], output: String, rejects: String?, summary: String?, workList: String? = nil,
        options: RunOptions
    ) throws -> RunResult {
        try model.checkColumns(options)
        if workList != nil, model.plan.plan.workList == nil {
            throw EngineError(
                .optionConflict, at: "workList", "the model's plan has no work list",
                remedy: "add 'workList:' to the plan and fit again, or leave the option out")
        }
        let sources = try options.sources(inputs)
        let files = try VerbFiles(
            output: output, rejects: rejects, summary: summary, workList: workList, sources: sources, options)
        var stopwatch = Stopwatch()
        let previous = try options.previousScores.map { path in
            try stopwatch.time("previous") {
                try PreviousTiers(path: path, id: model.plan.plan.input.id, cutoffs: model.tiers, options: options)
            }
        }
        let stream = ScoreStream(model: model, options: options, previous: previous)
        let intake = try stopwatch.time("score") {
            try stream.run(sources) {
                try files.reject($0)
            } deliver: {
                try files.output.append($0)
            }
        }
        let tally = stream.tally
        var report = TierReport(
            table: TierTable(model.tiers, tally.tiers), tierCount: model.tiers.names.count,
            valueTitle: model.plan.plan.value,
            rankedBy: model.plan.rankingColumn.map { model.plan.columns[$0] } ?? "score")
        var notes = TierNotes(model)
        notes.withoutGroupCount = tally.withoutGroupCount
        notes.moves = previous.map { (tally.moves, $0.count) }
        report.unrankedName = model.plan.plan.language.tiers.unranked
        report.facts = notes.json
        report.remarks = notes.remarks
        report.groupCutoffs = notes.groupCutoffs(model.tiers, counts: nil)
        var result = RunResult(
            summary: RunSummary(
                engineVersion: version, verb: "score", rows: intake.rows,
                missing: zip(model.plan.columns, tally.missingCounts).map { .init($0, $1) },
                warnings: intake.warnings + notes.warnings,
                inputs: intake.files, stages: stopwatch.stages,
                results: [.init("tiers", report.json)] + model.plan.netPromoterResults(tally.netPromoters)
                    + intake.results,
                plan: model.plan.json),
            pyramid: report.pyramid, firstRejects: intake.firstRejects, model: model, tierTable: report.table)
        result.tierNotes = report.notes
        result.tierGroups = report.groupCutoffs
        result.add(tally.labels, of: model)
        try files.workList?.append(tally.labels.workListText(of: model, spreadsheetSafe: options.spreadsheetSafe))
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }

    /// The same for a source from memory or a function, and rows that go to a function.
    ///
    /// - Parameter deliver: called with the header and then with whole rows, in input order, one call at a time.
    public static func score(
        model: Model, _ source: InputSource, options: RunOptions,
        deliver: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) throws -> RunSummary.RowCounts {
        try model.checkColumns(options)
        return try ScoreStream(model: model, options: options).run([source]) { _ in
        } deliver: { buffer in
            try buffer.withUnsafeBytes { try deliver($0) }
        }.rows
    }
}
