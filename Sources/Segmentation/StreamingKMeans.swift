public import VectorMath

/// k-means over rows that need not fit into memory: passes over a source, block by block.
///
/// ```swift
/// let parameters = KMeansParameters(clusterCount: 6, seed: 1)
/// let result = try StreamingKMeans(parameters).fit(source, workers: Workers(threadCount: 2))
/// result.centroids  // and the source holds each row's segment
/// ```
///
/// From the same start the centroids, sizes, iterations and segments are those of `KMeans` bit by bit, for any number
/// of threads. k-means++ and random seeding look at a sample of `sampleRowLimit` rows: with no more rows than that the
/// starts are those of `KMeans` too.
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
    /// Rows in which the first centroids are found: 12 MB of 12 features, and enough for clusters of one in a thousand.
    public static let sampleRowLimit = 262_144

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
    ///   each thread, for the sample, and a quarter of a byte a row.
    public func fit<Source: FeatureSource>(
        _ source: Source, workers: Workers, observe: ((KMeansIteration) -> Void)? = nil
    ) throws -> KMeansResult {
        try parameters.validate()
        try miniBatch?.validate()
        guard source.rowCount > 0 else {
            throw SegmentationError(.noRows, place: "source of features", remedy: "give at least one customer")
        }
        let blocks = StreamingBlocks(source)
        let surveyed = try StreamingSurvey(blocks, sample: sample(of: source, workers), workers: workers)
        var best: (start: StreamedStart, run: StreamingRun<Source>)?
        for restart in 0..<startCount {
            var centroids = try firstCentroids(surveyed.sample, blocks.featureCount, restart, workers)
            let batches = try runBatches(blocks, surveyed.survey, &centroids, restart: restart, workers)
            var run = StreamingRun(blocks, survey: surveyed.survey, centroids: centroids, workers: workers)
            try run.run(
                iterationLimit: batches == nil ? parameters.iterationLimit : miniBatch?.exactIterationLimit ?? 0,
                tolerance: parameters.tolerance, observe: observe)
            let start = StreamedStart(restart: restart, inertia: try run.finalInertia(), batches: batches)
            // The first of the lowest is kept.
            if let best, best.start.inertia <= start.inertia { continue }
            best = (start, run)
        }
        var (start, run) = best!
        if start.restart != startCount - 1 { try run.reassign() }
        return try result(of: run, start)
    }

    private var startCount: Int {
        if case .given = parameters.seeding { 1 } else { parameters.restartCount }
    }

    private func sample(of source: some FeatureSource, _ workers: Workers) -> StreamingSample? {
        if case .given = parameters.seeding { return nil }
        return StreamingSample(
            rowCount: source.rowCount, limit: max(Self.sampleRowLimit, parameters.clusterCount),
            seed: parameters.seed, workers: workers)
    }

    private func firstCentroids(
        _ sample: FeatureMatrix?, _ featureCount: Int, _ restart: Int, _ workers: Workers
    ) throws -> [Double] {
        // Given centroids need no rows, but they are checked against some.
        let rows =
            try sample
            ?? FeatureMatrix(rowCount: 0, scalings: [FeatureScaling](repeating: .identity, count: featureCount))
        return try KMeans(parameters).firstCentroids(rows, nil, restart: restart, workers: workers)
    }

    /// Moves the centroids through mini-batches; nil if there are none.
    private func runBatches(
        _ blocks: StreamingBlocks<some FeatureSource>, _ survey: FeatureSurvey, _ centroids: inout [Double],
        restart: Int, _ workers: Workers
    ) throws -> (batchCount: Int, converged: Bool)? {
        guard let miniBatch, miniBatch.rowCount < blocks.source.rowCount else { return nil }
        // Streams below -1, since the starts draw from 0, 1, 2 ... and the sample from -1.
        var generator = RandomGenerator(seed: parameters.seed, stream: -2 - restart)
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
