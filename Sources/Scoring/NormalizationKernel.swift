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

    package init(_ curve: ScoreCurve) {
        switch curve {
        case .ramp(let zero, let one):
            var slope = 1 / (one - zero)
            // The last bit of a rounded slope could leave the best value just below 1; a steeper slope is clipped.
            while (one - zero) * slope < 1 { slope = slope < 0 ? slope.nextDown : slope.nextUp }
            self = .ramp(origin: zero, slope: slope)
        case .bend(let low, let knot, let high, let scores):
            self = .bend(
                knot: knot, height: scores.knot, below: (scores.knot - scores.low) / (knot - low),
                above: (scores.high - scores.knot) / (high - knot))
        case .ranks(let table, let lowerIsBetter):
            self = .ranks(table, lowerIsBetter: lowerIsBetter)
        case .grades(let grades):
            self = .grades(grades)
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
            // + 0.0: a score of -0.0 would read as missing.
            return grades.first { $0.number == value }.map { $0.score + 0.0 } ?? .nan
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
        case .ranks, .grades:
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

    private func clipped(_ score: Double) -> Double { score > 0 ? (score < 1 ? score : 1) : 0 }
}
