public import Scoring
public import Segmentation
public import Tiers

/// What a fit has learned from a population, and all that scoring another customer needs.
public struct Model: Equatable, Sendable {
    /// The version of the file format.
    public static let version = 1

    /// What the model was fitted to.
    public struct Source: Codable, Equatable, Sendable {
        /// The input's checksum, as in the summary.
        public var checksum: String
        /// Customers of the population.
        public var rowCount: Int
        /// When, as the caller wrote it; the engine itself reads no clock.
        public var fittedAt: String?

        /// What a model was fitted to.
        public init(checksum: String, rowCount: Int, fittedAt: String? = nil) {
            self.checksum = checksum
            self.rowCount = rowCount
            self.fittedAt = fittedAt
        }
    }

    /// Where the segments lie.
    public struct Segments: Codable, Equatable, Sendable {
        /// For each feature how values become units of distance; features are the plan's `segmentIndicators`.
        public var scalings: [FeatureScaling]
        /// The centroids in these units, numbered as the segments.
        public var centroids: Centroids
        /// The segments' names, in the order of the centroids.
        public var names: [String]

        /// Segments; as many names as centroids, as many scalings as features.
        public init(scalings: [FeatureScaling], centroids: Centroids, names: [String]) {
            precondition(
                names.count == centroids.clusterCount, "\(names.count) names, \(centroids.clusterCount) centroids")
            precondition(
                scalings.count == centroids.featureCount,
                "\(scalings.count) scalings, \(centroids.featureCount) features")
            self.scalings = scalings
            self.centroids = centroids
            self.names = names
        }
    }

    /// The release of the engine that fitted it.
    public var engineVersion: String
    /// What it was fitted to.
    public var source: Source
    /// The plan it was fitted by.
    public var plan: ResolvedPlan
    /// The scores' curves and weights, with what stands in for missing values.
    public var scoring: FittedScoring
    /// The tiers' cut-offs, frozen.
    public var tiers: TierCutoffs
    /// The segments; nil if the plan has none.
    public var segments: Segments?
    /// Percentile ranks of the population's scores, so that a single customer has one too; values are scores, 0...100,
    /// ranks 0...1.
    public var scoreRanks: RankPoints

    /// A model of parts that belong together.
    public init(
        engineVersion: String, source: Source, plan: ResolvedPlan, scoring: FittedScoring, tiers: TierCutoffs,
        segments: Segments? = nil, scoreRanks: RankPoints
    ) {
        self.engineVersion = engineVersion
        self.source = source
        self.plan = plan
        self.scoring = scoring
        self.tiers = tiers
        self.segments = segments
        self.scoreRanks = scoreRanks
    }

    /// The percentile rank of a score in the population, 0...100, on the line between the nearest known scores; NaN for
    /// NaN.
    ///
    /// - Complexity: O(log of the number of points)
    public func percentileRank(ofScore score: Double) -> Double {
        let (values, ranks) = (scoreRanks.values, scoreRanks.ranks)
        guard let last = values.indices.last, !score.isNaN else { return .nan }
        var (low, high) = (0, last + 1)
        while low < high {
            let middle = (low + high) / 2
            if values[middle] <= score { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 100 * ranks[0] }
        guard low <= last, values[low - 1] < score else { return 100 * ranks[low - 1] }
        let share = (score - values[low - 1]) / (values[low] - values[low - 1])
        return 100 * (ranks[low - 1] + share * (ranks[low] - ranks[low - 1]))
    }
}
