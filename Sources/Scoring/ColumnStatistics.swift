/// What was learned of one indicator's column; missing values are left out of everything but `missingCount`.
public struct ColumnStatistics: Equatable, Sendable {
    /// Values present.
    public var presentCount: Int
    /// Values missing.
    public var missingCount: Int
    /// The smallest value as read, NaN if there is none.
    public var minimum: Double
    /// The largest value as read, NaN if there is none.
    public var maximum: Double
    /// A quantile for each level asked.
    public var quantiles: [QuantileNeighbors]
    /// The mean of the transformed values.
    public var mean: Double?
    /// The standard deviation of the transformed values, with the divisor n.
    public var standardDeviation: Double?
    /// The median of the distances of the transformed values from their median.
    public var medianAbsoluteDeviation: Double?
    /// Percentile ranks.
    public var ranks: RankPoints?

    /// Statistics of a column; leave out what its `StatisticsNeed` does not name.
    public init(
        presentCount: Int, missingCount: Int, minimum: Double, maximum: Double, quantiles: [QuantileNeighbors] = [],
        mean: Double? = nil, standardDeviation: Double? = nil, medianAbsoluteDeviation: Double? = nil,
        ranks: RankPoints? = nil
    ) {
        self.presentCount = presentCount
        self.missingCount = missingCount
        self.minimum = minimum
        self.maximum = maximum
        self.quantiles = quantiles
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.medianAbsoluteDeviation = medianAbsoluteDeviation
        self.ranks = ranks
    }

    /// The quantile of the transformed values at a level that was asked for, nil at another.
    public func quantile(_ level: Double, of transform: Transform) -> Double? {
        quantiles.first { $0.level == level }?.value(of: transform)
    }
}

/// A quantile as the two order statistics around it, so that it can be taken of transformed values too: a transform
/// keeps the order, and interpolation comes after it.
public struct QuantileNeighbors: Equatable, Sendable {
    /// The level, 0...1.
    public var level: Double
    /// The order statistic at or below the level, as read.
    public var lower: Double
    /// The order statistic at or above it, as read.
    public var upper: Double
    /// How far from `lower` to `upper` the quantile lies, 0...1.
    public var fraction: Double

    /// The neighbors of a quantile.
    public init(level: Double, lower: Double, upper: Double, fraction: Double) {
        self.level = level
        self.lower = lower
        self.upper = upper
        self.fraction = fraction
    }

    /// The quantile of the transformed values.
    public func value(of transform: Transform) -> Double {
        let lower = transform(lower)
        let upper = transform(upper)
        // Without the test, infinite neighbors would give NaN.
        return lower == upper ? lower : lower + (upper - lower) * fraction
    }
}

/// Percentile ranks of a column at rising values; between two of them ranks lie on the line.
public struct RankPoints: Codable, Equatable, Sendable {
    /// Values, rising.
    public var values: [Double]
    /// The percentile rank of each, 0...1, rising.
    public var ranks: [Double]

    /// Points of equal number.
    public init(values: [Double], ranks: [Double]) {
        precondition(values.count == ranks.count, "\(values.count) values, \(ranks.count) ranks")
        self.values = values
        self.ranks = ranks
    }
}
