import Reports
import Scoring
import Tables
import VectorMath

/// Learns from a population what its scoring needs: one pass for order statistics, another where moments are asked.
struct ScoringFit {
    let scoring: FittedScoring
    let warnings: [FitWarning]
    /// Missing cells of each column of the table.
    let missingCounts: [Int]

    init(_ population: Population, by plan: ResolvedPlan, workers: Workers) throws {
        let needs = plan.scoring.indicators.map { StatisticsNeed($0) }
        let extremes = try ColumnExtremes.of(population.table, workers: workers)
        missingCounts = extremes.map(\.missingCount)
        let source = population.source(plan.indicatorColumns)
        let neighbors = try Self.neighbors(of: needs, in: source, extremes, plan, workers: workers)
        var statistics = zip(plan.indicatorColumns, neighbors).map { column, quantiles in
            let extreme = extremes[column]
            return ColumnStatistics(
                presentCount: population.table.rowCount - extreme.missingCount, missingCount: extreme.missingCount,
                minimum: extreme.minimum, maximum: extreme.maximum, quantiles: quantiles)
        }
        for indicator in needs.indices {
            try Self.complete(
                &statistics[indicator], need: needs[indicator], column: plan.indicatorColumns[indicator], population,
                workers: workers)
        }
        (scoring, warnings) = try FittedScoring.fit(plan.scoring, statistics: statistics)
    }

    /// For each indicator the order statistics around the quantiles that it needs.
    private static func neighbors(
        of needs: [StatisticsNeed], in source: ColumnSource, _ extremes: [ColumnExtremes], _ plan: ResolvedPlan,
        workers: Workers
    ) throws -> [[QuantileNeighbors]] {
        let positions = needs.enumerated().map { indicator, need -> [(level: Double, low: Int, high: Int, Double)] in
            let presentCount = source.rowCount - extremes[plan.indicatorColumns[indicator]].missingCount
            guard presentCount > 0 else { return [] }
            return need.quantileLevels.map { level in
                let position = Double(presentCount - 1) * level
                let low = min(Int(position), presentCount - 1)
                return (level, low, min(low + 1, presentCount - 1), position - Double(low))
            }
        }
        guard positions.contains(where: { !$0.isEmpty }) else { return positions.map { _ in [] } }
        let wanted = positions.map { $0.flatMap { [OrderStatistic.rank($0.low), .rank($0.high)] } }
        let found = try OrderStatistics.find(wanted, in: source, workers)
        return positions.indices.map { indicator in
            positions[indicator].enumerated().map { place, position in
                QuantileNeighbors(
                    level: position.level, lower: found[indicator].values[2 * place],
                    upper: found[indicator].values[2 * place + 1], fraction: position.3)
            }
        }
    }

    /// Adds what only some normalizations need.
    private static func complete(
        _ statistics: inout ColumnStatistics, need: StatisticsNeed, column: Int, _ population: Population,
        workers: Workers
    ) throws {
        guard need.needsMoments || need.needsMedianAbsoluteDeviation || need.needsRanks else { return }
        let transform = need.transform
        let plain = population.source([column])
        if need.needsMoments {
            let transformed = plain.mapping { transform($0) }
            let moments = try transformed.moments(workers)[0]
            statistics.mean = moments.mean
            statistics.standardDeviation = moments.populationStandardDeviation
        }
        if need.needsMedianAbsoluteDeviation {
            let values = plain.mapping { transform($0) }
            let median = try OrderStatistics.find([[.quantile(0.5)]], in: values, workers)[0].values[0]
            let distances = plain.mapping { abs(transform($0) - median) }
            statistics.medianAbsoluteDeviation =
                try OrderStatistics.find([[.quantile(0.5)]], in: distances, workers)[0].values[0]
        }
        if need.needsRanks {
            let values = try population.values(ofColumn: column, workers: workers)
            statistics.ranks = rankPoints(of: values, workers: workers)
        }
    }
}

/// The percentile ranks of a population at no more points than a model keeps.
func rankPoints(of values: [Double], workers: Workers) -> RankPoints {
    let table = PercentileRanks(values, workers).table
    return RankPoints(values: table.values, ranks: table.percentiles.map { $0 / 100 })
}

/// The least and largest value and the missing cells of one column.
struct ColumnExtremes: Sendable {
    var minimum = Double.nan
    var maximum = Double.nan
    var missingCount = 0

    /// Of every column of a table.
    static func of(_ table: Table, workers: Workers) throws -> [ColumnExtremes] {
        let batches = table.batches
        let columnCount = table.columnNames.count
        let parts = try workers.map(chunkCount: batches.count) { batch in
            batches[batch].columns.map(\.extremes)
        }
        return (0..<columnCount).map { column in
            var all = ColumnExtremes()
            for part in parts {
                all.missingCount += part[column].missingCount
                // Of a NaN and a number the number is taken.
                all.minimum = Double.minimum(all.minimum, part[column].minimum)
                all.maximum = Double.maximum(all.maximum, part[column].maximum)
            }
            return all
        }
    }
}
