import Glibc
internal import VectorMath

extension FittedIndicator {
    /// A value at which an indicator reaches a score, and where better ones lie.
    public struct Reach: Equatable, Sendable {
        /// The value, in the indicator's own units.
        public var value: Double
        /// Which way better values lie; nil for a grade, which has no neighbors.
        public var isRising: Bool?
    }

    /// The value nearest to `value` whose score is `score`: normalization and transform turned back.
    ///
    /// Rounding may leave it a few units in the last place short; score it to know.
    ///
    /// - Parameters:
    ///   - score: above 0, up to 1.
    ///   - value: where the customer stands; NaN if that is missing.
    /// - Returns: nil if no value has so high a score.
    public func reach(_ score: Double, from value: Double) -> Reach? {
        let start = transform(value)
        guard var reach = curve.reach(score, from: start) else { return nil }
        reach.value = transform.inverse(reach.value)
        return reach
    }
}

extension ScoreCurve {
    /// The same for a transformed value.
    fileprivate func reach(_ score: Double, from value: Double) -> FittedIndicator.Reach? {
        switch self {
        case .ramp(let zero, let one), .scale(let zero, let one):
            return FittedIndicator.Reach(value: zero + score * (one - zero), isRising: one > zero)
        case .bend(let low, let knot, let high, let scores):
            return [
                Self.reach(score, from: (low, scores.low), to: (knot, scores.knot)),
                Self.reach(score, from: (knot, scores.knot), to: (high, scores.high)),
            ].compactMap(\.self).nearest(to: value) { $0.value }
        case .ranks(let table, let lowerIsBetter):
            let percentile = 100 * (lowerIsBetter ? 1 - score : score)
            let value = lowerIsBetter ? table.largestValue(upTo: percentile) : table.smallestValue(from: percentile)
            return value.map { FittedIndicator.Reach(value: $0, isRising: !lowerIsBetter) }
        case .grades(let grades):
            let enough = grades.filter { $0.score >= score }
            guard let least = enough.map(\.score).min() else { return nil }
            return enough.filter { $0.score == least }.nearest(to: value) { $0.number }
                .map { FittedIndicator.Reach(value: $0.number, isRising: nil) }
        case .constant:
            return nil
        }
    }

    /// Where a line between two points has a score; nil if it does not have it.
    private static func reach(
        _ score: Double, from start: (value: Double, score: Double), to end: (value: Double, score: Double)
    ) -> FittedIndicator.Reach? {
        guard start.score != end.score, score <= max(start.score, end.score), score >= min(start.score, end.score)
        else { return nil }
        let share = (score - start.score) / (end.score - start.score)
        return FittedIndicator.Reach(
            value: start.value + share * (end.value - start.value), isRising: end.score > start.score)
    }
}

extension Transform {
    /// The value whose transformed value this is.
    public func inverse(_ value: Double) -> Double {
        switch self {
        case .none: value
        case .log1p: max(0, expm1(value))
        case .sqrt: value < 0 ? 0 : value * value
        case .signedLog1p: value < 0 ? -expm1(-value) : expm1(value)
        case .signedSqrt: value < 0 ? -(value * value) : value * value
        }
    }
}

extension Array {
    /// The element whose number is nearest; the first of equally near ones, and for NaN.
    fileprivate func nearest(to value: Double, _ number: (Element) -> Double) -> Element? {
        guard !value.isNaN else { return first }
        return self.min { abs(number($0) - value) < abs(number($1) - value) }
    }
}
