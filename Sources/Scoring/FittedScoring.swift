public import VectorMath

/// A scoring after the fit: what a model keeps of it, and what a `Scorer` is made of.
public struct FittedScoring: Codable, Equatable, Sendable {
    /// The dimensions, in the order of the output.
    public let dimensions: [FittedDimension]
    /// How dimension scores become the composite.
    public let aggregation: Aggregation

    /// A scoring from a model.
    public init(dimensions: [FittedDimension], aggregation: Aggregation) {
        self.dimensions = dimensions
        self.aggregation = aggregation
    }

    /// All indicators, in the order of the columns of a `ScoreBlock`.
    public var indicators: [FittedIndicator] { dimensions.flatMap(\.indicators) }

    /// Fits a specification to a population.
    ///
    /// - Parameters:
    ///   - specification: checked first.
    ///   - rowCounts: the rows of each chunk of the data.
    ///   - read: gives the values of the indicator of a number, in the order of `specification.indicators`, NaN where
    ///     missing; see `ColumnSource`.
    /// - Returns: the fitted scoring, and what the reader should be told.
    /// - Throws: `ScoringError` of any kind, or what `read` throws.
    public static func fit(
        _ specification: ScoringSpecification, rowCounts: [Int], _ workers: Workers, read: @escaping ColumnSource.Read
    ) throws -> (scoring: FittedScoring, warnings: [FitWarning]) {
        try specification.validate()
        let statistics = try ColumnStatistics.gather(
            specification.statisticsNeeds, rowCounts: rowCounts, workers, read: read)
        return try fit(specification, statistics: statistics)
    }

    /// Fits a specification to what was learned of a population.
    ///
    /// - Parameters:
    ///   - specification: checked first.
    ///   - statistics: what was learned of each indicator, in the order of `specification.indicators`.
    /// - Returns: the fitted scoring, and what the reader should be told.
    /// - Throws: `ScoringError` of any kind.
    public static func fit(
        _ specification: ScoringSpecification, statistics: [ColumnStatistics]
    ) throws(ScoringError) -> (scoring: FittedScoring, warnings: [FitWarning]) {
        try specification.validate()
        let indicatorCount = specification.indicators.count
        precondition(statistics.count == indicatorCount, "\(statistics.count) columns for \(indicatorCount) indicators")

        var warnings: [FitWarning] = []
        var dimensions: [FittedDimension] = []
        var column = 0
        let dimensionShares = shares(specification.dimensions.map(\.weight))
        for (number, dimension) in specification.dimensions.enumerated() {
            var indicators: [FittedIndicator] = []
            let indicatorShares = shares(dimension.indicators.map(\.weight))
            for (position, indicator) in dimension.indicators.enumerated() {
                let fitted = try FittedIndicator.fit(
                    indicator, share: indicatorShares[position], statistics: statistics[column],
                    path: "dimensions[\(number)].indicators[\(position)]")
                indicators.append(fitted.indicator)
                if let kind = fitted.warning { warnings.append(FitWarning(kind: kind, indicator: indicator.name)) }
                column += 1
            }
            dimensions.append(
                FittedDimension(name: dimension.name, weight: dimensionShares[number], indicators: indicators))
        }
        return (FittedScoring(dimensions: dimensions, aggregation: specification.aggregation), warnings)
    }
}

/// A dimension after the fit.
public struct FittedDimension: Codable, Equatable, Sendable {
    /// The name.
    public let name: String
    /// The share in the composite; the shares of all dimensions sum to 1.
    public let weight: Double
    /// The indicators.
    public let indicators: [FittedIndicator]

    /// A dimension from a model.
    public init(name: String, weight: Double, indicators: [FittedIndicator]) {
        self.name = name
        self.weight = weight
        self.indicators = indicators
    }
}

/// Something the fit decided that the reader of its scores should know.
public struct FitWarning: Codable, Equatable, Sendable, CustomStringConvertible {
    /// What happened.
    public enum Kind: String, Codable, Equatable, Sendable {
        /// All customers have the same value.
        case constant
        /// No customer has a value.
        case allMissing
        /// Both quantiles of the range are the same value.
        case emptyQuantileRange
        /// More than half of the customers have the same value.
        case zeroDeviation
    }

    /// What happened.
    public let kind: Kind
    /// The indicator's name.
    public let indicator: String

    /// A warning.
    public init(kind: Kind, indicator: String) {
        self.kind = kind
        self.indicator = indicator
    }

    /// One sentence: what happened and what was done.
    public var description: String {
        switch kind {
        case .constant: "\"\(indicator)\" is the same for everyone: it scores 0.5 for all"
        case .allMissing: "\"\(indicator)\" has no value at all: it is missing for everyone"
        case .emptyQuantileRange:
            "the quantiles of \"\(indicator)\" are one value: the range from its minimum to its maximum was used"
        case .zeroDeviation:
            "more than half of \"\(indicator)\" is one value: the standard deviation was used in place of the MAD"
        }
    }
}

/// Weights divided by their sum, which is above 0.
func shares(_ weights: [Double]) -> [Double] {
    var sum = ExactSum()
    for weight in weights { sum.update(weight) }
    return weights.map { $0 / sum.value }
}
