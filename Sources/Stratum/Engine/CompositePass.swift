import Scoring
import Tables
import VectorMath

/// A workspace and the scorer that fills it: what one worker needs to score a batch.
///
/// Unchecked: a worker keeps its own, and has one job at a time.
final class ScoringBench: @unchecked Sendable {
    let scorer: Scorer
    let block: ScoreBlock
    /// Room for formatted rows.
    let texts = FormattedColumns()
    private let indicatorColumns: [Int]

    init(
        _ scorer: Scorer, indicatorColumns: [Int], contributions: Bool = false, contributionSums: Bool = false
    ) {
        self.scorer = scorer
        self.indicatorColumns = indicatorColumns
        block = ScoreBlock(
            for: scorer.scoring, contributions: contributions, contributionSums: contributionSums)
    }

    /// Scores a batch block by block and calls `body` with the rows of the batch that the block holds.
    ///
    /// - Parameter part: the rows to score; nil for all.
    /// - Throws: `ScoringError` with the row inside the batch; what `body` throws.
    func score(_ batch: Batch, rows part: Range<Int>? = nil, _ body: (Range<Int>) throws -> Void) throws {
        try fill(batch, rows: part, body) { rowCount throws(ScoringError) in
            try scorer.score(block, rowCount: rowCount)
        }
    }

    /// Normalizes a batch block by block, no more, and calls `body` as `score` does.
    func normalize(_ batch: Batch, _ body: (Range<Int>) throws -> Void) throws {
        try fill(batch, rows: nil, body) { rowCount throws(ScoringError) in
            try scorer.normalize(block, rowCount: rowCount)
        }
    }

    private func fill(
        _ batch: Batch, rows part: Range<Int>?, _ body: (Range<Int>) throws -> Void,
        step: (Int) throws(ScoringError) -> Void
    ) throws {
        let all = part ?? 0..<batch.rowCount
        for start in stride(from: all.lowerBound, to: all.upperBound, by: ScoreBlock.rowCapacity) {
            let rows = start..<min(all.upperBound, start + ScoreBlock.rowCapacity)
            for (indicator, column) in indicatorColumns.enumerated() {
                batch.columns[column].decode(rows, into: block.values(ofIndicator: indicator))
            }
            do throws(ScoringError) {
                try step(rows.count)
            } catch {
                throw error.shifted(byRows: start)
            }
            try body(rows)
        }
    }
}

/// What one worker gathers while it scores everyone.
private struct CompositeState: Sendable {
    let bench: ScoringBench
    var sums: ContributionSums?

    mutating func combine(_ other: CompositeState) {
        if let others = other.sums { sums?.combine(others) }
    }
}

extension Population {
    /// The composite score of every customer, NaN where none can be had.
    ///
    /// - Parameter isCancelled: asked before each batch.
    /// - Throws: `ScoringError` with the row in the table, `CancellationError`, what `isCancelled` throws.
    func composites(
        _ scorer: Scorer, indicatorColumns: [Int], workers: Workers,
        isCancelled: @escaping @Sendable () throws -> Bool = { false }
    ) throws -> [Double] {
        try compositesAndMeans(
            scorer, indicatorColumns: indicatorColumns, wantsMeans: false, workers: workers, isCancelled: isCancelled
        ).scores
    }

    /// The same with the mean contribution of each indicator; nil unless they are wanted.
    func compositesAndMeans(
        _ scorer: Scorer, indicatorColumns: [Int], wantsMeans: Bool, workers: Workers,
        isCancelled: @escaping @Sendable () throws -> Bool
    ) throws -> (scores: [Double], means: [Double]?) {
        let (batches, offsets) = (table.batches, table.rowOffsets)
        var means: [Double]?
        let scores: [Double] = try filled(count: table.rowCount) { scores in
            // SAFETY: batches have rows of their own, so the parts are disjoint.
            nonisolated(unsafe) let scores = scores
            let state = try workers.reduce(
                chunkCount: batches.count,
                into: {
                    CompositeState(
                        bench: ScoringBench(
                            scorer, indicatorColumns: indicatorColumns, contributionSums: wantsMeans),
                        sums: wantsMeans ? ContributionSums(for: scorer.scoring) : nil)
                }
            ) { state, batch in
                if try isCancelled() { throw CancellationError() }
                do {
                    let block = state.bench.block
                    try state.bench.score(batches[batch]) { rows in
                        let first = offsets[batch] + rows.lowerBound
                        _ = UnsafeMutableBufferPointer(rebasing: scores[first..<first + rows.count])
                            .update(fromContentsOf: block.scores[..<rows.count])
                        state.sums?.update(block, rowCount: rows.count)
                    }
                } catch let error as ScoringError {
                    throw error.shifted(byRows: offsets[batch])
                }
            } combine: { state, other in
                state.combine(other)
            }
            means = state.sums?.means
        }
        return (scores, means)
    }
}
