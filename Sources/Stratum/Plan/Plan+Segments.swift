public import Segmentation

extension Plan {
    /// Unordered segments of customers who resemble each other, found by k-means.
    public struct Segments: Equatable, Sendable {
        /// How many, 1 or more; of a range all are tried, and the one that `criterion` recommends is taken.
        public var counts: ClosedRange<Int>
        /// What distances are measured in.
        public var features: Features
        /// The indicators that take part; empty for all.
        public var columns: [String]
        /// How the first centroids are chosen.
        public var seeding: Seeding
        /// Iterations after which a start ends at the latest, 1 or more.
        public var iterationLimit: Int
        /// A start ends when the squared moves of all centroids are at most this times the features' mean variance.
        public var tolerance: Double
        /// Starts, of which the best is kept, 1 or more.
        public var restarts: Int
        /// The seed of the random numbers.
        public var seed: UInt64
        /// Names that replace the generated ones, by segment number from 1.
        public var names: [Int: String]
        /// How iterations find the nearest centroids; it never shows in the result.
        public var algorithm = KMeansAlgorithm.automatic
        /// The column that says how much each customer counts; nil if all count alike.
        public var weight: String?
        /// Segments with less than this share of the customers are dissolved, 0..<1.
        public var minimumShare = 0.0
        /// By what a number of a range is recommended.
        public var criterion = ClusterCountCriterion.silhouette
        /// Reference sets of the gap statistic for a range; 0 for none, or 10 where it decides.
        public var gapReferences = 0
        /// Customers that the silhouette of all distances is computed from for a range; 0 for all of up to 4,096.
        public var silhouetteSample = 0

        /// How many, or the most of a range.
        public var count: Int { counts.upperBound }

        /// Segments of a number that is known.
        public init(
            count: Int, features: Features = .normalized, columns: [String] = [],
            seeding: Seeding = .greedyKMeansPlusPlus, iterationLimit: Int = 300,
            tolerance: Double = 1e-4, restarts: Int = 1, seed: UInt64 = 0, names: [Int: String] = [:]
        ) {
            // A wrong count is the check's to refuse, not a trap.
            self.counts = count...count
            self.features = features
            self.columns = columns
            self.seeding = seeding
            self.iterationLimit = iterationLimit
            self.tolerance = tolerance
            self.restarts = restarts
            self.seed = seed
            self.names = names
        }
    }

    /// What distances between customers are measured in.
    public enum Features: String, CaseIterable, Sendable {
        /// The normalized indicators, 0...1 each.
        case normalized
        /// Values over mean and standard deviation.
        case zScore
        /// Values over median and median absolute deviation.
        case robust
        /// Values as they are, so that the features with large figures decide.
        case unscaled
    }

    /// How the first centroids are chosen.
    public enum Seeding: String, CaseIterable, Sendable {
        /// k-means++ that keeps the best of several draws for each centroid.
        case greedyKMeansPlusPlus
        /// k-means++ (Arthur & Vassilvitskii 2007).
        case kMeansPlusPlus
        /// k-means|| (Bahmani et al. 2012): many draws at once, for hundreds of segments.
        case kMeansParallel
        /// Customers drawn at random.
        case random
    }
}

extension Plan.Segments {
    /// The words of the segmentation stage.
    public var parameters: KMeansParameters {
        let stageSeeding: KMeansSeeding =
            switch seeding {
            case .greedyKMeansPlusPlus: .greedyKMeansPlusPlus
            case .kMeansPlusPlus: .kMeansPlusPlus
            case .kMeansParallel: .kMeansParallel
            case .random: .random
            }
        return KMeansParameters(
            clusterCount: count, seeding: stageSeeding, iterationLimit: iterationLimit, tolerance: tolerance,
            restartCount: restarts, seed: seed, algorithm: algorithm)
    }

    /// How the number of segments is found if there is a range of them.
    public var search: ClusterCountSearch? {
        guard counts.count > 1 else { return nil }
        return ClusterCountSearch(
            parameters, counts: counts, criterion: criterion, minimumShare: minimumShare,
            gapReferenceCount: gapReferences, silhouetteRowCount: silhouetteSample)
    }
}
