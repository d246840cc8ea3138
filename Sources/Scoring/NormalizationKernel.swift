internal import CKernels
package import VectorMath

/// A score curve ready for the loop: what `ScoreCurve` says, as offsets and slopes.
///
/// A value scored alone, in `score(_:)`, gets the same bits as in a block.
package enum NormalizationKernel: Sendable {
    case ramp(origin: Double, slope: Double)
    case bend(knot: Double, height: Double, below: Double, above: Double)
    case ranks(RankTable, lowerIsBetter: Bool)
    case grades([Grade])
    /// A score for the answers 0, 1, ... in order.
    case answers([Double])
    /// A ramp that has no score beyond its ends.
    case scale(origin: Double, slope: Double, ends: ClosedRange<Double>)

    package init(_ curve: ScoreCurve) {
        switch curve {
        case .ramp(let zero, let one):
            self = .ramp(origin: zero, slope: Self.slope(zero: zero, one: one))
        case .scale(let zero, let one):
            self = .scale(
                origin: zero, slope: Self.slope(zero: zero, one: one), ends: min(zero, one)...max(zero, one))
        case .bend(let low, let knot, let high, let scores):
            self = .bend(
                knot: knot, height: scores.knot, below: (scores.knot - scores.low) / (knot - low),
                above: (scores.high - scores.knot) / (high - knot))
        case .ranks(let table, let lowerIsBetter):
            self = .ranks(table, lowerIsBetter: lowerIsBetter)
        case .grades(let grades):
            // + 0.0: a score of -0.0 would read as missing.
            let isCounted = grades.enumerated().allSatisfy { $0.element.number == Double($0.offset) }
            self = isCounted ? .answers(grades.map { $0.score + 0.0 }) : .grades(grades)
        case .constant(let score):
            self = .bend(knot: 0, height: score, below: 0, above: 0)
        }
    }

    /// The score of a value that is a number; NaN if it is out of domain.
    func score(_ value: Double) -> Double {
        switch self {
        case .ramp(let origin, let slope):
            return clipped((value - origin) * slope)
        case .bend(let knot, let height, let below, let above):
            let distance = value - knot
            return clipped(height + distance * (distance < 0 ? below : above))
        case .ranks(let table, let lowerIsBetter):
            let share = table.percentile(of: value) / 100
            return lowerIsBetter ? 1 - share : share
        case .grades(let grades):
            return grades.first { $0.number == value }.map { $0.score + 0.0 } ?? .nan
        case .answers(let scores):
            guard value >= 0, value < Double(scores.count) else { return .nan }
            let answer = Int(value)
            return Double(answer) == value ? scores[answer] : .nan
        case .scale(let origin, let slope, let ends):
            return ends.contains(value) ? clipped((value - origin) * slope) : .nan
        }
    }

    /// Turns values into scores, in place.
    ///
    /// - Parameters:
    ///   - values: transformed values, NaN where missing; afterwards 0...1, or `fill` where missing.
    ///   - fill: what a missing value becomes.
    ///   - missing: as many counts; 1 is added where a value is missing.
    ///   - outOfDomain: called for each row whose number has no score; that row is missing too.
    /// - Returns: how many are missing.
    func apply(
        to values: UnsafeMutableBufferPointer<Double>, fill: Double, missing: UnsafeMutablePointer<Int64>,
        outOfDomain: (Int) -> Void
    ) -> Int {
        // SAFETY: `missing` has as many elements as `values`, as the doc comment asks; the loops write no further.
        guard let base = values.baseAddress else { return 0 }
        switch self {
        case .ramp(let origin, let slope):
            return stratum_normalize_ramp(base, values.count, origin, slope, fill, missing)
        case .bend(let knot, let height, let below, let above):
            return stratum_normalize_bend(base, values.count, knot, height, below, above, fill, missing)
        case .scale(let origin, let slope, let ends):
            for row in values.indices where values[row] < ends.lowerBound || values[row] > ends.upperBound {
                outOfDomain(row)
                values[row] = .nan
            }
            return stratum_normalize_ramp(base, values.count, origin, slope, fill, missing)
        case .ranks, .grades, .answers:
            var total = 0
            for row in values.indices {
                let value = values[row]
                let result = value.isNaN ? .nan : score(value)
                if result.isNaN {
                    if !value.isNaN { outOfDomain(row) }
                    values[row] = fill
                    missing[row] += 1
                    total += 1
                } else {
                    values[row] = result
                }
            }
            return total
        }
    }

    private static func slope(zero: Double, one: Double) -> Double {
        var slope = 1 / (one - zero)
        // The last bit of a rounded slope could leave the best value just below 1; a steeper slope is clipped.
        while (one - zero) * slope < 1 { slope = slope < 0 ? slope.nextDown : slope.nextUp }
        return slope
    }

    private func clipped(_ score: Double) -> Double { score > 0 ? (score < 1 ? score : 1) : 0 }
}
