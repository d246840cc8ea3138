import Foundation
import Scoring

/// Scores row by row straight from the definitions, without the fitted form: the slow twin of fit and scorer.
struct ReferenceScorer {
    let specification: ScoringSpecification
    /// For each indicator its column, NaN where missing.
    let columns: [[Double]]

    struct Row {
        var dimensions: [Double?]
        var composite: Double?
        var missingCount: Int
        var contributions: [Double]
    }

    func row(_ row: Int) -> Row {
        var scores: [Double?] = []
        var missingCount = 0
        for (column, indicator) in zip(columns, specification.indicators) {
            var score = score(column[row], indicator, column)
            if score == nil {
                missingCount += 1
                switch indicator.missing {
                case .renormalize, .fail: break
                case .worst: score = 0
                case .constant(let constant): score = constant
                case .median:
                    let present = column.filter { !$0.isNaN }.map { indicator.transform($0) }
                    if !present.isEmpty { score = scoreOfTransformed(quantile(present, 0.5), indicator, column) }
                }
            }
            scores.append(score)
        }
        var start = 0
        var dimensions: [Double?] = []
        var shares: [Double] = []
        for dimension in specification.dimensions {
            let range = start..<start + dimension.indicators.count
            let weights = zip(dimension.indicators, scores[range]).map { $1 == nil ? 0 : $0.weight }
            let sum = weights.reduce(0, +)
            dimensions.append(
                sum > 0 ? zip(weights, scores[range]).reduce(0) { $0 + $1.0 * ($1.1 ?? 0) } / sum * 100 : nil)
            shares += weights.map { sum > 0 ? $0 / sum : 0 }
            start = range.upperBound
        }
        let weights = zip(specification.dimensions, dimensions).map { $1 == nil ? 0 : $0.weight }
        let sum = weights.reduce(0, +)
        var composite: Double?
        if sum > 0 {
            switch specification.aggregation {
            case .arithmetic: composite = zip(weights, dimensions).reduce(0) { $0 + $1.0 * ($1.1 ?? 0) } / sum
            case .geometric(let floor):
                composite = zip(weights, dimensions).reduce(1) { product, term in
                    term.0 > 0 ? product * pow(max(term.1!, floor), term.0 / sum) : product
                }
            case .topsis:
                composite = closeness(scores)
            }
        }
        var contributions: [Double] = []
        for (number, dimension) in specification.dimensions.enumerated() {
            for _ in dimension.indicators {
                let column = contributions.count
                let weight = sum > 0 ? weights[number] / sum : 0
                contributions.append(100 * (scores[column] ?? 0) * shares[column] * weight)
            }
        }
        return Row(
            dimensions: dimensions, composite: composite, missingCount: missingCount, contributions: contributions)
    }

    /// TOPSIS over all indicators with a score at once.
    private func closeness(_ scores: [Double?]) -> Double? {
        let total = specification.dimensions.reduce(0) { $0 + $1.weight }
        var weights: [Double] = []
        for dimension in specification.dimensions {
            let sum = dimension.indicators.reduce(0) { $0 + $1.weight }
            weights += dimension.indicators.map { $0.weight / sum * dimension.weight / total }
        }
        let present = zip(weights, scores).compactMap { weight, score in score.map { (weight, $0) } }
        let near = sqrt(present.reduce(0) { $0 + pow($1.0 * $1.1, 2) })
        let far = sqrt(present.reduce(0) { $0 + pow($1.0 * (1 - $1.1), 2) })
        return near + far > 0 ? 100 * near / (near + far) : nil
    }

    private func score(_ value: Double, _ indicator: IndicatorSpecification, _ column: [Double]) -> Double? {
        guard !value.isNaN else { return nil }
        return scoreOfTransformed(indicator.transform(value), indicator, column)
    }

    private func scoreOfTransformed(_ t: Double, _ indicator: IndicatorSpecification, _ column: [Double]) -> Double? {
        if case .target(let value, let distance) = indicator.direction { return max(0, 1 - abs(t - value) / distance) }
        let present = column.filter { !$0.isNaN }.map { indicator.transform($0) }
        guard let low = present.min(), let high = present.max() else { return nil }
        var score: Double
        switch indicator.normalization {
        case .fixedRange(let low, let high):
            score = line(t, indicator.transform(low), indicator.transform(high))
        case .benchmark(let benchmark, let low, let high):
            let knot = indicator.transform(benchmark)
            score =
                t < knot
                ? 0.5 * line(t, indicator.transform(low), knot) : 0.5 + 0.5 * line(t, knot, indicator.transform(high))
        case .gradeMap(let grades):
            guard let grade = grades.first(where: { $0.number == t }) else { return nil }
            score = grade.score
        case .likert(let points):
            guard (1...Double(points)).contains(t) else { return nil }
            score = (t - 1) / Double(points - 1)
        case .semanticDifferential(let reach):
            guard abs(t) <= Double(reach) else { return nil }
            score = (t / Double(reach) + 1) / 2
        case .netPromoter:
            guard (0...10).contains(t), t == t.rounded() else { return nil }
            score = t < 7 ? 0 : t < 9 ? 0.5 : 1
        case .gradeWords: score = t
        case .percentileRank:
            score = midRank(t, present)
        case _ where low == high: return 0.5
        case .minMax: score = line(t, low, high)
        case .quantileRange(let lowLevel, let highLevel):
            let ends = (quantile(present, lowLevel), quantile(present, highLevel))
            score = ends.0 < ends.1 ? line(t, ends.0, ends.1) : line(t, low, high)
        case .zScore: score = zScore(t, mean(present), deviation(present))
        case .robustZ:
            let median = quantile(present, 0.5)
            let mad = quantile(present.map { abs($0 - median) }, 0.5)
            score = zScore(t, median, mad > 0 ? 1.4826 * mad : deviation(present))
        }
        if indicator.direction == .lower { score = 1 - score }
        return score
    }

    /// A value that nobody has lies on the line between its neighbors.
    private func midRank(_ value: Double, _ present: [Double]) -> Double {
        let below = present.filter { $0 < value }
        let equal = present.count { $0 == value }
        guard equal == 0, let low = below.max(), let high = present.filter({ $0 > value }).min() else {
            return (Double(below.count) + Double(equal) / 2) / Double(present.count)
        }
        let ranks = (midRank(low, present), midRank(high, present))
        return ranks.0 + (ranks.1 - ranks.0) * (value - low) / (high - low)
    }

    private func line(_ x: Double, _ low: Double, _ high: Double) -> Double { min(1, max(0, (x - low) / (high - low))) }

    private func zScore(_ x: Double, _ center: Double, _ unit: Double) -> Double {
        (min(3, max(-3, (x - center) / unit)) + 3) / 6
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private func deviation(_ values: [Double]) -> Double {
        let center = mean(values)
        return sqrt(values.map { ($0 - center) * ($0 - center) }.reduce(0, +) / Double(values.count))
    }

    /// numpy's default, Hyndman & Fan's type 7.
    private func quantile(_ values: [Double], _ level: Double) -> Double {
        let sorted = values.sorted()
        let position = level * Double(sorted.count - 1)
        let below = Int(position.rounded(.down))
        let above = Int(position.rounded(.up))
        return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
    }
}
