import Scoring
import Segmentation
import Synchronization
import TableIO
import Tables
import VectorMath

/// Stored segments on their way along an input: batches in, formatted rows out.
final class SegmentApplication: Sendable {
    private let model: SegmentModel
    private let options: RunOptions
    private let hasDistances: Bool
    private let rows: SegmentRows
    private let totals: Mutex<Tally>
    /// The columns of the plan that are read: what segments were weighed and numbered by is not needed any more.
    private let read: [Int]

    /// What was counted on the way; the same for any order of the batches.
    struct Tally: Sendable {
        var sizes: [Int]
        var missingCounts: [Int]

        mutating func combine(_ other: Tally) {
            for segment in sizes.indices { sizes[segment] += other.sizes[segment] }
            for column in missingCounts.indices { missingCounts[column] += other.missingCounts[column] }
        }
    }

    init(_ model: SegmentModel, hasDistances: Bool, _ options: RunOptions) {
        self.model = model
        self.options = options
        self.hasDistances = hasDistances
        rows = SegmentRows(model.plan, names: model.segments.names, hasDistances: hasDistances, options)
        let plan = model.plan
        let needed =
            model.scoring == nil ? plan.segmentIndicators.map { plan.indicatorColumns[$0] } : plan.indicatorColumns
        read = plan.columns.indices.filter { needed.contains($0) }
        totals = Mutex(Self.empty(model, columnCount: read.count))
    }

    private static func empty(_ model: SegmentModel, columnCount: Int) -> Tally {
        Tally(
            sizes: model.segments.names.map { _ in 0 }, missingCounts: [Int](repeating: 0, count: columnCount))
    }

    /// The names of the columns that are read.
    var columnNames: [String] { read.map { model.plan.columns[$0] } }

    var tally: Tally { totals.withLock { $0 } }

    /// Gives the customers of the sources their segments.
    func run(
        _ sources: [InputSource], onReject: @escaping @Sendable (RejectedRecord) throws -> Void,
        deliver: @escaping @Sendable (RowBuffer) throws -> Void
    ) throws -> Intake {
        let plan = model.plan
        let workers = Workers(threadCount: options.threadCount)
        try plan.refuseOrders(for: "segment --apply")
        let reader = try plan.reader(of: sources, options, columns: read)
        let notes = IntakeNotes(sources: sources)
        let empty = Self.empty(model, columnCount: read.count)
        let benches = WorkerStates(
            try (0..<workers.threadCount).map { _ in
                try ApplicationBench(model, empty, read: read, hasDistances: hasDistances)
            })
        let rows = rows
        try deliver(RowBuffer(rows.header))
        let statistics = try reader.formatBatches(
            workers: workers,
            options: plan.readOptions(options, sources, notes: notes, columns: read, onReject: onReject)
        ) { worker, batch, buffer in
            try benches.withState(of: worker) { try $0.apply(to: batch, rows, to: buffer) }
        } deliver: {
            try deliver($0)
        }
        for worker in 0..<workers.threadCount {
            let part = benches.withState(of: worker) { $0.tally }
            totals.withLock { $0.combine(part) }
        }
        return notes.finished(statistics)
    }
}

/// What one worker needs to give each customer of a batch a segment.
private final class ApplicationBench: @unchecked Sendable {
    // SAFETY: unchecked, since a worker keeps its own, and has one job at a time.
    var tally: SegmentApplication.Tally
    private let segmenter: SegmentBench
    private let scorer: ScoringBench?
    private let hasDistances: Bool

    init(_ model: SegmentModel, _ empty: SegmentApplication.Tally, read: [Int], hasDistances: Bool) throws {
        tally = empty
        let segmenter = try SegmentBench(model.segments, plan: model.plan, read: read)
        self.segmenter = segmenter
        scorer = model.scoring.map { ScoringBench(Scorer($0), indicatorColumns: segmenter.indicatorColumns) }
        self.hasDistances = hasDistances
    }

    func apply(to batch: Batch, _ rows: SegmentRows, to buffer: RowBuffer) throws {
        for column in batch.columns.indices {
            tally.missingCounts[column] += batch.columns[column].extremes.missingCount
        }
        guard let scorer else {
            for start in stride(from: 0, to: batch.rowCount, by: ScoreBlock.rowCapacity) {
                let part = start..<min(batch.rowCount, start + ScoreBlock.rowCapacity)
                try apply(to: part, of: batch, nil, rows, to: buffer)
            }
            return
        }
        try scorer.score(batch) { part in
            try apply(to: part.lowerBound..<part.upperBound, of: batch, scorer.block, rows, to: buffer)
        }
    }

    private func apply(
        to part: Range<Int>, of batch: Batch, _ block: ScoreBlock?, _ rows: SegmentRows, to buffer: RowBuffer
    ) throws {
        if hasDistances {
            let distances = try segmenter.distances(of: batch, part, block)
            for segment in distances.segments { tally.sizes[Int(segment)] += 1 }
            rows.append(part, of: batch, distances, to: buffer)
        } else {
            let segments = try segmenter.segments(of: batch, part, block)
            for segment in segments { tally.sizes[Int(segment)] += 1 }
            rows.append(part, of: batch, segments: segments[...], to: buffer)
        }
    }
}
