/// What must be learned of one indicator's column before it can be scored. The count is needed of every column.
public struct StatisticsNeed: Equatable, Sendable {
    /// The indicator's name.
    public let name: String
    /// What is done to the values before anything is learned of them.
    public let transform: Transform
    /// Levels of the quantiles, 0...1, rising, distinct; empty if none is needed.
    public let quantileLevels: [Double]
    /// Whether minimum and maximum are needed.
    public let needsExtremes: Bool
    /// Whether mean and standard deviation are needed.
    public let needsMoments: Bool
    /// Whether the median of the distances from the median is needed; only a second pass can tell it.
    public let needsMedianAbsoluteDeviation: Bool
    /// Whether percentile ranks are needed.
    public let needsRanks: Bool

    /// The need of one indicator.
    public init(_ indicator: IndicatorSpecification) {
        name = indicator.name
        // A transform keeps the order, so ranks are taken of the values as they are.
        transform = indicator.normalization == .percentileRank ? .none : indicator.transform
        var levels: Set<Double> = []
        // The minimum tells whether the transform has a value for everyone.
        var extremes = transform.needsNonnegative
        var moments = false
        var deviation = false
        var ranks = false
        if case .target = indicator.direction {
            // A target is absolute: nothing is learned.
        } else {
            switch indicator.normalization {
            case .fixedRange, .benchmark, .gradeMap, .likert, .semanticDifferential, .netPromoter, .gradeWords: break
            case .minMax: extremes = true
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
        needsExtremes = extremes
        needsMoments = moments
        needsMedianAbsoluteDeviation = deviation
        needsRanks = ranks
    }
}
