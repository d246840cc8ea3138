/// What is worth saying about a fit that ended well.
public enum KMeansWarning: Codable, Equatable, Sendable {
    /// There are fewer distinct points than segments were asked for, so there are fewer segments.
    case fewerSegments(asked: Int, found: Int)
    /// The iteration limit was reached before the centroids came to rest.
    case notConverged(iterationLimit: Int)
    /// These features have one value for all rows and tell none apart.
    case constantFeatures(columns: [Int])

    /// One sentence for people.
    public var description: String {
        switch self {
        case .fewerSegments(let asked, let found):
            "only \(found) of \(asked) segments: there are no more distinct customers"
        case .notConverged(let limit):
            "segments still moved after \(limit) iterations: raise the iteration limit or the tolerance"
        case .constantFeatures(let columns):
            "features without differences do not count: columns \(columns.map(String.init).joined(separator: ", "))"
        }
    }
}

/// One iteration of Lloyd's algorithm.
public struct KMeansIteration: Codable, Equatable, Sendable {
    /// Sum of squared distances to the centroids before they moved; rounded to 2^-50 of the sum of all squares.
    public let inertia: Double
    /// Rows whose segment changed.
    public let movedCount: Int
    /// The squared moves of all centroids together.
    public let squaredShift: Double
    /// Empty clusters that were moved onto a far row.
    public let repairCount: Int
    /// Rows for which no distance was computed, since bounds showed that they stay.
    public let skippedCount: Int
}

/// Segments found by k-means. Segments count from 0 here; `SegmentProfile` numbers them from 1.
public struct KMeansResult: Equatable, Sendable {
    /// The centers of the segments, in units of the matrix.
    public internal(set) var centroids: Centroids
    /// The segment of each row.
    public internal(set) var assignments: [UInt16]
    /// The rows of each segment, 1 or more.
    public internal(set) var sizes: [Int]
    /// The sum of the squared distances of all rows to their centroids, in squared units of the matrix.
    public let inertia: Double
    /// Iterations of the start that was kept.
    public let iterationCount: Int
    /// Whether the centroids came to rest within the iteration limit.
    public let converged: Bool
    /// The start that was kept, counted from 0.
    public let restart: Int
    /// What happened in each iteration.
    public let iterations: [KMeansIteration]
    /// What is worth saying.
    public let warnings: [KMeansWarning]
    /// The mean of each feature over all rows, in units of the matrix.
    public let featureMeans: [Double]
    /// The population standard deviation of each feature, in units of the matrix.
    public let featureDeviations: [Double]

    /// The number of segments.
    public var clusterCount: Int { sizes.count }

    /// Empty clusters that were repaired.
    public var repairCount: Int { iterations.reduce(0) { $0 + $1.repairCount } }
}
