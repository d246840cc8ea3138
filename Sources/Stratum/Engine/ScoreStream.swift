import Reports
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
        /// What became of customers since the last run.
        var moves = TierMoves()
        /// Ranked customers in no group that has cut-offs of its own.
        var withoutGroupCount = 0

        var labels: LabelTally

        init(_ plan: ResolvedPlan) {
            missingCounts = Array(repeating: 0, count: plan.columns.count)
            netPromoters = plan.netPromoterIndicators.map { _ in NetPromoterTally() }
            labels = LabelTally(plan)
        }

        mutating func combine(_ other: Tally) {
            tiers.combine(other.tiers)
            moves.combine(other.moves)
            withoutGroupCount += other.withoutGroupCount
            labels.combine(other.labels)
            for column in missingCounts.indices { missingCounts[column] += other.missingCounts[column] }
            for place in netPromoters.indices { netPromoters[place].combine(other.netPromoters[place]) }
        }
    }

    private let model: Model
    private let options: RunOptions
    private let previous: PreviousTiers?
    private let workers: Workers
    private let rows: CustomerRows
    private let totals: Mutex<Tally>

    /// - Parameter previous: the tiers of the last run, which the plan's hysteresis holds to.
    init(model: Model, options: RunOptions, previous: PreviousTiers? = nil) {
        self.previous = previous
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
        if let orders = plan.plan.input.orders, let columns = plan.plan.input.orderColumns {
            let population = try Population.read(
                orders: orders, columns, from: sources, by: plan, stored: model, options, onReject: onReject)
            try score(population, deliver: deliver)
            return population.intake
        }
        try options.refuseAsOf()
        let reader = try plan.reader(of: sources, options)
        let notes = IntakeNotes(sources: sources)
        let benches = try benches()
        let rows = rows
        try deliver(RowBuffer(rows.header))
        let statistics = try reader.formatBatches(
            workers: workers, options: plan.readOptions(options, sources, notes: notes, onReject: onReject)
        ) { worker, batch, buffer in
            try benches.withState(of: worker) { try $0.score(batch, rows: rows, to: buffer) }
        } deliver: {
            try deliver($0)
        }
        count(benches)
        return notes.finished(statistics)
    }

    /// Scores customers that are in memory.
    private func score(
        _ population: Population, deliver: @escaping @Sendable (RowBuffer) throws -> Void
    ) throws {
        let benches = try benches()
        let rows = rows
        try deliver(RowBuffer(rows.header))
        let batches = population.table.batches
        try workers.formatChunks(
            count: batches.count, isCancelled: options.checkpoint(population.intake.files[0].path)
        ) { worker, batch, buffer in
            try benches.withState(of: worker) { try $0.score(batches[batch], rows: rows, to: buffer) }
        } deliver: { _, buffer in
            try deliver(buffer)
        }
        count(benches)
    }

    private func benches() throws -> WorkerStates<StreamBench> {
        WorkerStates(try (0..<workers.threadCount).map { _ in try StreamBench(model, options, previous) })
    }

    private func count(_ benches: WorkerStates<StreamBench>) {
        for worker in 0..<workers.threadCount {
            let part = benches.withState(of: worker) { $0.finished }
            totals.withLock { $0.combine(part) }
        }
    }
}

/// What one worker needs to give each customer of a batch score, rank, tier and segment.
private final class StreamBench: @unchecked Sendable {
    // SAFETY: unchecked, since a worker keeps its own, and has one job at a time.
    var tally: ScoreStream.Tally
    private let model: Model
    private let bench: ScoringBench
    private let segmenter: SegmentBench?
    private let labels: LabelBench
    private let writesRanks: Bool
    private let promoterColumns: [Int]
    private var values: [Double] = []
    private var amounts: [Double] = []
    private var codes: [UInt8] = []
    private let tiers: StreamTiers
    private var ranks: [Double] = []
    private var segments: [UInt16] = []

    init(_ model: Model, _ options: RunOptions, _ previous: PreviousTiers?) throws {
        tiers = StreamTiers(model, previous)
        self.model = model
        let columns = model.plan.writtenColumns(options)
        writesRanks = columns.contains(.percentileRank)
        bench = ScoringBench(
            Scorer(model.scoring), indicatorColumns: model.plan.indicatorColumns,
            contributions: columns.contains(where: \.needsContributions))
        segmenter = try model.segments.map { try SegmentBench($0, plan: model.plan) }
        labels = LabelBench(model)
        tally = ScoreStream.Tally(model.plan)
        promoterColumns = model.plan.netPromoterIndicators.map(\.column)
    }

    /// What was counted, of names too.
    var finished: ScoreStream.Tally {
        var tally = tally
        tally.labels = labels.tally
        return tally
    }

    func score(_ batch: Batch, rows: CustomerRows, to buffer: RowBuffer) throws {
        let plan = model.plan
        for column in batch.columns.indices {
            tally.missingCounts[column] += batch.columns[column].extremes.missingCount
        }
        for (place, column) in promoterColumns.enumerated() { tally.netPromoters[place].update(batch.columns[column]) }
        try tiers.begin(batch)
        try bench.score(batch) { part in
            let scores = UnsafeBufferPointer(rebasing: bench.block.scores[..<part.count])
            let all = part.lowerBound..<part.upperBound
            values = plan.rankingColumn.map { batch.columns[$0].values(all) } ?? Array(scores)
            codes = tiers.codes(of: values, batch, all, &tally)
            amounts = plan.valueColumn.map { batch.columns[$0].values(all) } ?? values
            codes.withUnsafeBufferPointer { codes in
                values.withUnsafeBufferPointer { values in
                    amounts.withUnsafeBufferPointer { tally.tiers.update(codes: codes, values: values, amounts: $0) }
                }
            }
            ranks = writesRanks ? scores.map { model.scoreRanks.percentile(of: $0) } : []
            segments = try segmenter?.segments(of: batch, all, bench.block) ?? []
            // The row text counts rows from the start of the batch.
            var standings = Standings(
                percentileRanks: ranks[...], tiers: codes[...], tierFlags: tiers.flags[...], segments: segments[...],
                firstRow: part.lowerBound)
            standings.labels = labels.label(all, of: batch, bench.block, standings)
            rows.append(part, of: batch, bench.block, standings, bench.texts, to: buffer)
        }
    }
}

extension NumberColumn {
    /// The values of some rows, NaN where missing.
    func values(_ rows: Range<Int>) -> [Double] {
        filled(count: rows.count) { decode(rows, into: $0) }
    }
}
