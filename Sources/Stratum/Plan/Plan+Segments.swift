public import Segmentation

extension Plan {
    /// Unordered segments of customers who resemble each other, found by k-means.
    public struct Segments: Equatable, Sendable {
        /// How many, 1 or more.
        public var count: Int
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

        /// Segments.
        public init(
            count: Int, features: Features = .normalized, columns: [String] = [],
            seeding: Seeding = .greedyKMeansPlusPlus, iterationLimit: Int = 300,
            tolerance: Double = 1e-4, restarts: Int = 1, seed: UInt64 = 0, names: [Int: String] = [:]
        ) {
            self.count = count
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
    }

    /// How the first centroids are chosen.
    public enum Seeding: String, CaseIterable, Sendable {
        /// k-means++ that keeps the best of several draws for each centroid.
        case greedyKMeansPlusPlus
        /// k-means++ (Arthur & Vassilvitskii 2007).
        case kMeansPlusPlus
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
            case .random: .random
            }
        return KMeansParameters(
            clusterCount: count, seeding: stageSeeding, iterationLimit: iterationLimit, tolerance: tolerance,
            restartCount: restarts, seed: seed)
    }
}
