import Reports
import Scoring
import Tables
import VectorMath

/// What one worker needs to count names without writing them.
private struct LabelCounter: Sendable {
    let bench: ScoringBench
    let labels: LabelBench
    var tally: LabelTally

    /// Counts are taken out of the benches once, when all batches are done.
    mutating func combine(_ other: LabelCounter) {
        tally.combine(other.labels.tally)
        tally.combine(other.tally)
    }
}

extension Engine {
    /// What `write` counts of customers' names, for a fit that writes none of them.
    ///
    /// - Complexity: scores everyone once more, unless the plan gives no names.
    func labels(of population: Population, _ fitted: FittedPopulation) throws -> LabelTally {
        guard plan.labelCount > 0 else { return LabelTally(plan) }
        let (batches, offsets) = (population.table.batches, population.table.rowOffsets)
        let isCancelled = options.checkpoint(population.intake.files[0].path)
        let counter = try workers.reduce(
            chunkCount: batches.count,
            into: {
                LabelCounter(
                    bench: ScoringBench(fitted.scorer, indicatorColumns: plan.indicatorColumns),
                    labels: LabelBench(fitted.model), tally: LabelTally(plan))
            }
        ) { state, number in
            if try isCancelled() { throw CancellationError() }
            let standings = fitted.standings(of: offsets[number]..<offsets[number + 1])
            let block = state.bench.block
            try state.bench.score(batches[number]) { rows in
                _ = state.labels.label(rows, of: batches[number], block, standings)
            }
        } combine: { state, other in
            state.combine(other)
        }
        var tally = counter.tally
        tally.combine(counter.labels.tally)
        return tally
    }
}

extension FittedPopulation {
    /// What is known beside their scores of some rows.
    func standings(of rows: Range<Int>) -> Standings {
        Standings(
            percentileRanks: percentileRanks.isEmpty ? [] : percentileRanks[rows], tiers: layout.codes[rows],
            tierFlags: layout.flags.isEmpty ? [] : layout.flags[rows],
            segments: segmentation?.assignments[rows] ?? [])
    }
}
