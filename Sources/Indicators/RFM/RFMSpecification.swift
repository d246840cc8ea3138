/// How customers are scored by recency, frequency and monetary value.
///
/// Each of the three is scored 1 to `scoreCount`, the best highest: few days since the last purchase, many purchases,
/// much spend.
public struct RFMSpecification: Sendable, Equatable {
    /// The numbers of scores that there may be: a code such as 545 has one digit for each.
    public static let scoreCounts = 2...9

    /// How many scores there are, in `scoreCounts`.
    public var scoreCount = 5
    /// Whether frequency is cut within each score of recency, and monetary value within each pair of these.
    public var isNested = false
    /// The most days of each recency score, best score first: 30, 90, ... One fewer than scores, rising; nil for
    /// quantiles.
    public var recencyCuts: [Double]?
    /// The most purchases of each frequency score, worst score first; likewise.
    public var frequencyCuts: [Double]?
    /// The largest monetary value of each score, worst score first; likewise.
    public var monetaryCuts: [Double]?

    /// Five scores by quantile.
    public init() {}

    /// Requires what the properties' comments say.
    func checkRange() {
        precondition(Self.scoreCounts.contains(scoreCount), "\(scoreCount) scores")
        for cuts in [recencyCuts, frequencyCuts, monetaryCuts].compactMap(\.self) {
            precondition(cuts.count == scoreCount - 1, "\(cuts.count) cuts for \(scoreCount) scores")
            precondition(cuts.allSatisfy(\.isFinite), "a cut that is not finite")
            precondition(zip(cuts, cuts.dropFirst()).allSatisfy { $0 < $1 }, "cuts that do not rise")
        }
    }
}
