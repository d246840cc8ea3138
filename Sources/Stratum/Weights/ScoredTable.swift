import Scoring
import Tables
import VectorMath

/// The customers of a table as the methods of weighting go through them: normalized by a scorer, with their outcomes.
struct ScoredTable: ScoredPopulation {
    let table: Table
    let scorer: Scorer
    /// For each indicator its column.
    let indicatorColumns: [Int]
    /// The column of what became of each customer; nil for none.
    let outcomeColumn: Int?
    let workers: Workers

    func gather<State: Sendable>(
        _ empty: State, _ update: @Sendable (inout State, ScoredRows) throws -> Void
    ) throws -> [State] {
        let (batches, offsets) = (table.batches, table.rowOffsets)
        let gathered = try workers.reduce(chunkCount: batches.count) {
            GatheredStates<State>(bench: ScoringBench(scorer, indicatorColumns: indicatorColumns))
        } update: { gathered, batch in
            let bench = gathered.bench
            var state = empty
            try bench.normalize(batches[batch]) { rows in
                let outcomes = outcomeColumn.map { batches[batch].columns[$0].values(rows) } ?? []
                try outcomes.withUnsafeBufferPointer {
                    try update(
                        &state,
                        ScoredRows(
                            block: bench.block, rowCount: rows.count, firstRow: offsets[batch] + rows.lowerBound,
                            outcomes: $0))
                }
            }
            gathered.states.append((batch, state))
        } combine: {
            $0.states += $1.states
        }
        return gathered.states.sorted { $0.batch < $1.batch }.map(\.state)
    }

    /// The moments of all customers, for the sets of indicators that are weighed among themselves.
    func moments(_ scope: Plan.Weighting.Scope) throws -> IndicatorMoments {
        let empty = emptyMoments(scope)
        return try gather(empty) { $0.update($1.block, rowCount: $1.rowCount) }
            .reduce(into: empty) { $0.combine($1) }
    }

    /// The moments of customers dealt into groups, for intervals.
    func momentParts(_ scope: Plan.Weighting.Scope) throws -> [IndicatorMoments] {
        let empty = Array(repeating: emptyMoments(scope), count: WeightIntervals.groupCount)
        return try gather(empty) { $0.update($1) }
            .reduce(into: empty) { for group in $0.indices { $0[group].combine($1[group]) } }
    }

    private func emptyMoments(_ scope: Plan.Weighting.Scope) -> IndicatorMoments {
        let count = scorer.scoring.indicators.count
        return IndicatorMoments(
            indicatorCount: count, groups: scope == .withinDimensions ? scorer.scoring.dimensionRanges : [0..<count])
    }
}

/// What one worker gathers: a state for each of its batches.
private struct GatheredStates<State: Sendable>: Sendable {
    let bench: ScoringBench
    var states: [(batch: Int, state: State)] = []
}
