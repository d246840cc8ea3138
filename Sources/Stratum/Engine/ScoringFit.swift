import Reports
import Scoring
import VectorMath

/// What scoring learns from a population, and what was noticed on the way.
struct ScoringFit {
    let scoring: FittedScoring
    let warnings: [FitWarning]
    /// Missing cells of each column of the table.
    let missingCounts: [Int]

    init(_ customers: some CustomerBatches, by plan: ResolvedPlan, workers: Workers) throws {
        let columns = plan.indicatorColumns
        let statistics = try ColumnStatistics.gather(
            plan.scoring.statisticsNeeds, rowCounts: customers.rowCounts, workers
        ) { indicator, batch, rows, values in
            try customers.read(column: columns[indicator], batch: batch, rows, into: values)
        }
        (scoring, warnings) = try FittedScoring.fit(plan.scoring, statistics: statistics)
        var missingCounts = [Int?](repeating: nil, count: plan.columns.count)
        for (column, found) in zip(columns, statistics) { missingCounts[column] = found.missingCount }
        self.missingCounts = missingCounts.enumerated().map { column, count in
            count ?? customers.missingCount(ofColumn: column)
        }
    }
}
