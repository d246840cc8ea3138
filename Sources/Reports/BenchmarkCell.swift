/// One cell of a grid: a combination of choices, what it took and what it found.
public struct BenchmarkCell: Equatable, Sendable {
    /// The choices that tell cells apart.
    public struct Key: Hashable, Sendable {
        /// Rows of the matrix.
        public var rowCount: Int
        /// Segments asked for.
        public var clusterCount: Int
        /// How the first centroids were found.
        public var seeding: String
        /// How assignments were computed.
        public var algorithm: String
        /// Threads used.
        public var threadCount: Int

        /// A combination.
        public init(rowCount: Int, clusterCount: Int, seeding: String, algorithm: String, threadCount: Int) {
            self.rowCount = rowCount
            self.clusterCount = clusterCount
            self.seeding = seeding
            self.algorithm = algorithm
            self.threadCount = threadCount
        }
    }

    /// The choices.
    public var key: Key
    /// Bytes of the matrix that an iteration reads when it skips nothing.
    public var matrixByteCount: Int
    /// 16 hexadecimal digits that change with the rows.
    public var dataChecksum: String
    /// Finding the first centroids; nil when they were given.
    public var seeding: BenchmarkTimes?
    /// The fit from its first centroids to its result.
    public var fit: BenchmarkTimes
    /// One iteration after the first, which every algorithm does in full; the whole fit where there is no second.
    public var iteration: BenchmarkTimes
    /// Reading the matrix once with the same threads and doing nothing with it.
    public var read: BenchmarkTimes
    /// Iterations made.
    public var iterationCount: Int
    /// Whether the centroids came to rest.
    public var converged: Bool
    /// The share of row visits, over all iterations, that computed no distance.
    public var skippedShare: Double
    /// The sum of squared distances of all rows to their centroids.
    public var inertia: Double
    /// The mean simplified silhouette, -1 to 1; nil if it was not asked for or there is one segment.
    public var silhouette: Double?

    /// A cell.
    public init(
        key: Key, matrixByteCount: Int, dataChecksum: String, seeding: BenchmarkTimes?, fit: BenchmarkTimes,
        iteration: BenchmarkTimes, read: BenchmarkTimes, iterationCount: Int, converged: Bool, skippedShare: Double,
        inertia: Double, silhouette: Double? = nil
    ) {
        self.key = key
        self.matrixByteCount = matrixByteCount
        self.dataChecksum = dataChecksum
        self.seeding = seeding
        self.fit = fit
        self.iteration = iteration
        self.read = read
        self.iterationCount = iterationCount
        self.converged = converged
        self.skippedShare = skippedShare
        self.inertia = inertia
        self.silhouette = silhouette
    }

    /// What a user waits for: seeding and fit together, run by run.
    public var total: BenchmarkTimes {
        guard let seeding, seeding.runs.count == fit.runs.count else { return fit }
        return BenchmarkTimes(zip(seeding.runs, fit.runs).map { $0 + $1 })
    }

    /// Rows an iteration gets through in a second, skipped ones too.
    public var rowsPerSecond: Double { Double(key.rowCount) / iteration.median }

    /// The matrix in 10^9 bytes over the time of an iteration. Where rows are skipped this can pass `readRate`.
    public var rate: Double { Double(matrixByteCount) / iteration.median / 1e9 }

    /// The rate of reading the same bytes with the same threads, 10^9 bytes a second.
    public var readRate: Double { Double(matrixByteCount) / read.median / 1e9 }
}

/// Times of one thing that was done several times.
public struct BenchmarkTimes: Equatable, Sendable {
    /// Seconds of each run in the order they were made; 1 or more.
    public let runs: [Double]

    /// Times of 1 or more runs.
    public init(_ runs: [Double]) {
        precondition(!runs.isEmpty, "times of no run")
        self.runs = runs
    }

    /// The middle run, or the mean of the two in the middle.
    public var median: Double { Self.median(runs) }
    /// The fastest run.
    public var minimum: Double { runs.reduce(.infinity, min) }
    /// The slowest run.
    public var maximum: Double { runs.reduce(0, max) }
    /// The median distance of the runs from their median.
    public var medianDeviation: Double {
        let middle = median
        return Self.median(runs.map { abs($0 - middle) })
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
