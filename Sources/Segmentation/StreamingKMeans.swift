public import VectorMath

/// k-means over rows that need not fit into memory: passes over a source, block by block.
///
/// ```swift
/// let parameters = KMeansParameters(clusterCount: 6, seed: 1)
/// let result = try StreamingKMeans(parameters).fit(source, workers: Workers(threadCount: 2))
/// result.centroids  // and the source holds each row's segment
/// ```
///
/// Centroids, sizes, iterations and segments are those of `StagedKMeans` over the same rows bit by bit, for any number of
/// threads: of `KMeans` where rows are few, and from a start on the same samples where they are many. Only where these
/// give no start, as for more than 1,310 segments, are the first centroids sought in the larger sample, not in all rows.
///
/// Mini-batches need far fewer passes and find slightly worse segments; a pass at the end makes segments, sizes and
/// inertia exact. Not for weights: every row counts once.
public struct StreamingKMeans: Sendable {
    /// What is asked for; every distance is computed, whatever its algorithm says.
    public let parameters: KMeansParameters
    /// The mini-batches, of which `parameters.iterationLimit` are made at most; nil passes over all rows each time.
    public let miniBatch: MiniBatch?

    /// Rows that are read at once.
    public static let blockRowCount = Tasks.rowLimit
    /// What the first row of every read is a multiple of.
    public static let tileRowCount = FeatureMatrix.rowsPerTile
    /// k-means with `parameters` and `miniBatch`, which `fit` checks.
    public init(_ parameters: KMeansParameters, miniBatch: MiniBatch? = nil) {
        self.parameters = parameters
        self.miniBatch = miniBatch
    }

    /// Finds segments in the rows of `source` and leaves each row's segment with it.
    ///
    /// - Parameters:
    ///   - source: the rows.
    ///   - workers: the threads that share the work.
    ///   - observe: is told each pass over all rows that moves the centroids, when it ends.
    /// - Returns: segments whose `assignments` are empty, and whose `iterations` are the passes over all rows.
    /// - Throws: as `KMeans.fit`; what the source throws.
    /// - Complexity: two passes to survey, one for each iteration, one at the end; memory for a block of features for
    ///   each thread, a quarter of a byte a row, and at first the samples of `StagedKMeans`.
    public func fit<Source: FeatureSource>(
        _ source: Source, workers: Workers, observe: ((KMeansIteration) -> Void)? = nil
    ) throws -> KMeansResult {
        try fit(source, stages: StagedKMeans.stages, workers: workers, observe: observe)
    }

    func fit<Source: FeatureSource>(
        _ source: Source, stages: [Int], workers: Workers, observe: ((KMeansIteration) -> Void)? = nil
    ) throws -> KMeansResult {
        try parameters.validate()
        try miniBatch?.validate()
        guard source.rowCount > 0 else {
            throw SegmentationError(.noRows, place: "source of features", remedy: "give at least one customer")
        }
        let blocks = StreamingBlocks(source)
        let (survey, starts) = try begin(blocks, stages: stages, workers)
        var best: (start: StreamedStart, run: StreamingRun<Source>)?
        for (restart, start) in starts.enumerated() {
            var centroids = start
            let batches = try runBatches(blocks, survey, &centroids, restart: restart, workers)
            var run = StreamingRun(blocks, survey: survey, centroids: centroids, workers: workers)
            try run.run(
                iterationLimit: batches == nil ? parameters.iterationLimit : miniBatch?.exactIterationLimit ?? 0,
                tolerance: parameters.tolerance, observe: observe)
            let start = StreamedStart(restart: restart, inertia: try run.finalInertia(), batches: batches)
            // The first of the lowest is kept.
            if let best, best.start.inertia <= start.inertia { continue }
            best = (start, run)
        }
        var (start, run) = best!
        if start.restart != starts.count - 1 { try run.reassign() }
        return try result(of: run, start)
    }

    /// The survey, and the first centroids of each start; the samples are given back before the passes begin.
    private func begin(
        _ blocks: StreamingBlocks<some FeatureSource>, stages: [Int], _ workers: Workers
    ) throws -> (survey: FeatureSurvey, starts: [[Double]]) {
        let rowCount = blocks.source.rowCount
        var drawn: [StreamingSample] = []
        var isGiven = false
        if case .given = parameters.seeding { isGiven = true }
        if !isGiven {
            // Batches do of their own what larger samples are for.
            let stages = miniBatch == nil ? stages : Array(stages.sorted().prefix(1))
            drawn = StreamingSample.samples(of: rowCount, stages: stages, seed: parameters.seed)
        }
        let surveyed = try StreamingSurvey(blocks, samples: drawn, workers: workers)
        var parameters = parameters
        if miniBatch == nil, surveyed.samples.last.map({ $0.rowCount < rowCount }) ?? false {
            parameters = try StagedKMeans.started(parameters, on: surveyed.samples.map { ($0, nil) }, workers)
            if case .given = parameters.seeding { isGiven = true }
        }
        // Given centroids need no rows, but they are checked against some.
        let rows =
            try surveyed.samples.last
            ?? FeatureMatrix(
                rowCount: 0, scalings: [FeatureScaling](repeating: .identity, count: blocks.featureCount))
        let starts = try (0..<(isGiven ? 1 : parameters.restartCount)).map {
            try KMeans(parameters).firstCentroids(rows, nil, restart: $0, workers: workers)
        }
        return (surveyed.survey, starts)
    }

    /// Moves the centroids through mini-batches; nil if there are none.
    private func runBatches(
        _ blocks: StreamingBlocks<some FeatureSource>, _ survey: FeatureSurvey, _ centroids: inout [Double],
        restart: Int, _ workers: Workers
    ) throws -> (batchCount: Int, converged: Bool)? {
        guard let miniBatch, miniBatch.rowCount < blocks.source.rowCount else { return nil }
        // Streams below 0, since the starts draw from 0, 1, 2 ... and the samples from far above.
        var generator = RandomGenerator(seed: parameters.seed, stream: -1 - restart)
        return try StreamingMiniBatch(blocks: blocks, survey: survey, workers: workers).run(
            miniBatch, batchLimit: parameters.iterationLimit, centroids: &centroids, generator: &generator)
    }
}

/// What is kept of a start beside its run.
struct StreamedStart {
    let restart: Int
    let inertia: Double
    let batches: (batchCount: Int, converged: Bool)?
}
