import Scoring
import Segmentation
import Tables
import VectorMath

/// Where the features of the segments come from: normalized indicators, or values as read.
struct SegmentFeatures: Sendable {
    /// For each feature its place among the indicators.
    let indicators: [Int]
    /// For each feature its column in the table.
    let columns: [Int]
    let kind: Plan.Features
    /// The features that fall where their values rise: scores of indicators of which less is better.
    let reversed: Set<Int>
    let allIndicatorColumns: [Int]

    /// - Parameter read: the columns of the plan that the batches hold, in their order; nil for all.
    init(_ plan: ResolvedPlan, _ segments: Plan.Segments, read: [Int]? = nil) {
        func place(_ column: Int) -> Int { read.flatMap { $0.firstIndex(of: column) } ?? column }
        indicators = plan.segmentIndicators
        columns = indicators.map { place(plan.indicatorColumns[$0]) }
        kind = segments.features
        reversed =
            segments.features == .normalized
            ? Set(indicators.indices.filter { plan.scoring.indicators[plan.segmentIndicators[$0]].direction == .lower })
            : []
        allIndicatorColumns = plan.indicatorColumns.map(place)
    }

    /// How the values of each feature become units of distance.
    ///
    /// - Parameter scorer: what normalizes the features; nil unless `kind` asks for that.
    func scalings(_ population: some CustomerBatches, scorer: Scorer?, workers: Workers) throws -> [FeatureScaling] {
        switch kind {
        case .normalized:
            guard let scorer else { preconditionFailure("normalized features without what normalizes them") }
            return try normalizedMeans(population, scorer: scorer, workers: workers).map {
                FeatureScaling.normalized(mean: $0)
            }
        case .zScore:
            return try population.source(columns).moments(workers).map {
                FeatureScaling.standard(mean: $0.mean ?? 0, standardDeviation: $0.populationStandardDeviation ?? 0)
            }
        case .unscaled:
            // Moved to the mean, which changes no distance: Float keeps more of what lies near 0.
            return try population.source(columns).moments(workers).map {
                FeatureScaling(center: $0.mean ?? 0, scale: 1)
            }
        case .robust:
            return try columns.map { column in
                let values = population.source([column])
                let median = try OrderStatistics.find([[.quantile(0.5)]], in: values, workers)[0].values[0]
                let distances = values.mapping { abs($0 - median) }
                let deviation = try OrderStatistics.find([[.quantile(0.5)]], in: distances, workers)[0].values[0]
                return FeatureScaling.robust(median: median, medianAbsoluteDeviation: deviation)
            }
        }
    }

    /// The mean of each normalized feature, 0.5 if nobody has it.
    ///
    /// Values are summed in whole units of 2^-32: such sums are the same in any order, so the means do not depend on
    /// threads or on how rows are cut in batches. They fit 63 bits for two billion customers.
    private func normalizedMeans(
        _ population: some CustomerBatches, scorer: Scorer, workers: Workers
    ) throws -> [Double] {
        let indicatorColumns = allIndicatorColumns
        let parts = try workers.reduce(
            chunkCount: population.batchCount,
            into: {
                UnitSums(ScoringBench(scorer, indicatorColumns: indicatorColumns), featureCount: indicators.count)
            }
        ) { state, batch in
            try state.bench.score(population.batch(batch)) { rows in
                for (feature, indicator) in indicators.enumerated() {
                    state.update(feature, Self.normalized(state.bench.block, indicator, rows.count))
                }
            }
        } combine: { state, other in
            state.combine(other)
        }
        return parts.means
    }

    /// The normalized values of an indicator in a scored block, NaN where it has none.
    static func normalized(_ block: ScoreBlock, _ indicator: Int, _ rowCount: Int) -> UnsafeMutableBufferPointer<Double>
    {
        let values = UnsafeMutableBufferPointer(rebasing: block.values(ofIndicator: indicator)[..<rowCount])
        for row in values.indices where values[row].sign == .minus { values[row] = .nan }
        return values
    }

    /// Stores every customer's features.
    func fill(_ matrix: FeatureMatrix, _ population: Population, scorer: Scorer?, workers: Workers) throws {
        let (batches, offsets) = (population.table.batches, population.table.rowOffsets)
        guard kind == .normalized, let scorer else {
            return workers.forEach(chunkCount: batches.count) { batch in
                store(0..<batches[batch].rowCount, of: batches[batch], nil, in: matrix, firstRow: offsets[batch])
            }
        }
        let indicatorColumns = allIndicatorColumns
        _ = try workers.reduce(
            chunkCount: batches.count, into: { ScoringBench(scorer, indicatorColumns: indicatorColumns) }
        ) { bench, batch in
            try bench.score(batches[batch]) { rows in
                store(rows, of: batches[batch], bench.block, in: matrix, firstRow: offsets[batch] + rows.lowerBound)
            }
        } combine: { _, _ in
        }
    }

    /// Stores the features of some rows of a batch, which lie scored in the block if features are normalized.
    func store(_ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock?, in matrix: FeatureMatrix, firstRow: Int) {
        for feature in indicators.indices {
            if kind == .normalized, let block {
                let values = Self.normalized(block, indicators[feature], rows.count)
                matrix.store(column: feature, firstRow: firstRow, values: UnsafeBufferPointer(values))
            } else {
                batch.columns[columns[feature]].values(rows).withUnsafeBufferPointer {
                    matrix.store(column: feature, firstRow: firstRow, values: $0)
                }
            }
        }
    }
}

/// Sums of values of 0...1 in units of 2^-32, and the workspace that they come from.
private struct UnitSums: Sendable {
    let bench: ScoringBench
    private var units: [Int64]
    private var counts: [Int64]

    init(_ bench: ScoringBench, featureCount: Int) {
        self.bench = bench
        units = Array(repeating: 0, count: featureCount)
        counts = units
    }

    mutating func update(_ feature: Int, _ values: UnsafeMutableBufferPointer<Double>) {
        var sum: Int64 = 0
        var count: Int64 = 0
        for value in values where value == value {
            sum &+= Int64(value * 0x1p32)
            count &+= 1
        }
        units[feature] += sum
        counts[feature] += count
    }

    mutating func combine(_ other: UnitSums) {
        for feature in units.indices {
            units[feature] += other.units[feature]
            counts[feature] += other.counts[feature]
        }
    }

    var means: [Double] {
        zip(units, counts).map { $1 == 0 ? 0.5 : Double($0) / Double($1) * 0x1p-32 }
    }
}
