import Reports
import Scoring
import Segmentation
import TableIO

extension Engine {
    /// `segment` in memory that grows by 2 bytes a customer, and while ids are compared by what that takes.
    ///
    /// The input is read once; its accepted customers go to a temporary file as they are, their features to another, and
    /// the passes of k-means go over the latter. Up to `StreamingKMeans.sampleRowLimit` customers, and without
    /// mini-batches, the output is that of `segment` byte by byte. Beyond, the first centroids are sought in a sample.
    func segmentStreaming(
        _ streaming: SegmentStreaming, _ segments: Plan.Segments, inputs: [String], output: String, rejects: String?,
        summary: String?
    ) throws -> RunResult {
        var stopwatch = Stopwatch()
        let sources = try options.sources(inputs)
        let files = try VerbFiles(output: output, rejects: rejects, summary: summary, sources: sources, options)
        let folder = streaming.spoolFolder ?? SpoolFile.folder(beside: output)
        let table = try stopwatch.time("read") {
            try SpooledTable(sources, by: plan, options, file: SpoolFile(folder: folder)) { try files.reject($0) }
        }
        try table.intake.requireCustomers(table.rowCount)
        // Values as read need no scoring, which for some normalizations holds whole columns.
        let scoring = try stopwatch.time("fit") {
            segments.features == .normalized ? try ScoringFit(table, by: plan, workers: workers) : nil
        }
        let streamed = try stopwatch.time("segments") {
            try StreamedSegments(
                table, scoring, by: plan, segments, streaming, file: SpoolFile(folder: folder), options)
        }
        try stopwatch.time("write") {
            try streamed.write(to: files.output, idColumn: plan.plan.input.id, options)
        }
        let summary = RunSummary(
            engineVersion: Self.version, verb: "segment", rows: table.intake.rows,
            missing: plan.columns.enumerated().map { .init($0.element, table.missingCount(ofColumn: $0.offset)) },
            warnings: table.intake.warnings + (scoring?.warnings.map(\.description) ?? []) + streamed.warnings,
            inputs: table.intake.files, stages: stopwatch.stages,
            results: [.init("segments", streamed.report.json)], plan: plan.json)
        var result = RunResult(summary: summary, pyramid: nil, firstRejects: table.intake.firstRejects)
        result.segments = streamed.report
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }
}
