import Reports
import Scoring
import Segmentation
import Tables
import VectorMath

/// Customers laid out in segments: each customer's segment, the profiles, and what a model keeps.
struct SegmentLayout: Sendable {
    /// For each customer the segment, from 0.
    let assignments: [UInt16]
    let model: Model.Segments
    let report: SegmentReport
    let warnings: [String]

    /// - Parameter scorer: what normalizes the features.
    init(
        _ population: Population, scorer: Scorer, by plan: ResolvedPlan, _ segments: Plan.Segments, workers: Workers
    ) throws {
        let features = SegmentFeatures(plan, segments)
        let scalings = try features.scalings(population, scorer: scorer, workers: workers)
        let matrix = try FeatureMatrix(rowCount: population.table.rowCount, scalings: scalings)
        try features.fill(matrix, population, scorer: scorer, workers: workers)
        let found = try KMeans(segments.parameters).fit(matrix, workers: workers)
        let column = plan.valueColumn ?? plan.indicatorColumns[plan.segmentIndicators[0]]
        let values = population.values(ofColumn: column, workers: workers)
        let result = try found.renumbered(byFallingMeanOf: values, workers: workers)
        let totals = Self.totals(of: result, population, plan, valueColumn: column, workers: workers)
        let indicators = plan.scoring.indicators
        let profiles = try SegmentProfile.profiles(
            of: result, featureNames: plan.segmentIndicators.map { indicators[$0].name }, totals: totals,
            scalings: scalings, names: segments.names)
        assignments = result.assignments
        model = Model.Segments(scalings: scalings, centroids: result.centroids, names: profiles.map(\.name))
        report = SegmentReport(profiles: profiles, valueTitle: plan.columns[column])
        warnings = result.warnings.map(\.description)
    }

    /// Sums of the features' original values and of the value by segment.
    private static func totals(
        of result: KMeansResult, _ population: Population, _ plan: ResolvedPlan, valueColumn: Int, workers: Workers
    ) -> SegmentTotals {
        let (batches, offsets) = (population.table.batches, population.table.rowOffsets)
        let columns = plan.segmentIndicators.map { plan.indicatorColumns[$0] }
        let clusterCount = result.clusterCount
        let parts = workers.map(chunkCount: batches.count) { batch in
            let rows = 0..<batches[batch].rowCount
            let cells = columns.map { batches[batch].columns[$0].values(rows) }
            let values = batches[batch].columns[valueColumn].values(rows)
            var totals = SegmentTotals(segmentCount: clusterCount, columnCount: columns.count)
            result.assignments.withUnsafeBufferPointer { assignments in
                withBuffers(cells) { cells in
                    values.withUnsafeBufferPointer { values in
                        totals.update(
                            segments: UnsafeBufferPointer(
                                rebasing: assignments[offsets[batch]..<offsets[batch + 1]]),
                            columns: cells, values: values)
                    }
                }
            }
            return totals
        }
        return parts.reduce(into: SegmentTotals(segmentCount: clusterCount, columnCount: columns.count)) {
            $0.combine($1)
        }
    }

    /// Calls `body` with a pointer to each array.
    static func withBuffers(_ arrays: [[Double]], _ body: ([UnsafeBufferPointer<Double>]) -> Void) {
        func open(_ index: Int, _ opened: [UnsafeBufferPointer<Double>]) {
            guard index < arrays.count else { return body(opened) }
            arrays[index].withUnsafeBufferPointer { open(index + 1, opened + [$0]) }
        }
        open(0, [])
    }
}

/// Where the features of the segments come from: normalized indicators, or values as read.
struct SegmentFeatures: Sendable {
    /// For each feature its place among the indicators.
    let indicators: [Int]
    /// For each feature its column in the table.
    let columns: [Int]
    let kind: Plan.Features
    let allIndicatorColumns: [Int]

    init(_ plan: ResolvedPlan, _ segments: Plan.Segments) {
        indicators = plan.segmentIndicators
        columns = indicators.map { plan.indicatorColumns[$0] }
        kind = segments.features
        allIndicatorColumns = plan.indicatorColumns
    }

    /// How the values of each feature become units of distance.
    func scalings(_ population: some CustomerBatches, scorer: Scorer?, workers: Workers) throws -> [FeatureScaling] {
        switch kind {
        case .normalized:
            guard let scorer else { preconditionFailure("normalized features need a scorer") }
            return try normalizedMeans(population, scorer: scorer, workers: workers).map {
                FeatureScaling.normalized(mean: $0)
            }
        case .zScore:
            return try population.source(columns).moments(workers).map {
                FeatureScaling.standard(mean: $0.mean ?? 0, standardDeviation: $0.populationStandardDeviation ?? 0)
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
    func fill(_ matrix: FeatureMatrix, _ population: Population, scorer: Scorer, workers: Workers) throws {
        let (batches, offsets) = (population.table.batches, population.table.rowOffsets)
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

    /// Stores the features of the rows of a batch that lie scored in the block.
    func store(_ rows: Range<Int>, of batch: Batch, _ block: ScoreBlock, in matrix: FeatureMatrix, firstRow: Int) {
        for feature in indicators.indices {
            if kind == .normalized {
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

/// Segments of a stored model for the rows of one block after the other.
final class SegmentBench {
    private let features: SegmentFeatures
    private let matrix: FeatureMatrix
    private let nearest: NearestCentroid

    init(_ segments: Model.Segments, plan: ResolvedPlan) throws {
        // A model has segments only if its plan has.
        features = SegmentFeatures(plan, plan.plan.segments ?? Plan.Segments(count: 1))
        matrix = try FeatureMatrix(rowCount: ScoreBlock.rowCapacity, scalings: segments.scalings)
        nearest = NearestCentroid(segments.centroids)
    }

    /// The segments of rows of a batch that lie scored in the block; the block's values are used up.
    func segments(of batch: Batch, _ rows: Range<Int>, _ block: ScoreBlock) throws -> [UInt16] {
        features.store(rows, of: batch, block, in: matrix, firstRow: 0)
        return try filled(count: rows.count) { try nearest.assign(matrix, into: $0) }
    }
}
