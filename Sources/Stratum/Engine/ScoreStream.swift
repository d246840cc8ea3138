import Scoring
import Segmentation
import Synchronization
import TableIO
import Tables
import Tiers
import VectorMath

/// A stored model on its way along an input: batches in, formatted rows out.
final class ScoreStream: Sendable {
    /// What was counted on the way; the same for any order of the batches.
    struct Tally: Sendable {
        var tiers = TierTally()
        var missingCounts: [Int]
        var netPromoters: [NetPromoterTally]

        init(_ plan: ResolvedPlan) {
            missingCounts = Array(repeating: 0, count: plan.columns.count)
            netPromoters = plan.netPromoterIndicators.map { _ in NetPromoterTally() }
        }

        mutating func combine(_ other: Tally) {
            tiers.combine(other.tiers)
            for column in missingCounts.indices { missingCounts[column] += other.missingCounts[column] }
            for place in netPromoters.indices { netPromoters[place].combine(other.netPromoters[place]) }
        }
    }

    private let model: Model
    private let options: RunOptions
    private let workers: Workers
    private let rows: CustomerRows
    private let totals: Mutex<Tally>

    init(model: Model, options: RunOptions) {
        self.model = model
        self.options = options
        workers = Workers(threadCount: options.threadCount)
        rows = CustomerRows(
            model.plan, tiers: model.tiers, segmentNames: model.segments?.names ?? [],
            contributionMeans: model.contributionMeans, options)
        totals = Mutex(Tally(model.plan))
    }

    var tally: Tally { totals.withLock { $0 } }

    /// Scores the customers of the sources.
    func run(
        _ sources: [InputSource], onReject: @escaping @Sendable (RejectedRecord) throws -> Void,
        deliver: @escaping @Sendable (RowBuffer) throws -> Void
    ) throws -> Intake {
        let plan = model.plan
        let reader = try plan.reader(of: sources, options)
        let notes = IntakeNotes(sources: sources)
        let benches = WorkerStates(try (0..<workers.threadCount).map { _ in try StreamBench(model, options) })
        let buffers = RowBufferPool()
        let rows = rows
        let header = RowBuffer()
        header.append(rows.header)
        try deliver(header)
        let statistics = try reader.forEachBatch(
            workers: workers, options: plan.readOptions(options, sources, notes: notes, onReject: onReject)
        ) { worker, batch in
            let buffer = buffers.take()
            try benches.withState(of: worker) { try $0.score(batch, rows: rows, to: buffer) }
            return buffer
        } deliver: { buffer in
            try deliver(buffer)
            buffers.give(buffer)
        }
        for worker in 0..<workers.threadCount {
            let part = benches.withState(of: worker) { $0.tally }
            totals.withLock { $0.combine(part) }
        }
        return notes.finished(statistics)
    }
}

/// What one worker needs to give each customer of a batch score, rank, tier and segment.
private final class StreamBench: @unchecked Sendable {
    // SAFETY: unchecked, since a worker keeps its own, and has one job at a time.
    var tally: ScoreStream.Tally
    private let model: Model
    private let bench: ScoringBench
    private let segmenter: SegmentBench?
    private let writesRanks: Bool
    private let promoterColumns: [Int]
    private var values: [Double] = []
    private var amounts: [Double] = []
    private var codes: [UInt8] = []
    private var ranks: [Double] = []
    private var segments: [UInt16] = []

    init(_ model: Model, _ options: RunOptions) throws {
        self.model = model
        let columns = model.plan.writtenColumns(options)
        writesRanks = columns.contains(.percentileRank)
        bench = ScoringBench(
            Scorer(model.scoring), indicatorColumns: model.plan.indicatorColumns,
            contributions: columns.contains(where: \.needsContributions))
        segmenter = try model.segments.map { try SegmentBench($0, plan: model.plan) }
        tally = ScoreStream.Tally(model.plan)
        promoterColumns = model.plan.netPromoterIndicators.map(\.column)
    }

    func score(_ batch: Batch, rows: CustomerRows, to buffer: RowBuffer) throws {
        let plan = model.plan
        for column in batch.columns.indices {
            tally.missingCounts[column] += batch.columns[column].extremes.missingCount
        }
        for (place, column) in promoterColumns.enumerated() { tally.netPromoters[place].update(batch.columns[column]) }
        try bench.score(batch) { part in
            let scores = UnsafeBufferPointer(rebasing: bench.block.scores[..<part.count])
            let all = part.lowerBound..<part.upperBound
            values = plan.rankingColumn.map { batch.columns[$0].values(all) } ?? Array(scores)
            codes = model.tiers.tiers(of: values)
            applyStandings(batch, all)
            amounts = plan.valueColumn.map { batch.columns[$0].values(all) } ?? values
            codes.withUnsafeBufferPointer { codes in
                values.withUnsafeBufferPointer { values in
                    amounts.withUnsafeBufferPointer { tally.tiers.update(codes: codes, values: values, amounts: $0) }
                }
            }
            ranks = writesRanks ? scores.map { model.scoreRanks.percentile(of: $0) } : []
            segments = try segmenter?.segments(of: batch, all, bench.block) ?? []
            // The row text counts rows from the start of the batch.
            let standings = Standings(
                percentileRanks: ranks[...], tiers: codes[...], segments: segments[...], firstRow: part.lowerBound)
            rows.append(part, of: batch, bench.block, standings, bench.texts, to: buffer)
        }
    }

    private func applyStandings(_ batch: Batch, _ rows: Range<Int>) {
        let plan = model.plan
        guard plan.inactiveColumn != nil || plan.potentialColumn != nil else { return }
        for (place, row) in rows.enumerated() {
            let standing = plan.standing(
                inactivity: plan.inactiveColumn.map { batch.columns[$0][row] } ?? .nan,
                activity: plan.potentialColumn.map { batch.columns[$0][row] } ?? .nan)
            codes[place] = model.tiers.tier(of: values[place], standing: standing)
        }
    }
}

extension NumberColumn {
    /// The values of some rows, NaN where missing.
    func values(_ rows: Range<Int>) -> [Double] {
        filled(count: rows.count) { decode(rows, into: $0) }
    }
}
