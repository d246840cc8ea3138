public import VectorMath

/// k-means by Lloyd's algorithm: exact sums, so the same bits for any number of threads.
///
/// ```swift
/// let result = try KMeans(KMeansParameters(clusterCount: 6, seed: 1)).fit(matrix, workers: Workers(threadCount: 2))
/// result.assignments[0]  // the segment of the first row
/// ```
///
/// Distances are sums of (x - c)^2 in Float. The form |c|^2 - 2 x . c needs half the arithmetic but loses the
/// differences of rows far from the origin to cancellation, and at memory speed the arithmetic is not what one waits
/// for. A row goes to the lowest-numbered centroid on ties.
public struct KMeans: Sendable {
    /// What is asked for.
    public let parameters: KMeansParameters

    /// k-means with `parameters`, which `fit` checks.
    public init(_ parameters: KMeansParameters) { self.parameters = parameters }

    /// Finds segments in `matrix`.
    ///
    /// - Parameters:
    ///   - matrix: The features of all rows.
    ///   - weights: A weight for each row; without them each row counts once.
    ///   - workers: The threads that share the work; their number never shows in the result.
    ///   - observe: Is told each iteration of each start when it ends.
    /// - Throws: `SegmentationError`: no rows, parameters out of range, given centroids of another matrix, no memory.
    /// - Complexity: O(rows x features x clusters) an iteration; 2 bytes a row beside the matrix and the result, 4 more
    ///   while k-means++ runs.
    public func fit(
        _ matrix: FeatureMatrix, weights: RowWeights? = nil, workers: Workers = .allProcessors,
        observe: ((KMeansIteration) -> Void)? = nil
    ) throws -> KMeansResult {
        try parameters.validate()
        guard matrix.rowCount > 0 else {
            throw SegmentationError(.noRows, place: "feature matrix", remedy: "give at least one customer")
        }
        let survey = try FeatureSurvey(matrix, workers: workers)
        let labels = try LargeBuffer<UInt16>(
            count: matrix.tileCount * FeatureMatrix.rowsPerTile, for: "segments of all rows")
        var best: KMeansResult?
        for restart in 0..<startCount {
            let start = try firstCentroids(matrix, restart: restart, workers: workers)
            var run = LloydRun(matrix, survey: survey, labels: labels, centroids: start, workers: workers)
            try run.run(iterationLimit: parameters.iterationLimit, tolerance: parameters.tolerance, observe: observe)
            let inertia = try finalInertia(of: run)
            // The first of the lowest is kept.
            if let best, best.inertia <= inertia { continue }
            best = result(of: run, inertia: inertia, restart: restart)
        }
        return best!
    }

    private var startCount: Int {
        if case .given = parameters.seeding { 1 } else { parameters.restartCount }
    }

    func firstCentroids(_ matrix: FeatureMatrix, restart: Int, workers: Workers) throws -> [Double] {
        if case .given(let centroids) = parameters.seeding {
            guard centroids.featureCount == matrix.columnCount else {
                throw SegmentationError(
                    .featureCountMismatch(expected: matrix.columnCount, found: centroids.featureCount),
                    place: "given centroids", remedy: "give centroids of the same features as the matrix")
            }
            return centroids.values
        }
        var generator = RandomGenerator(seed: parameters.seed, stream: restart)
        let rows = try Seeding(matrix: matrix, workers: workers).rows(
            parameters.seeding, clusterCount: min(parameters.clusterCount, matrix.rowCount), generator: &generator)
        return rows.flatMap { matrix.row($0).map { Double($0) } }
    }

    /// The inertia from the sums, or by a pass of its own where segments are so tight that the sums cannot tell it.
    private func finalInertia(of run: LloydRun) throws -> Double {
        let inertia = run.inertia
        guard inertia < 1e-6 * run.survey.squareSum else { return inertia }
        let (matrix, labels) = (run.matrix, run.labels)
        let centroids = run.centroids.map { Double(Float($0)) }
        let tasks = Tasks(rowCount: matrix.rowCount)
        return run.workers.map(chunkCount: tasks.count) { task in
            var sum = 0.0
            for row in tasks.rows(task) {
                // SAFETY: there is a label for each row.
                let center = Int(labels.start[row]) * matrix.columnCount
                for feature in 0..<matrix.columnCount {
                    let difference = Double(matrix[row, feature]) - centroids[center + feature]
                    sum += difference * difference
                }
            }
            return sum
        }.reduce(0, +)
    }

    /// The result with the clusters that have rows, in their order.
    private func result(of run: LloydRun, inertia: Double, restart: Int) -> KMeansResult {
        let kept = run.active.indices.filter { run.active[$0] }
        let featureCount = run.matrix.columnCount
        var numbers = [UInt16](repeating: 0, count: run.active.count)
        for (number, cluster) in kept.enumerated() { numbers[cluster] = UInt16(number) }
        let rowCount = run.matrix.rowCount
        // SAFETY: there is a label below active.count for each row.
        let labels = UnsafeBufferPointer(start: run.labels.start, count: rowCount)
        let assignments = kept.count == run.active.count ? Array(labels) : labels.map { numbers[Int($0)] }
        let totals = (0..<featureCount).map { feature in
            kept.reduce(0) { $0 + run.sums.sums[$1 * run.sums.stride + feature] }
        }
        return KMeansResult(
            centroids: Centroids(
                featureCount: featureCount,
                checked: kept.flatMap { run.centroids[$0 * featureCount..<($0 + 1) * featureCount] }),
            assignments: assignments, sizes: kept.map { Int(run.sums.counts[$0]) }, inertia: inertia,
            iterationCount: run.iterations.count, converged: run.converged, restart: restart,
            iterations: run.iterations, warnings: warnings(of: run, found: kept.count),
            featureMeans: totals.map { $0 / Double(rowCount) },
            featureDeviations: run.survey.variances.indices.map {
                run.survey.isConstant[$0] ? 0 : run.survey.variances[$0].squareRoot()
            })
    }

    private func warnings(of run: LloydRun, found: Int) -> [KMeansWarning] {
        var warnings: [KMeansWarning] = []
        if found < parameters.clusterCount {
            warnings.append(.fewerSegments(asked: parameters.clusterCount, found: found))
        }
        if !run.converged { warnings.append(.notConverged(iterationLimit: parameters.iterationLimit)) }
        let constant = run.survey.variances.indices.filter { run.survey.isConstant[$0] }
        if !constant.isEmpty { warnings.append(.constantFeatures(columns: constant)) }
        return warnings
    }
}
