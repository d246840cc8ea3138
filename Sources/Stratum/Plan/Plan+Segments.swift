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
        /// A start ends when no centroid moves by more than this share of the features' spread; 0 or more.
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
            seeding: Seeding = .kMeansPlusPlus, iterationLimit: Int = 100, tolerance: Double = 1e-4,
            restarts: Int = 1, seed: UInt64 = 1, names: [Int: String] = [:]
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
        /// k-means++ (Arthur & Vassilvitskii 2007).
        case kMeansPlusPlus
        /// Customers drawn at random.
        case random
    }
}
