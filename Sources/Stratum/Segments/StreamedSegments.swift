import Reports
import Scoring
import Segmentation
import Synchronization
import TableIO
import Tables
import VectorMath

/// Customers laid out in segments in temporary files: what `SegmentLayout` is without the memory.
struct StreamedSegments: Sendable {
    let table: SpooledTable
    let features: SpooledFeatures
    let model: Model.Segments
    let report: SegmentReport
    let convergence: ConvergenceReport
    let warnings: [String]

    /// Finds the segments of all customers of `table`.
    ///
    /// - Parameter scoring: what normalizes the features; nil if they are values as read.
    init(
        _ table: SpooledTable, _ scoring: ScoringFit?, by plan: ResolvedPlan, _ segments: Plan.Segments,
        _ streaming: SegmentStreaming, file: SpoolFile, _ options: RunOptions
    ) throws {
        let workers = Workers(threadCount: options.threadCount)
        let kind = SegmentFeatures(plan, segments)
        let scorer = scoring.map { Scorer($0.scoring) }
        let scalings = try kind.scalings(table, scorer: scorer, workers: workers)
        let features = try SpooledFeatures(
            table, kind, scalings: scalings, scorer: scorer, file: file, workers: workers,
            isCancelled: options.checkpoint(table.intake.files[0].path))
        let miniBatch = streaming.miniBatchRowCount.map {
            MiniBatch(rowCount: $0, exactIterationLimit: streaming.exactIterationLimit)
        }
        let clock = IterationClock()
        let found = try StreamingKMeans(segments.parameters, miniBatch: miniBatch).fit(
            features, workers: workers, observe: clock.note)
        let column = plan.valueColumn ?? plan.indicatorColumns[plan.segmentIndicators[0]]
        let result = try StreamingKMeans.renumber(
            found, in: features,
            byFallingMeanOf: { rows, values in try table.read(column: column, rows, into: values) }, workers: workers)
        let totals = try Self.totals(
            of: table, features, columns: kind.columns, valueColumn: column, segmentCount: result.clusterCount, workers)
        let profiles = try SegmentProfile.profiles(
            of: result, featureNames: plan.segmentFeatureNames, totals: totals, scalings: scalings,
            reversed: kind.reversed, names: segments.names, words: plan.plan.language.degrees)
        model = Model.Segments(
            scalings: scalings, centroids: result.centroids, names: profiles.map(\.name), sizes: result.sizes)
        report = SegmentReport(profiles: profiles, valueTitle: plan.columns[column])
        convergence = ConvergenceReport(result, seconds: clock.seconds(of: result))
        warnings = result.warnings.map(\.description)
        self.table = table
        self.features = features
    }

    /// The figures for the summary.
    var results: [JSONValue.Member] {
        [.init("segments", report.json), .init("segment_convergence", convergence.json)]
    }

    /// Sums of the features' original values and of the value by segment, brought together in the order of the batches,
    /// since that order is part of their last bits.
    private static func totals(
        of table: SpooledTable, _ features: SpooledFeatures, columns: [Int], valueColumn: Int, segmentCount: Int,
        _ workers: Workers
    ) throws -> SegmentTotals {
        let empty = SegmentTotals(segmentCount: segmentCount, columnCount: columns.count)
        let totals = Mutex(empty)
        try table.forEachBatch(workers) { batch in
            let segments = try features.segments(table.rowOffsets[batch]..<table.rowOffsets[batch + 1])
            let cells = try (columns + [valueColumn]).map { column in
                try filled(count: segments.count) {
                    try table.read(column: column, batch: batch, 0..<segments.count, into: $0)
                }
            }
            var part = empty
            segments.withUnsafeBufferPointer { segments in
                SegmentLayout.withBuffers(cells) {
                    part.update(segments: segments, columns: $0.dropLast(), values: $0[columns.count])
                }
            }
            return part
        } deliver: { part in
            totals.withLock { $0.combine(part) }
        }
        return totals.withLock { $0 }
    }

    /// Writes a row for each customer, in the order of the input.
    func write(to output: OutputFile, by plan: ResolvedPlan, _ options: RunOptions) throws {
        let rows = SegmentRows(plan, names: model.names, hasDistances: false, options)
        try output.append(rows.header)
        let buffers = RowBufferPool()
        try table.forEachBatch(Workers(threadCount: options.threadCount)) { [table, features] batch in
            let segments = try features.segments(table.rowOffsets[batch]..<table.rowOffsets[batch + 1])
            let buffer = buffers.take()
            rows.append(
                segments.indices, try table.identifiers(ofBatch: batch), segments: segments[...], to: buffer)
            return buffer
        } deliver: { buffer in
            try output.append(buffer)
            buffers.give(buffer)
        }
    }
}

extension SpooledTable {
    /// Some rows of a column, NaN where missing.
    fileprivate func read(column: Int, _ rows: Range<Int>, into values: UnsafeMutableBufferPointer<Double>) throws {
        try forEachPart(of: rows) { batch, part in
            let first = rowOffsets[batch] + part.lowerBound - rows.lowerBound
            try read(
                column: column, batch: batch, part,
                into: UnsafeMutableBufferPointer(rebasing: values[first..<first + part.count]))
        }
    }

    /// Works on all batches side by side and gives the results to `deliver` in order.
    fileprivate func forEachBatch<Part: Sendable>(
        _ workers: Workers, _ process: @escaping @Sendable (Int) throws -> Part,
        deliver: @escaping @Sendable (Part) throws -> Void
    ) throws {
        let next = Atomic(0)
        let batchCount = batchCount
        try OrderedPipeline<Int, Int, Int, Part>(
            fetch: {
                let batch = next.wrappingAdd(1, ordering: .relaxed).oldValue
                return batch < batchCount ? batch : nil
            },
            parse: { _, batch in batch },
            admit: { batch in batch.map { [$0] } ?? [] },
            process: { _, batch in try process(batch) },
            deliver: deliver
        ).run(workers: workers)
    }
}
