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
    /// The numbers of segments that were tried; nil if the number was known.
    let choice: ClusterCountReport?
    /// What changed against the earlier segments; nil without them.
    let drift: DriftReport?
    let convergence: ConvergenceReport
    let warnings: [String]
    /// The features, if they are kept for distances.
    let matrix: FeatureMatrix?

    /// - Parameters:
    ///   - scorer: what normalizes the features; nil unless the plan asks for that.
    ///   - previous: the earlier segments that these continue.
    ///   - keepsFeatures: whether the features are needed after the fit.
    init(
        _ population: Population, scorer: Scorer?, by plan: ResolvedPlan, _ segments: Plan.Segments,
        previous: SegmentModel? = nil, keepsFeatures: Bool = false, workers: Workers
    ) throws {
        let earlier = try previous.map { try EarlierSegments($0, for: plan, segments) }
        let features = SegmentFeatures(plan, segments)
        let scalings = try features.scalings(population, scorer: scorer, workers: workers)
        let matrix = try FeatureMatrix(rowCount: population.table.rowCount, scalings: scalings)
        try features.fill(matrix, population, scorer: scorer, workers: workers)
        let start = try earlier?.centroids(in: scalings)
        let weights = try Self.weights(population, plan, workers: workers)
        let found = try SegmentFit(
            matrix, weights: weights.column, segments, start: start, workers: workers)
        let column = plan.valueColumn ?? plan.indicatorColumns[plan.segmentIndicators[0]]
        let values = population.values(ofColumn: column, workers: workers)
        let numbered = try found.result.numbered(continuing: start, values: values, workers: workers)
        let result = numbered.result
        let totals = Self.totals(of: result, population, plan, valueColumn: column, workers: workers)
        let names = (earlier?.names(of: numbered.origins) ?? [:]).merging(segments.names) { $1 }
        let profiles = try SegmentProfile.profiles(
            of: result, featureNames: plan.segmentFeatureNames, totals: totals, scalings: scalings,
            reversed: features.reversed, names: names, words: plan.plan.language.degrees)
        self.matrix = keepsFeatures ? matrix : nil
        assignments = result.assignments
        model = Model.Segments(
            scalings: scalings, centroids: result.centroids, names: profiles.map(\.name), sizes: result.sizes)
        report = SegmentReport(profiles: profiles, valueTitle: plan.columns[column])
        choice = found.choice
        let profileNames = profiles.map(\.name)
        drift = start.flatMap { earlier?.drift(of: result, numbered.origins, from: $0, names: profileNames) }
        convergence = ConvergenceReport(result, seconds: found.seconds)
        warnings = weights.warnings + result.warnings.map(\.description) + found.notes
    }

    /// The figures for the summary.
    var results: [JSONValue.Member] {
        var results: [JSONValue.Member] = [.init("segments", report.json)]
        if let choice { results.append(.init("segment_counts", choice.json)) }
        if let drift { results.append(.init("segment_drift", drift.json)) }
        results.append(.init("segment_convergence", convergence.json))
        return results
    }

    /// The customers' weights, and what is to be said of them.
    private static func weights(
        _ population: Population, _ plan: ResolvedPlan, workers: Workers
    ) throws -> (column: RowWeights?, warnings: [String]) {
        guard let column = plan.segmentWeightColumn else { return (nil, []) }
        var values = population.values(ofColumn: column, workers: workers)
        var missingCount = 0
        for row in values.indices {
            if values[row].isNaN {
                values[row] = 0
                missingCount += 1
            } else if !(values[row] == 0 || (0x1p-60...0x1p60).contains(values[row])) {
                throw EngineError(
                    .unusableWeight,
                    at: "column '\(plan.columns[column])', customer '\(population.identifier(ofRow: row))'",
                    "a customer cannot count \(values[row])",
                    remedy: "weights are 0 or more, and below 10^18; weigh by another column, or correct it")
            }
        }
        let warning =
            "\(missingCount) customers have no '\(plan.columns[column])': they get a segment, but no say in where it lies"
        return (try RowWeights(values), missingCount == 0 ? [] : [warning])
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

extension KMeansResult {
    /// Numbered like the earlier segments that they continue, by falling mean of `values` without them.
    fileprivate func numbered(
        continuing earlier: Centroids?, values: [Double], workers: Workers
    ) throws -> (result: KMeansResult, origins: [Int?]) {
        if let earlier { return try renumbered(continuing: earlier, byFallingMeanOf: values, workers: workers) }
        return (try renumbered(byFallingMeanOf: values, workers: workers), sizes.map { _ in nil })
    }
}

extension Population {
    /// The id of a customer.
    fileprivate func identifier(ofRow row: Int) -> String {
        let batch = (table.rowOffsets.firstIndex { $0 > row } ?? table.batches.count) - 1
        return String(decoding: table.batches[batch].identifiers[row - table.rowOffsets[batch]], as: UTF8.self)
    }
}

extension ResolvedPlan {
    /// The names of the features that segments are found from.
    var segmentFeatureNames: [String] { segmentIndicators.map { scoring.indicators[$0].name } }
}
