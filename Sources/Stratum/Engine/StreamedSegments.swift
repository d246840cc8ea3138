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
    let profiles: [SegmentProfile]
    let report: SegmentReport
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
        let found = try StreamingKMeans(segments.parameters, miniBatch: miniBatch).fit(features, workers: workers)
        let column = plan.valueColumn ?? plan.indicatorColumns[plan.segmentIndicators[0]]
        let result = try StreamingKMeans.renumber(
            found, in: features,
            byFallingMeanOf: { rows, values in try table.read(column: column, rows, into: values) }, workers: workers)
        let totals = try Self.totals(
            of: table, features, columns: kind.columns, valueColumn: column, segmentCount: result.clusterCount, workers)
        profiles = try SegmentProfile.profiles(
            of: result, featureNames: plan.segmentIndicators.map { plan.scoring.indicators[$0].name },
            totals: totals, scalings: scalings, names: segments.names)
        report = SegmentReport(profiles: profiles, valueTitle: plan.columns[column])
        warnings = result.warnings.map(\.description)
        self.table = table
        self.features = features
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
            let segments = features.segments(table.rowOffsets[batch]..<table.rowOffsets[batch + 1])
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
    func write(to output: OutputFile, idColumn: String, _ options: RunOptions) throws {
        let field = CSVField(spreadsheetSafe: options.spreadsheetSafe)
        // `,number,name` and the end of the line.
        let texts = TextColumn(
            profiles.map { [0x2C] + field.bytes("\($0.number)".utf8) + [0x2C] + field.bytes($0.name.utf8) + [0x0A] })
        try output.append(field.bytes(idColumn.utf8) + Array(",segment,segment_name\n".utf8))
        let buffers = RowBufferPool()
        try table.forEachBatch(Workers(threadCount: options.threadCount)) { [table, features] batch in
            let buffer = buffers.take()
            let segments = features.segments(table.rowOffsets[batch]..<table.rowOffsets[batch + 1])
            Self.append(try table.identifiers(ofBatch: batch), segments, field, texts, to: buffer)
            return buffer
        } deliver: { buffer in
            try output.append(buffer)
            buffers.give(buffer)
        }
    }

    /// Appends a row for each id.
    private static func append(
        _ ids: Identifiers, _ segments: [UInt16], _ field: CSVField, _ texts: TextColumn, to buffer: RowBuffer
    ) {
        let rowByteLimit = CSVField.maximumByteCount(0) + texts.stride
        var end = buffer.reserve(segments.count * rowByteLimit + 2 * ids.bytes.count)
        ids.bytes.withUnsafeBufferPointer { bytes in
            for row in segments.indices {
                // SAFETY: the room is what each row may need at most; ids lie inside their bytes.
                end = field.write(UnsafeBufferPointer(rebasing: bytes[ids.range(of: row)]), to: end)
                end = texts.copy(Int(segments[row]), to: end)
            }
        }
        buffer.extend(to: end)
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
