import Scoring
import Tables
import VectorMath

extension Model.MatrixCuts {
    /// The cuts of the plan's matrix for a population.
    ///
    /// - Parameter scores: the composite of every customer.
    /// - Throws: `EngineError` if nobody has a figure whose quantiles are asked for.
    init(
        _ matrix: Plan.Matrix, _ population: Population, scorer: Scorer, scores: [Double], by plan: ResolvedPlan,
        workers: Workers
    ) throws {
        func cuts(_ axis: Plan.Axis, _ figure: Int, _ key: String) throws -> [Double] {
            switch axis.cuts {
            case .values(let values): return values
            case .quantiles(let shares):
                let values = try population.values(
                    of: plan.labels.figures[figure], scorer: scorer, scores: scores, by: plan, workers: workers)
                let found = OrderStatistics.find(shares.map { .quantile($0) }, in: values, workers).values
                guard found.allSatisfy(\.isFinite) else {
                    throw EngineError(
                        .emptyFigure, at: "matrix.\(key)",
                        "no customer has a value of '\(axis.by)' to take quantiles of",
                        remedy: "give cuts, or use another figure")
                }
                return found
            }
        }
        guard let axes = plan.labels.axes else { preconditionFailure("a matrix without sides") }
        self.init(x: try cuts(matrix.x, axes.x, "x"), y: try cuts(matrix.y, axes.y, "y"))
    }
}

extension Population {
    /// A figure of every customer, NaN where missing.
    fileprivate func values(
        of figure: LabelPlan.Figure, scorer: Scorer, scores: [Double], by plan: ResolvedPlan, workers: Workers
    ) throws -> [Double] {
        switch figure {
        case .score: return scores
        case .column(let column): return values(ofColumn: column, workers: workers)
        case .dimension(let dimension):
            let (batches, offsets) = (table.batches, table.rowOffsets)
            return try filled(count: table.rowCount) { values in
                // SAFETY: batches have rows of their own, so the parts are disjoint.
                nonisolated(unsafe) let values = values
                _ = try workers.reduce(
                    chunkCount: batches.count,
                    into: { ScoringBench(scorer, indicatorColumns: plan.indicatorColumns) }
                ) { bench, batch in
                    try bench.score(batches[batch]) { rows in
                        let scores = bench.block.scores(ofDimension: dimension)
                        let first = offsets[batch] + rows.lowerBound
                        for row in 0..<rows.count { values[first + row] = scores[row] }
                    }
                } combine: { _, _ in
                }
            }
        }
    }
}
