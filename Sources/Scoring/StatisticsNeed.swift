/// What must be learned of one indicator's column before it can be scored.
///
/// Count, minimum and maximum are needed of every column. All but the median absolute deviation can be had in one pass;
/// that one needs the median first.
public struct StatisticsNeed: Equatable, Sendable {
    /// The indicator's name.
    public let name: String
    /// What is done to the values before mean, standard deviation and median absolute deviation are taken.
    public let transform: Transform
    /// Levels of the quantiles, 0...1, rising, distinct; empty if none is needed.
    public let quantileLevels: [Double]
    /// Whether mean and standard deviation of the transformed values are needed.
    public let needsMoments: Bool
    /// Whether the median of |t(x) - t(median)| is needed.
    public let needsMedianAbsoluteDeviation: Bool
    /// Whether percentile ranks are needed.
    public let needsRanks: Bool

    /// The need of one indicator.
    public init(_ indicator: IndicatorSpecification) {
        name = indicator.name
        transform = indicator.transform
        var levels: Set<Double> = []
        var moments = false
        var deviation = false
        var ranks = false
        if case .target = indicator.direction {
            // A target is absolute: nothing is learned.
        } else {
            switch indicator.normalization {
            case .minMax, .fixedRange, .benchmark, .gradeMap: break
            case .quantileRange(let low, let high): levels.formUnion([low, high])
            case .zScore: moments = true
            case .robustZ:
                levels.insert(0.5)
                // For a column of which more than half is one value.
                moments = true
                deviation = true
            case .percentileRank: ranks = true
            }
        }
        if indicator.missing == .median { levels.insert(0.5) }
        quantileLevels = levels.sorted()
        needsMoments = moments
        needsMedianAbsoluteDeviation = deviation
        needsRanks = ranks
    }
}
