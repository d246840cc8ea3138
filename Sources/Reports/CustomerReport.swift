/// How one customer comes by a score: each indicator's part, what the mean customer has there, and what the next tier
/// would take.
public struct CustomerReport: Equatable, Sendable {
    /// A figure of the customer, that of the mean customer, and how far they lie apart.
    public struct Comparison: Equatable, Sendable {
        /// The customer's points of the score.
        public var points: Double
        /// The mean customer's; nil if the model does not know.
        public var mean: Double?
        /// How many more the customer has.
        public var difference: Double? { mean.map { points - $0 } }

        /// Points beside the mean customer's.
        public init(points: Double, mean: Double?) {
            self.points = points
            self.mean = mean
        }
    }

    /// What would lift a customer to the next tier.
    public enum Lift: Equatable, Sendable {
        /// This value, all others as they are.
        case value(Double)
        /// This word, and the number that it stands for.
        case word(String, Double)
        /// No value of this indicator alone.
        case notAlone
    }

    /// One indicator.
    public struct Indicator: Equatable, Sendable {
        /// The name.
        public var name: String
        /// The value as read; nil if it is missing.
        public var value: Double?
        /// The word that the value stands for; nil for a column of numbers.
        public var word: String?
        /// The normalized value, 0...100; nil if it has none.
        public var normalized: Double?
        /// The share in the score of a customer who lacks nothing, 0...1.
        public var weight: Double
        /// What it adds to the score; nil for a geometric mean.
        public var contribution: Comparison?
        /// What would lift the customer; nil where there is no next tier by score.
        public var lift: Lift?

        /// An indicator.
        public init(
            name: String, value: Double?, word: String? = nil, normalized: Double?, weight: Double,
            contribution: Comparison?, lift: Lift?
        ) {
            self.name = name
            self.value = value
            self.word = word
            self.normalized = normalized
            self.weight = weight
            self.contribution = contribution
            self.lift = lift
        }
    }

    /// One dimension.
    public struct Dimension: Equatable, Sendable {
        /// The name.
        public var name: String
        /// The score, 0...100; nil if it has none.
        public var score: Double?
        /// The share in the score.
        public var weight: Double
        /// The indicators.
        public var indicators: [Indicator]

        /// A dimension.
        public init(name: String, score: Double?, weight: Double, indicators: [Indicator]) {
            self.name = name
            self.score = score
            self.weight = weight
            self.indicators = indicators
        }

        /// What its indicators add to the score together; nil for a geometric mean.
        public var contribution: Comparison? { Comparison(sumOf: indicators.map(\.contribution)) }
    }

    /// The next better tier.
    public struct NextTier: Equatable, Sendable {
        /// The name.
        public var name: String
        /// The least value in it.
        public var bound: Double
        /// What the customer lacks of it, 0 or more.
        public var distance: Double

        /// A tier.
        public init(name: String, bound: Double, distance: Double) {
            self.name = name
            self.bound = bound
            self.distance = distance
        }
    }

    /// The group that a customer is cut with.
    public struct Group: Equatable, Sendable {
        /// The column of groups.
        public var column: String
        /// The group; nil if the customer is in none.
        public var name: String?
        /// Whether the group has cut-offs of its own; those of all customers count otherwise.
        public var hasOwnCutoffs: Bool

        /// A group.
        public init(column: String, name: String?, hasOwnCutoffs: Bool) {
            self.column = column
            self.name = name
            self.hasOwnCutoffs = hasOwnCutoffs
        }
    }

    /// The id.
    public var id: String
    /// The score, 0...100; nil if the customer has none.
    public var score: Double?
    /// The tier or the layer outside the tiers; nil if the customer cannot be ranked.
    public var tier: String?
    /// The percentage of the population with a lower score; nil if the model does not know.
    public var percentileRank: Double?
    /// The segment; nil if the model has none.
    public var segment: String?
    /// Words such as `some_missing`.
    public var flags: [String]
    /// The dimensions.
    public var dimensions: [Dimension]
    /// What customers are ranked by: `score`, or a column.
    public var rankedBy: String
    /// The next better tier; nil in the best one and outside the tiers.
    public var nextTier: NextTier?
    /// Whether the score is a sum of contributions.
    public var isAdditive: Bool
    /// Digits after the point of scores.
    public var decimals: Int
    /// The group; nil where all customers are cut alike.
    public var group: Group?

    /// A report on one customer.
    public init(
        id: String, score: Double?, tier: String?, percentileRank: Double?, segment: String?, flags: [String],
        dimensions: [Dimension], rankedBy: String, nextTier: NextTier?, isAdditive: Bool, decimals: Int,
        group: Group? = nil
    ) {
        self.id = id
        self.score = score
        self.tier = tier
        self.percentileRank = percentileRank
        self.segment = segment
        self.flags = flags
        self.dimensions = dimensions
        self.rankedBy = rankedBy
        self.nextTier = nextTier
        self.isAdditive = isAdditive
        self.decimals = decimals
        self.group = group
    }

    /// All indicators.
    public var indicators: [Indicator] { dimensions.flatMap(\.indicators) }

    /// The names of the indicators that the customer has no value for.
    public var missing: [String] { indicators.filter { $0.value == nil }.map(\.name) }

    /// The sum of all contributions, which is the score to rounding; nil for a geometric mean.
    public var contribution: Comparison? { Comparison(sumOf: dimensions.map(\.contribution)) }
}

extension CustomerReport.Comparison {
    /// The sum of some; nil if one of them is.
    fileprivate init?(sumOf parts: [CustomerReport.Comparison?]) {
        let known = parts.compactMap(\.self)
        guard known.count == parts.count else { return nil }
        let means = known.compactMap(\.mean)
        self.init(
            points: known.reduce(0) { $0 + $1.points },
            mean: means.count == known.count ? means.reduce(0, +) : nil)
    }
}
