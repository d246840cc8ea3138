/// How k-means starts.
public enum KMeansSeeding: Codable, Equatable, Sendable {
    /// k-means++ that tries 2 + floor(ln k) rows for each centroid and keeps the best: scikit-learn's default.
    case greedyKMeansPlusPlus
    /// k-means++ (Arthur and Vassilvitskii 2007).
    case kMeansPlusPlus
    /// k-means|| (Bahmani et al. 2012): a few rounds that draw many rows at once, of which k-means++ keeps k; for many
    /// segments.
    case kMeansParallel
    /// Rows drawn evenly without replacement.
    case random
    /// These centroids, in units of the matrix; the number of clusters is theirs, and one start is made.
    case given(Centroids)
}

/// How an iteration finds the nearest centroids. All give the same labels, centroids and inertia, bit by bit; they
/// differ in which distances they need not compute.
public enum KMeansAlgorithm: String, CaseIterable, Codable, Sendable {
    /// Lloyd's, until bounds would save work.
    case automatic
    /// Every distance in every iteration.
    case lloyd
    /// One bound for each tile of rows (after Hamerly 2010): for few segments.
    case hamerly
    /// A bound for each tile of rows and group of centroids (after Ding et al. 2015): for many segments.
    case yinyang
}

/// What k-means is asked for.
public struct KMeansParameters: Codable, Equatable, Sendable {
    /// Segments wanted, 1 to 65,534.
    public var clusterCount: Int
    /// How the first centroids are found.
    public var seeding: KMeansSeeding
    /// Iterations of one start at most, 1 or more.
    public var iterationLimit: Int
    /// A start ends when the squared moves of all centroids together are at most this times the mean variance of the
    /// features (scikit-learn's meaning); 0 or more. With 0 it ends when no row changes its segment.
    public var tolerance: Double
    /// Starts, of which the one with the lowest inertia is kept; 1 or more.
    public var restartCount: Int
    /// What random choices follow from.
    public var seed: UInt64
    /// How nearest centroids are found; it never shows in the result.
    public var algorithm: KMeansAlgorithm

    /// Parameters with scikit-learn's defaults.
    public init(
        clusterCount: Int, seeding: KMeansSeeding = .greedyKMeansPlusPlus, iterationLimit: Int = 300,
        tolerance: Double = 1e-4, restartCount: Int = 1, seed: UInt64 = 0,
        algorithm: KMeansAlgorithm = .automatic
    ) {
        self.clusterCount = clusterCount
        self.seeding = seeding
        self.iterationLimit = iterationLimit
        self.tolerance = tolerance
        self.restartCount = restartCount
        self.seed = seed
        self.algorithm = algorithm
    }

    /// Throws if a parameter is outside its admissible range.
    public func validate() throws(SegmentationError) {
        func check(_ isValid: Bool, _ place: String, _ remedy: String) throws(SegmentationError) {
            if !isValid { throw SegmentationError(.invalidParameter, place: place, remedy: remedy) }
        }
        try check((1...65_534).contains(clusterCount), "clusterCount \(clusterCount)", "give 1 to 65534")
        try check(iterationLimit >= 1, "iterationLimit \(iterationLimit)", "give 1 or more")
        try check(tolerance >= 0 && tolerance.isFinite, "tolerance \(tolerance)", "give 0 or more")
        try check(restartCount >= 1, "restartCount \(restartCount)", "give 1 or more")
        if case .given(let centroids) = seeding {
            try check(
                centroids.clusterCount == clusterCount, "seeding with \(centroids.clusterCount) centroids",
                "give \(clusterCount), as clusterCount says")
        }
    }
}
