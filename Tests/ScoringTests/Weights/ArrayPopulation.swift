import Scoring
import VectorMath

/// Columns in memory as a population: fitted by a specification and scored in blocks.
struct ArrayPopulation: ScoredPopulation {
    let scoring: FittedScoring
    let columns: [[Double]]
    let outcomes: [Double]
    var blockRowCount = ScoreBlock.rowCapacity

    init(
        _ columns: [[Double]], outcomes: [Double] = [], directions: [Direction] = [],
        normalization: Normalization = .minMax
    ) throws {
        let indicators = columns.indices.map { index in
            IndicatorSpecification(
                name: "x\(index)", direction: index < directions.count ? directions[index] : .higher,
                normalization: normalization)
        }
        scoring = try .fit(
            ScoringSpecification(dimensions: [DimensionSpecification(name: "all", indicators: indicators)]),
            columns: columns)
        self.columns = columns
        self.outcomes = outcomes
    }

    func gather<State: Sendable>(
        _ empty: State, _ update: @Sendable (inout State, ScoredRows) throws -> Void
    ) throws -> [State] {
        let scorer = Scorer(scoring)
        let block = ScoreBlock(for: scoring)
        return try stride(from: 0, to: columns[0].count, by: blockRowCount).map { start in
            let rows = start..<min(columns[0].count, start + blockRowCount)
            for (indicator, column) in columns.enumerated() {
                _ = block.values(ofIndicator: indicator).update(fromContentsOf: column[rows])
            }
            try scorer.score(block, rowCount: rows.count)
            var state = empty
            try (outcomes.isEmpty ? [] : Array(outcomes[rows])).withUnsafeBufferPointer {
                try update(
                    &state, ScoredRows(block: block, rowCount: rows.count, firstRow: start, outcomes: $0))
            }
            return state
        }
    }

    func moments() throws -> IndicatorMoments {
        let empty = IndicatorMoments(indicatorCount: columns.count, groups: [0..<columns.count])
        return try gather(empty) { $0.update($1.block, rowCount: $1.rowCount) }
            .reduce(into: empty) { $0.combine($1) }
    }

    func weights(_ method: ObjectiveWeighting) throws -> [Double] {
        method.weights(from: try moments(), group: 0)
    }
}

func isClose(_ left: [Double], _ right: [Double], within tolerance: Double) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= tolerance }
}
