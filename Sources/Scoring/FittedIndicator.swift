public import VectorMath

/// One indicator after the fit: all that is needed to score a value, as plain numbers for the model file.
public struct FittedIndicator: Codable, Equatable, Sendable {
    /// The indicator's name.
    public let name: String
    /// What is done to a value first.
    public let transform: Transform
    /// The score of a transformed value, direction included.
    public let curve: ScoreCurve
    /// What a customer without a value gets.
    public let missing: FittedMissing
    /// The share of this indicator in its dimension; the shares of a dimension sum to 1.
    public let weight: Double

    /// An indicator from a model.
    public init(name: String, transform: Transform, curve: ScoreCurve, missing: FittedMissing, weight: Double) {
        self.name = name
        self.transform = transform
        self.curve = curve
        self.missing = missing
        self.weight = weight
    }

    /// The score of one value, 0...1; nil if it is missing or out of domain and the policy has no score for it.
    ///
    /// For one customer at a time; `Scorer` does the same for blocks.
    public func score(_ value: Double) -> Double? {
        if let score = curve.score(transform(value)) { return score }
        if case .fill(let score) = missing { return score }
        return nil
    }
}

/// What a customer without a value gets.
public enum FittedMissing: Codable, Equatable, Sendable {
    /// The weights of the others are raised to make up for it.
    case renormalize
    /// This score, 0...1.
    case fill(Double)
    /// Scoring ends with an error.
    case fail
}

/// A score of 0...1 as a function of a transformed value.
public enum ScoreCurve: Codable, Equatable, Sendable {
    /// A line from 0 at `zero` to 1 at `one`, clipped; `zero` is the larger one where less is better.
    case ramp(zero: Double, one: Double)
    /// Two lines that meet at the knot, through the scores at `low`, `knot` and `high`, clipped.
    case bend(low: Double, knot: Double, high: Double, scores: BendScores)
    /// The percentile rank, or 1 less it where less is better; values beyond all of the population score 0 and 1.
    case ranks(RankTable, lowerIsBetter: Bool)
    /// A score for each of these numbers and no other.
    case grades([Grade])
    /// A line from 0 at `zero` to 1 at `one`, the ends of a scale of answers; what lies outside has no score.
    case scale(zero: Double, one: Double)
    /// The same for every value: the column was constant.
    case constant(Double)

    /// The score of a transformed value; nil for NaN and for a number that is no grade and no answer.
    ///
    /// - Complexity: O(log of the number of ranks)
    public func score(_ value: Double) -> Double? {
        guard !value.isNaN else { return nil }
        let score = NormalizationKernel(self).score(value)
        return score.isNaN ? nil : score
    }
}

/// The scores of a bend at its low end, its knot and its high end.
public struct BendScores: Codable, Equatable, Sendable {
    /// At the low end and below: 0 or 1.
    public var low: Double
    /// At the knot.
    public var knot: Double
    /// At the high end and above: 0 or 1.
    public var high: Double

    /// Three scores.
    public init(low: Double, knot: Double, high: Double) {
        self.low = low
        self.knot = knot
        self.high = high
    }
}
