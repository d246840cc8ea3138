import Reports
import Scoring
import Tables
import VectorMath

/// What scoring learns from a population, and what was noticed on the way.
struct ScoringFit {
    let scoring: FittedScoring
    let warnings: [FitWarning]
    /// Missing cells of each column of the table.
    let missingCounts: [Int]

    init(_ population: Population, by plan: ResolvedPlan, workers: Workers) throws {
        let batches = population.table.batches
        let columns = plan.indicatorColumns
        let statistics = try ColumnStatistics.gather(
            plan.scoring.statisticsNeeds, rowCounts: batches.map(\.rowCount), workers
        ) { indicator, batch, rows, values in
            batches[batch].columns[columns[indicator]].decode(rows, into: values)
        }
        (scoring, warnings) = try FittedScoring.fit(plan.scoring, statistics: statistics)
        var missingCounts = [Int?](repeating: nil, count: plan.columns.count)
        for (column, found) in zip(columns, statistics) { missingCounts[column] = found.missingCount }
        self.missingCounts = missingCounts.enumerated().map { column, count in
            count ?? batches.reduce(0) { $0 + $1.columns[column].extremes.missingCount }
        }
    }
}
