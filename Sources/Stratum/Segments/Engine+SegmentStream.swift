import Reports
import Scoring
import Segmentation
import TableIO

extension Engine {
    /// `segment` in little more memory than the comparison of ids takes while the input is read.
    ///
    /// The input is read once; its accepted customers go to a temporary file as they are, their features and segments to
    /// another, and the passes of k-means go over the latter. Without mini-batches the output is that of `segment` byte by
    /// byte, as far as `StreamingKMeans` says.
    func segmentStreaming(
        _ streaming: SegmentStreaming, _ segments: Plan.Segments, inputs: [String], to outputs: SegmentOutputs
    ) throws -> RunResult {
        try requireStreamable(segments, outputs)
        var stopwatch = Stopwatch()
        let sources = try options.sources(inputs)
        let files = try SegmentFiles(outputs, sources: sources, options)
        let largest = outputs.segments ?? outputs.model ?? outputs.profiles ?? "-"
        let folder = streaming.spoolFolder ?? SpoolFile.folder(beside: largest)
        let table = try stopwatch.time("read") {
            try SpooledTable(sources, by: plan, options, file: SpoolFile(folder: folder)) { try files.reject($0) }
        }
        try table.intake.requireCustomers(table.rowCount)
        // Only normalized features need what scoring learns, which for some normalizations holds whole columns.
        let scoringFit = try stopwatch.time("fit") {
            segments.features == .normalized ? try ScoringFit(table, by: plan, workers: workers) : nil
        }
        let streamed = try stopwatch.time("segments") {
            try StreamedSegments(
                table, scoringFit, by: plan, segments, streaming, file: SpoolFile(folder: folder), options)
        }
        let model = SegmentModel(
            engineVersion: Self.version, source: table.intake.source(rowCount: table.rowCount), plan: plan,
            scoring: scoringFit?.scoring, segments: streamed.model)
        try stopwatch.time("write") {
            if let output = files.segments { try streamed.write(to: output, by: plan, options) }
            try files.profiles?.append(streamed.report.csv)
            try files.model?.append(model.encode())
        }
        let summary = RunSummary(
            engineVersion: Self.version, verb: "segment", rows: table.intake.rows,
            missing: plan.columns.enumerated().map { .init($0.element, table.missingCount(ofColumn: $0.offset)) },
            warnings: table.intake.warnings + (scoringFit?.warnings.map(\.description) ?? []) + streamed.warnings,
            inputs: table.intake.files, stages: stopwatch.stages, results: streamed.results, plan: plan.json)
        var result = RunResult(summary: summary, pyramid: nil, firstRejects: table.intake.firstRejects)
        result.segments = streamed.report
        result.convergence = streamed.convergence
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }

    /// Throws if something is asked for that looks at all customers more than once beside the passes of k-means.
    private func requireStreamable(_ segments: Plan.Segments, _ outputs: SegmentOutputs) throws {
        let obstacles: [(isThere: Bool, place: String, what: String, remedy: String)] = [
            (segments.counts.count > 1, "segments.count", "a range of numbers of segments", "give one number"),
            (outputs.curve != nil, "--curve", "the figures of a range of numbers of segments", "leave them out"),
            (segments.minimumShare > 0, "segments.minimumShare", "a minimum share", "leave it out"),
            (segments.weight != nil, "segments.weight", "a weight for each customer", "leave it out"),
            (outputs.hasDistances, "--distances", "distances", "get them by --apply from a model of the segments"),
            (options.previousSegments != nil, "--previous", "a model of earlier segments", "leave it out"),
        ]
        guard let obstacle = obstacles.first(where: \.isThere) else { return }
        throw EngineError(
            .optionConflict, at: obstacle.place, "\(obstacle.what) needs the customers in memory",
            remedy: "\(obstacle.remedy), or segment without --stream")
    }
}
