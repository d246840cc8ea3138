/// How one indicator becomes a score of 0...1 and how much it weighs in its dimension.
///
/// The value is transformed, normalized to 0...1 and turned so that 1 is best.
public struct IndicatorSpecification: Codable, Equatable, Sendable {
    /// The name, unique among all indicators of a specification.
    public var name: String
    /// Which values are good.
    public var direction: Direction
    /// What is done to a value before it is normalized.
    public var transform: Transform
    /// How transformed values become 0...1.
    public var normalization: Normalization
    /// What a customer without this value gets.
    public var missing: MissingPolicy
    /// The weight inside the dimension: finite, 0 or more; weights need not sum to 1.
    public var weight: Double

    /// An indicator; everything but the name has the defaults of the field.
    public init(
        name: String, direction: Direction = .higher, transform: Transform = .none,
        normalization: Normalization = .standard, missing: MissingPolicy = .renormalize, weight: Double = 1
    ) {
        self.name = name
        self.direction = direction
        self.transform = transform
        self.normalization = normalization
        self.missing = missing
        self.weight = weight
    }
}

/// Which values of an indicator are good.
public enum Direction: Codable, Equatable, Sendable {
    /// Larger values are better.
    case higher
    /// Smaller values are better: the score is 1 less the score of `higher`.
    case lower
    /// The nearer to `value`, the better: 1 at `value`, falling on a line to 0 at `distance` from it, in the
    /// indicator's own units. It says all about the score, so transform and normalization keep their defaults.
    case target(value: Double, distance: Double)
}

/// How the transformed values of an indicator become 0...1, before the direction is looked at.
///
/// Cut-offs of `fixedRange` and `benchmark` are in the indicator's own units and are transformed like the values.
public enum Normalization: Codable, Equatable, Sendable {
    /// 0 at the smallest value of the population, 1 at the largest.
    case minMax
    /// 0 at the `low` quantile and below, 1 at the `high` quantile and above; 0 <= low < high <= 1.
    ///
    /// Quantiles interpolate linearly between neighbors (Hyndman & Fan 1996, type 7).
    case quantileRange(low: Double, high: Double)
    /// Distance from the mean in standard deviations, -3...3 laid on 0...1 and clipped: the mean scores 0.5.
    case zScore
    /// Distance from the median in units of 1.4826 MAD (median absolute deviation), -3...3 laid on 0...1 and clipped.
    case robustZ
    /// Share of the population below the value, with half of those equal to it (mid-rank).
    case percentileRank
    /// 0 at `low`, 1 at `high`, clipped: scales such as 1...5, whatever the population is.
    case fixedRange(low: Double, high: Double)
    /// 0 at `low`, 0.5 at the benchmark, 1 at `high`, on two lines, clipped.
    case benchmark(benchmark: Double, low: Double, high: Double)
    /// A score for each number that may occur; any other number is out of domain.
    case gradeMap([Grade])
    /// An answer of 1...`points` (Likert 1932): 0 at 1, 1 at `points`; a mean of answers lies between two points.
    case likert(points: Int)
    /// A place between two opposite words, -`reach`...`reach` (Osgood 1957): 0.5 in the middle; places between the marks
    /// count too.
    case semanticDifferential(reach: Int)
    /// "Would you recommend us", 0...10 in whole numbers (Reichheld 2003): promoters (9, 10) score 1, passives (7, 8)
    /// 0.5, detractors (0...6) 0.
    case netPromoter
    /// Ordered words, which the reader of the column has replaced by their scores, and numbers likewise.
    case gradeWords([WordGrade], numbers: [Grade])

    /// Between the 1st and the 99th percentile: one outlier does not flatten everyone.
    public static let standard = Normalization.quantileRange(low: 0.01, high: 0.99)
}

/// One step of a grade scale.
public struct Grade: Codable, Equatable, Sendable {
    /// The number in the data, compared exactly.
    public var number: Double
    /// Its score, 0...1.
    public var score: Double

    /// A number and its score.
    public init(number: Double, score: Double) {
        self.number = number
        self.score = score
    }
}

/// One step of a grade scale in words.
public struct WordGrade: Codable, Equatable, Sendable {
    /// The word in the data; upper and lower case of ASCII letters are alike, other bytes are compared exactly.
    public var word: String
    /// Its score, 0...1.
    public var score: Double

    /// A word and its score.
    public init(_ word: String, score: Double) {
        self.word = word
        self.score = score
    }
}

/// What a customer gets for an indicator without a value.
///
/// The missing value is counted and flagged whatever the policy is.
public enum MissingPolicy: Codable, Equatable, Sendable {
    /// The dimension is the weighted mean of the indicators that are there.
    case renormalize
    /// The score of the population's median.
    case median
    /// 0.
    case worst
    /// A given score, 0...1.
    case constant(Double)
    /// Scoring ends with an error.
    case fail
}
