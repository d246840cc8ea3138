import Glibc
import Reports
import Scoring

/// What value of one indicator would lift a customer's score to a bound, all others as they are.
///
/// The score that it would take follows from the weights, its value from the indicator's curve; the answer is then
/// scored as any customer is, so that what is told does suffice.
struct CustomerLift {
    private let scorer: Scorer
    private let block: ScoreBlock
    private let plan: ResolvedPlan
    /// For each indicator the words that its column holds; nil for a column of numbers.
    private let words: [ColumnWords?]
    /// For each indicator whether its values are whole numbers.
    private let isWhole: [Bool]
    /// For each indicator whether it is a number of something, so that it is 0 or more.
    private let isCounted: [Bool]
    /// For each indicator the customer's value, NaN where missing.
    private let values: [Double]
    /// For each indicator its score, nil where it has none.
    private let scores: [Double?]
    private let bound: Double

    init(
        _ scorer: Scorer, plan: ResolvedPlan, words: [ColumnWords?], values: [Double], scores: [Double?], bound: Double
    ) {
        self.scorer = scorer
        self.plan = plan
        self.words = words
        let indicators = plan.plan.dimensions.flatMap(\.indicators)
        isWhole = indicators.map { plan.plan.takesWholeNumbers($0) }
        isCounted = indicators.map { $0.kind?.isCounted == true }
        self.values = values
        self.scores = scores
        self.bound = bound
        block = ScoreBlock(for: scorer.scoring)
    }

    /// What the indicator of a number would need.
    func lift(_ indicator: Int) -> CustomerReport.Lift {
        if let words = words[indicator] { return lift(indicator, by: words) }
        guard let score = scoreNeeded(indicator),
            let reach = scorer.scoring.indicators[indicator].reach(score, from: values[indicator])
        else { return .notAlone }
        let tried = isWhole[indicator] ? Self.wholeCandidates(reach) : candidates(reach)
        for candidate in tried where isAdmissible(candidate, indicator) {
            if composite(candidate, indicator) >= bound { return .value(candidate) }
        }
        return .notAlone
    }

    /// The least word that lifts.
    private func lift(_ indicator: Int, by words: ColumnWords) -> CustomerReport.Lift {
        let fitted = scorer.scoring.indicators[indicator]
        let steps = words.numbers.map { (number: $0, score: fitted.score($0) ?? 0) }.sorted { $0.score < $1.score }
        for step in steps where composite(step.number, indicator) >= bound {
            return .word(words.text(of: step.number) ?? "", step.number)
        }
        return .notAlone
    }

    /// The whole numbers to try: the nearest on the lesser side, which may do where rounding raised the value, and those
    /// beyond.
    private static func wholeCandidates(_ reach: FittedIndicator.Reach) -> [Double] {
        guard let isRising = reach.isRising, abs(reach.value) < 0x1p53 else { return [reach.value] }
        let nearest = reach.value.rounded(isRising ? .down : .up)
        // + 0.0: no -0.
        return [0.0, 1, 2].map { nearest + (isRising ? $0 : -$0) + 0.0 }
    }

    /// The values to try: with few digits first, rounded to where better ones lie.
    private func candidates(_ reach: FittedIndicator.Reach) -> [Double] {
        guard let isRising = reach.isRising, reach.value != 0, reach.value.isFinite else { return [reach.value] }
        var candidates = (4...15).map { digits -> Double in
            let scale = pow(10, Double(digits - 1) - floor(log10(abs(reach.value))))
            return (reach.value * scale).rounded(isRising ? .up : .down) / scale
        }.filter(\.isFinite)
        var last = reach.value
        for _ in 0..<8 {
            candidates.append(last)
            last = isRising ? last.nextUp : last.nextDown
        }
        return candidates
    }

    private func isAdmissible(_ value: Double, _ indicator: Int) -> Bool {
        if isCounted[indicator], value < 0 { return false }
        let range = plan.admissible[plan.indicatorColumns[indicator]]
        return value >= range.minimum ?? -.infinity && value <= range.maximum ?? .infinity
    }

    /// The score of the customer with another value in the indicator's column; NaN if there is none.
    private func composite(_ value: Double, _ indicator: Int) -> Double {
        let columns = plan.indicatorColumns
        for other in values.indices {
            block.values(ofIndicator: other)[0] = columns[other] == columns[indicator] ? value : values[other]
        }
        // A customer who lacks nothing that scoring cannot do without has a score, and no value is taken away here.
        guard (try? scorer.score(block, rowCount: 1)) != nil else { return .nan }
        return block.scores[0]
    }

    /// The least score of the indicator, 0...1, that lifts the composite to the bound; nil if even 1 does not.
    private func scoreNeeded(_ indicator: Int) -> Double? {
        // Rounding must not turn away what the last step would allow; the answer is scored afterwards.
        guard composite(withScore: 1, indicator) >= bound - 1e-9 else { return nil }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if composite(withScore: middle, indicator) >= bound { high = middle } else { low = middle }
        }
        return high
    }

    /// The composite as the definitions have it, were the indicator's score another.
    private func composite(withScore score: Double, _ indicator: Int) -> Double {
        var column = 0
        var (sum, weight, logarithm) = (0.0, 0.0, 0.0)
        var (near, far) = (0.0, 0.0)
        for dimension in scorer.scoring.dimensions {
            var (points, present) = (0.0, 0.0)
            for part in dimension.indicators {
                if let score = column == indicator ? score : scores[column] {
                    points += 100 * part.weight * score
                    present += part.weight
                    let share = dimension.weight * part.weight
                    near += share * score * share * score
                    far += share * (1 - score) * share * (1 - score)
                }
                column += 1
            }
            guard present > 0 else { continue }
            let score = points / present
            sum += dimension.weight * score
            weight += dimension.weight
            if case .geometric(let floor) = scorer.scoring.aggregation, dimension.weight > 0 {
                logarithm += dimension.weight * log(max(score, floor))
            }
        }
        guard weight > 0 else { return .nan }
        switch scorer.scoring.aggregation {
        case .arithmetic: return sum / weight
        case .geometric: return exp(logarithm / weight)
        case .topsis: return 100 * near.squareRoot() / (near.squareRoot() + far.squareRoot())
        }
    }
}
