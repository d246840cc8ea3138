internal import Glibc
internal import VectorMath

/// Rules that find the weights of indicators from the data alone.
///
/// All of them work on the normalized values, 0...1 with 1 for the best, so neither units nor the sense of an indicator
/// change a weight. A constant indicator, and one that nobody has, weighs 0; if that leaves none, all weigh the same.
public enum ObjectiveWeighting: String, CaseIterable, Codable, Sendable {
    /// 1 less the entropy of the values as shares of their sum (Shannon 1948), where 0 ln 0 = 0: much for indicators in
    /// which few customers have most.
    case entropy
    /// Standard deviation times the sum of 1 - r over the other indicators (Diakoulaki, Mavrotas & Papayannakis 1995).
    case critic
    /// The standard deviation.
    case standardDeviation
    /// The standard deviation over the mean.
    case coefficientOfVariation
    /// The effect of leaving an indicator out on the customers' overall performance (Keshavarz-Ghorabaee et al. 2021),
    /// with 1 + value in place of the value, so that zeros have a logarithm. A missing value has no effect.
    case merec
    /// The absolute loadings of the first principal component of the correlation matrix.
    case principalComponent

    /// The weights of the indicators of one of the moments' groups, which sum to 1.
    ///
    /// - Complexity: O(indicators^3) at most; the population is not looked at again.
    public func weights(from moments: IndicatorMoments, group: Int) -> [Double] {
        let indicators = Array(moments.groups[group])
        let deviations = indicators.map { moments.standardDeviation(of: $0) }
        let raw: [Double]
        switch self {
        case .entropy:
            raw = indicators.map { 1 - moments.relativeEntropy(of: $0) }
        case .critic:
            raw = indicators.indices.map { first in
                indicators.indices.reduce(0.0) { sum, second in
                    guard deviations[second] > 0 else { return sum }
                    return sum + 1 - moments.correlation(indicators[first], indicators[second])
                } * deviations[first]
            }
        case .standardDeviation:
            raw = deviations
        case .coefficientOfVariation:
            raw = zip(indicators, deviations).map { indicator, deviation in
                guard let mean = moments.mean(of: indicator), mean > 0 else { return 0 }
                return deviation / mean
            }
        case .merec:
            raw = zip(moments.removalEffects(ofGroup: group), deviations).map { $1 > 0 ? $0 : 0 }
        case .principalComponent:
            raw = Self.loadings(moments, indicators, deviations)
        }
        let sum = raw.reduce(0, +)
        guard sum > 0, sum.isFinite else {
            return Array(repeating: 1 / Double(indicators.count), count: indicators.count)
        }
        return raw.map { $0 / sum }
    }

    private static func loadings(
        _ moments: IndicatorMoments, _ indicators: [Int], _ deviations: [Double]
    ) -> [Double] {
        let varying = indicators.indices.filter { deviations[$0] > 0 }
        var raw = [Double](repeating: 0, count: indicators.count)
        guard !varying.isEmpty else { return raw }
        let correlations = varying.flatMap { row in
            varying.map { moments.correlation(indicators[row], indicators[$0]) }
        }
        guard let first = SymmetricMatrix(order: varying.count, elements: correlations).eigen()?.last else {
            return raw
        }
        for (position, indicator) in varying.enumerated() { raw[indicator] = abs(first.vector[position]) }
        return raw
    }
}

/// A set of subjective weights and a set of objective ones as one: proportional to a^t b^(1 - t).
///
/// - Parameters:
///   - subjective: finite, 0 or more, not all 0.
///   - objective: as many.
///   - share: t, 0...1: 1 takes the first set only, 0 the second.
/// - Returns: weights that sum to 1; if no indicator has weight in both sets, the subjective ones.
public func combinedWeights(subjective: [Double], objective: [Double], share: Double) -> [Double] {
    precondition(subjective.count == objective.count, "\(subjective.count) and \(objective.count) weights")
    precondition((0...1).contains(share), "share \(share) is not in 0...1")
    // pow(0, 0) is 1, so at either end the other set does not count, not even its zeros.
    let raw = zip(subjective, objective).map { pow($0, share) * pow($1, 1 - share) }
    let sum = raw.reduce(0, +)
    let total = subjective.reduce(0, +)
    return sum > 0 ? raw.map { $0 / sum } : subjective.map { $0 / total }
}

/// The natural logarithm, here because two modules of C's library have one.
func logarithm(_ value: Double) -> Double { log(value) }
