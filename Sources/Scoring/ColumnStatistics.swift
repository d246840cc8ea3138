public import VectorMath

/// What was learned of one indicator's column after its transform; missing values are left out of everything but
/// `missingCount`.
///
/// A value that the transform has no value for is taken as it is: it is below 0 and all transformed ones are not, so a
/// minimum below 0 tells of it.
public struct ColumnStatistics: Equatable, Sendable {
    /// Values present.
    public var presentCount: Int
    /// Values missing.
    public var missingCount: Int
    /// The smallest value.
    public var minimum: Double?
    /// The largest value.
    public var maximum: Double?
    /// A quantile for each level asked, linear between neighbors (Hyndman & Fan 1996, type 7).
    public var quantiles: [Quantile]
    /// The mean.
    public var mean: Double?
    /// The standard deviation, with the divisor n.
    public var standardDeviation: Double?
    /// The median of the distances from the median.
    public var medianAbsoluteDeviation: Double?
    /// Percentile ranks.
    public var ranks: RankTable?

    /// One quantile.
    public struct Quantile: Equatable, Sendable {
        /// The level, 0...1.
        public var level: Double
        /// The value.
        public var value: Double

        /// A quantile.
        public init(level: Double, value: Double) {
            self.level = level
            self.value = value
        }
    }

    /// Statistics of a column; leave out what its `StatisticsNeed` does not name.
    public init(
        presentCount: Int, missingCount: Int, minimum: Double? = nil, maximum: Double? = nil,
        quantiles: [Quantile] = [], mean: Double? = nil, standardDeviation: Double? = nil,
        medianAbsoluteDeviation: Double? = nil, ranks: RankTable? = nil
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

    /// The quantile at a level that was asked for, nil at another.
    public func quantile(_ level: Double) -> Double? { quantiles.first { $0.level == level }?.value }
}
