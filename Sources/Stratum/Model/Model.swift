public import Indicators
public import Scoring
public import Segmentation
public import Tiers
public import VectorMath

/// What a fit has learned from a population, and all that scoring another customer needs.
public struct Model: Equatable, Sendable {
    /// The version of the file format.
    public static let version = 1

    /// What the model was fitted to.
    public struct Source: Codable, Equatable, Sendable {
        /// XXH3 of the decompressed input, so that a file, a pipe and a compressed file give one model.
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
        /// The customers of each segment when they were found; nil if that is not known.
        public var sizes: [Int]?

        /// Segments; as many names and sizes as centroids, as many scalings as features.
        public init(scalings: [FeatureScaling], centroids: Centroids, names: [String], sizes: [Int]? = nil) {
            precondition(
                names.count == centroids.clusterCount, "\(names.count) names, \(centroids.clusterCount) centroids")
            precondition(
                scalings.count == centroids.featureCount,
                "\(scalings.count) scalings, \(centroids.featureCount) features")
            self.scalings = scalings
            self.centroids = centroids
            self.names = names
            self.sizes = sizes
        }

        /// The share of all customers of each segment when they were found; nil if that is not known.
        public var shares: [Double]? {
            sizes.map { sizes in
                let all = Double(sizes.reduce(0) { $0 &+ $1 })
                return sizes.map { Double($0) / max(all, 1) }
            }
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
    /// What was learned from an order log's purchases; nil if the plan asks for nothing of it, or it could not be
    /// learned.
    public var lifetime: FittedLifetime?
    /// Where an order log's customers are cut by recency, frequency and monetary value; nil if the plan does not.
    public var rfm: RFMCuts?
    /// Where the sides of the matrix are cut; nil if the plan has none.
    public var matrix: MatrixCuts?
    /// Percentile ranks of the population's scores, so that a single customer has one too.
    public var scoreRanks: RankTable
    /// The mean contribution of each indicator over the population, in points: what reasons compare a customer with.
    /// nil for a geometric mean, which has no contributions.
    public var contributionMeans: [Double]?

    /// A model of parts that belong together.
    public init(
        engineVersion: String, source: Source, plan: ResolvedPlan, scoring: FittedScoring, tiers: TierCutoffs,
        segments: Segments? = nil, matrix: MatrixCuts? = nil, lifetime: FittedLifetime? = nil, rfm: RFMCuts? = nil,
        scoreRanks: RankTable, contributionMeans: [Double]? = nil
    ) {
        self.engineVersion = engineVersion
        self.source = source
        self.plan = plan
        self.scoring = scoring
        self.tiers = tiers
        self.segments = segments
        self.lifetime = lifetime
        self.rfm = rfm
        self.matrix = matrix
        self.scoreRanks = scoreRanks
        self.contributionMeans = contributionMeans
    }
}
