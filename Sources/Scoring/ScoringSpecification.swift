/// What the score is made of: dimensions of indicators, their weights and how they are brought together.
///
/// Inside a dimension the scores of the indicators are averaged by weight; `aggregation` brings the dimensions
/// together. Indicators are numbered across dimensions: all of the first dimension, then all of the second.
public struct ScoringSpecification: Codable, Equatable, Sendable {
    /// The dimensions, in the order of the output.
    public var dimensions: [DimensionSpecification]
    /// How dimension scores become the composite.
    public var aggregation: Aggregation

    /// A specification; it is checked when something is fitted to it, or by `validate()`.
    public init(dimensions: [DimensionSpecification], aggregation: Aggregation = .arithmetic) {
        self.dimensions = dimensions
        self.aggregation = aggregation
    }

    /// All indicators, in the order of the columns of a `ScoreBlock`.
    public var indicators: [IndicatorSpecification] { dimensions.flatMap(\.indicators) }

    /// What must be learned of the population for each indicator, in the order of `indicators`.
    public var statisticsNeeds: [StatisticsNeed] { indicators.map(StatisticsNeed.init) }
}

/// A dimension: indicators that say the same kind of thing about a customer.
public struct DimensionSpecification: Codable, Equatable, Sendable {
    /// The name, unique among the dimensions.
    public var name: String
    /// The weight in the composite: finite, 0 or more; weights need not sum to 1.
    public var weight: Double
    /// The indicators, at least one.
    public var indicators: [IndicatorSpecification]

    /// A dimension.
    public init(name: String, weight: Double = 1, indicators: [IndicatorSpecification]) {
        self.name = name
        self.weight = weight
        self.indicators = indicators
    }
}

/// How dimension scores become the composite.
public enum Aggregation: Codable, Equatable, Sendable {
    /// The weighted mean: a strong dimension makes up for a weak one.
    case arithmetic
    /// The weighted geometric mean of dimension scores that are raised to `floor` points first, 0...100.
    ///
    /// As in the Human Development Index, indicators are averaged arithmetically inside a dimension and dimensions
    /// geometrically. A geometric mean takes no zero: one dimension at 0 would make everyone who has it equal. The
    /// index of the United Nations puts the smallest admissible value in place of zeros before it takes logarithms;
    /// `floor` does the same, and 0 keeps the strict form, in which one zero annihilates.
    case geometric(floor: Double)

    /// Closeness to the ideal customer (TOPSIS, Hwang & Yoon 1981): 100 d- / (d+ + d-), where d+ and d- are the
    /// Euclidean distances from the best and from the worst value of every indicator.
    ///
    /// The distances are taken over the scores of 0...1 of all indicators at once, each times its weight in the whole
    /// (that of its dimension times its own), so that the best is 1 and the worst 0. With `minMax` these are the best and
    /// worst of the population, as in the original; its vector normalization is the same with each weight multiplied by
    /// the column's range over its Euclidean norm. The ends are part of the fit, so a stored model scores row by row.
    /// Over the indicators that are there: a common factor of their weights cancels. Dimension scores stay weighted
    /// means, of which the composite is none, and so there are no contributions.
    case topsis

    /// The geometric mean with a floor of one point of a hundred.
    public static let geometric = Aggregation.geometric(floor: 1)
}
