import Reports
import Scoring
import Segmentation
import TableIO
import Tables
import VectorMath

extension Engine {
    /// Finds the plan's segments: of one number, or of the number in a range that the plan's criterion recommends.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin; they count as one.
    ///   - outputs: what is written, and where.
    /// - Throws: as `run`; `EngineError` of kind `noSegments` if the plan has none, `otherFeatures` if the options hold
    ///   earlier segments of other features.
    public func segment(inputs: [String], to outputs: SegmentOutputs) throws -> RunResult {
        guard let segments = plan.plan.segments else {
            throw EngineError(
                .noSegments, at: "segments", "the plan has no segments",
                remedy: "add `segments: 6`, or give the number with --k")
        }
        if let streaming = options.streaming {
            return try segmentStreaming(streaming, segments, inputs: inputs, to: outputs)
        }
        var stopwatch = Stopwatch()
        let sources = try options.sources(inputs)
        let files = try SegmentFiles(outputs, sources: sources, options)
        let population = try stopwatch.time("read") {
            try Population.read(sources, by: plan, options) { try files.reject($0) }
        }
        try population.requireCustomers()
        try options.checkFitting(population, hasSegments: true)
        try options.begin("fit", of: population)
        // Only normalized features need what scoring learns.
        let scoringFit = try stopwatch.time("fit") {
            segments.features == .normalized ? try ScoringFit(population, by: plan, workers: workers) : nil
        }
        try options.begin(
            "segments", of: population, needed: plan.segmentByteCount(rowCount: population.table.rowCount))
        let layout = try stopwatch.time("segments") {
            try SegmentLayout(
                population, scorer: (scoringFit?.scoring).map { Scorer($0) }, by: plan, segments,
                previous: options.previousSegments, keepsFeatures: outputs.hasDistances, workers: workers)
        }
        let model = SegmentModel(
            engineVersion: Self.version, source: population.source, plan: plan, scoring: scoringFit?.scoring,
            segments: layout.model)
        try options.begin("write", of: population)
        try stopwatch.time("write") {
            if let output = files.segments { try write(population, layout, to: output) }
            try files.profiles?.append(layout.report.csv)
            if let choice = layout.choice { try files.curve?.append(choice.csv) }
            try files.model?.append(model.encode())
        }
        var result = RunResult(
            summary: summary(population, layout, scoringFit, stopwatch), pyramid: nil,
            firstRejects: population.intake.firstRejects)
        result.segments = layout.report
        result.segmentCounts = layout.choice
        result.segmentDrift = layout.drift
        result.convergence = layout.convergence
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }

    /// Gives the customers of the files, which count as one, the segments of a model, block by block in bounded memory.
    ///
    /// - Throws: as `run`.
    public static func segment(
        model: SegmentModel, inputs: [String], to outputs: SegmentOutputs, options: RunOptions
    ) throws -> RunResult {
        var stopwatch = Stopwatch()
        let sources = try options.sources(inputs)
        let files = try SegmentFiles(outputs, sources: sources, options)
        let stream = SegmentApplication(model, hasDistances: outputs.hasDistances, options)
        let intake = try stopwatch.time("segment") {
            try stream.run(sources) {
                try files.reject($0)
            } deliver: {
                try files.segments?.append($0)
            }
        }
        let tally = stream.tally
        let sizes = SegmentSizeReport(
            names: model.segments.names, sizes: tally.sizes, previousShares: model.segments.shares)
        var result = RunResult(
            summary: RunSummary(
                engineVersion: version, verb: "segment", rows: intake.rows,
                missing: zip(stream.columnNames, tally.missingCounts).map { .init($0, $1) }, warnings: intake.warnings,
                inputs: intake.files, stages: stopwatch.stages, results: [.init("segments", sizes.json)],
                plan: model.plan.json),
            pyramid: nil, firstRejects: intake.firstRejects)
        result.segmentSizes = sizes
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }

    private func summary(
        _ population: Population, _ layout: SegmentLayout, _ scoringFit: ScoringFit?, _ stopwatch: Stopwatch
    ) -> RunSummary {
        let missingCounts =
            scoringFit?.missingCounts
            ?? plan.columns.indices.map { column in
                population.table.batches.reduce(0) { $0 + $1.columns[column].extremes.missingCount }
            }
        return RunSummary(
            engineVersion: Self.version, verb: "segment", rows: population.intake.rows,
            missing: zip(plan.columns, missingCounts).map { .init($0, $1) },
            warnings: population.intake.warnings + (scoringFit?.warnings.map(\.description) ?? []) + layout.warnings,
            inputs: population.intake.files, stages: stopwatch.stages, results: layout.results, plan: plan.json)
    }

    /// Formats all customers side by side and appends them in input order.
    private func write(_ population: Population, _ layout: SegmentLayout, to output: OutputFile) throws {
        let rows = SegmentRows(plan, names: layout.model.names, hasDistances: layout.matrix != nil, options)
        try output.append(rows.header)
        let (batches, offsets) = (population.table.batches, population.table.rowOffsets)
        let nearest = NearestCentroid(layout.model.centroids)
        try workers.formatChunks(
            count: batches.count, isCancelled: options.checkpoint(population.intake.files[0].path)
        ) { _, batch, buffer in
            let all = 0..<batches[batch].rowCount
            if let matrix = layout.matrix {
                let distances = try nearest.distances(matrix, rows: offsets[batch]..<offsets[batch + 1])
                rows.append(all, of: batches[batch], distances, to: buffer)
            } else {
                let segments = layout.assignments[offsets[batch]..<offsets[batch + 1]]
                rows.append(all, of: batches[batch], segments: segments, to: buffer)
            }
        } deliver: { _, buffer in
            try output.append(buffer)
        }
    }
}

extension Population {
    /// What a model was fitted to.
    var source: Model.Source { intake.source(rowCount: table.rowCount) }
}

extension Intake {
    /// What a model was fitted to: the accepted customers of these files.
    func source(rowCount: Int) -> Model.Source {
        Model.Source(checksum: statistics.contentChecksum.map { "xxh3:" + XXH3.text($0) } ?? "", rowCount: rowCount)
    }
}
