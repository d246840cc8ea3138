internal import VectorMath

/// How an outcome is explained by the indicators, none of which may count against it.
public enum OutcomeRegression: String, CaseIterable, Codable, Sendable {
    /// Non-negative least squares: for amounts, such as next year's revenue.
    case leastSquares
    /// Logistic regression with non-negative coefficients: for yes and no (1 and 0), such as stayed or left.
    case logistic
}

/// Weights learned from what became of the customers.
public struct OutcomeWeights: Equatable, Sendable {
    /// The regression that was fitted.
    public let regression: OutcomeRegression
    /// A weight for each indicator, 0 or more, summing to 1; equal ones if no indicator explains anything.
    public let weights: [Double]
    /// The coefficient of each normalized indicator.
    public let coefficients: [Double]
    /// The constant term.
    public let intercept: Double
    /// How well the customers that were held out are foretold: R^2 for least squares (0 or below is no better than the
    /// mean), the area under the ROC curve for logistic regression (.5 is chance); nil if they cannot tell.
    public let holdOutFigure: Double?
    /// Customers that the fit was made of.
    public let fittedCount: Int
    /// Customers that it was checked on: one in five.
    public let heldOutCount: Int
    /// Whether the fit came to rest.
    public let converged: Bool

    /// Newton steps of logistic regression at most.
    static let stepLimit = 50
}

extension OutcomeWeights {
    /// Learns weights from a population with outcomes.
    ///
    /// A missing indicator counts as its mean. Customers without an outcome do not take part.
    ///
    /// - Parameters:
    ///   - ridge: 0 or more: added to each coefficient's curvature, in units of the mean curvature; it draws
    ///     coefficients that nearly the same customers support towards each other.
    /// - Throws: `ScoringError`: fewer customers with an outcome than would determine the weights, outcomes that are all the
    ///   same or, for logistic regression, neither 0 nor 1; what the population throws.
    /// - Complexity: two passes over the population; for logistic regression one more for each Newton step.
    public static func fit(
        _ regression: OutcomeRegression, to population: some ScoredPopulation, indicatorCount: Int, ridge: Double = 0
    ) throws -> OutcomeWeights {
        precondition(ridge >= 0 && ridge.isFinite, "ridge \(ridge) is not 0 or more")
        let survey = try population.gather(OutcomeSurvey(indicatorCount: indicatorCount)) { survey, rows in
            survey.update(rows)
        }.combined { $0.combine($1) }
        try survey.check(regression, indicatorCount: indicatorCount)
        var model = LinearModel(
            coefficients: Array(repeating: 0, count: indicatorCount), intercept: 0, substitutes: survey.means)
        var converged = true
        switch regression {
        case .leastSquares:
            // The least squares step from anywhere ends at the minimum.
            let step = try population.normalEquations(of: .leastSquares, at: model)
            model = step.minimum(from: model, ridge: ridge)
        case .logistic:
            converged = false
            for _ in 0..<stepLimit where !converged {
                let step = try population.normalEquations(of: .logistic, at: model)
                let next = step.minimum(from: model, ridge: ridge)
                let change = zip(next.coefficients, model.coefficients).reduce(abs(next.intercept - model.intercept)) {
                    max($0, abs($1.0 - $1.1))
                }
                model = next
                converged = change <= 1e-10 * (1 + (model.coefficients.max() ?? 0))
                // Separable outcomes drive coefficients to infinity; what is found until then serves as weights.
                if change.isNaN || (model.coefficients.max() ?? 0) > 1e4 { break }
            }
        }
        let figure = try population.holdOutFigure(of: regression, model: model)
        let sum = model.coefficients.reduce(0, +)
        return OutcomeWeights(
            regression: regression,
            weights: sum > 0
                ? model.coefficients.map { $0 / sum }
                : Array(repeating: 1 / Double(indicatorCount), count: indicatorCount),
            coefficients: model.coefficients, intercept: model.intercept, holdOutFigure: figure,
            fittedCount: survey.fittedCount, heldOutCount: survey.heldOutCount, converged: converged)
    }
}

/// What has to be known before a regression: means for missing values, and whether there is anything to explain.
private struct OutcomeSurvey: Sendable {
    var sums: [Double]
    var counts: [Int]
    var fittedCount = 0
    var heldOutCount = 0
    var lowest = Double.infinity
    var highest = -Double.infinity
    var hasOtherThanZeroAndOne = false

    init(indicatorCount: Int) {
        sums = Array(repeating: 0, count: indicatorCount)
        counts = Array(repeating: 0, count: indicatorCount)
    }

    mutating func update(_ rows: ScoredRows) {
        rows.forEachOutcome { row, outcome, isHeldOut in
            if outcome != 0, outcome != 1 { hasOtherThanZeroAndOne = true }
            if isHeldOut {
                heldOutCount += 1
                return
            }
            fittedCount += 1
            lowest = min(lowest, outcome)
            highest = max(highest, outcome)
            for indicator in sums.indices {
                let value = rows.block.values[indicator * ScoreBlock.rowCapacity + row]
                if value.sign == .plus {
                    sums[indicator] += value
                    counts[indicator] += 1
                }
            }
        }
    }

    mutating func combine(_ other: OutcomeSurvey) {
        for indicator in sums.indices {
            sums[indicator] += other.sums[indicator]
            counts[indicator] += other.counts[indicator]
        }
        fittedCount += other.fittedCount
        heldOutCount += other.heldOutCount
        lowest = min(lowest, other.lowest)
        highest = max(highest, other.highest)
        hasOtherThanZeroAndOne = hasOtherThanZeroAndOne || other.hasOtherThanZeroAndOne
    }

    /// The means of the indicators; 0.5 for one that nobody has.
    var means: [Double] { zip(sums, counts).map { $1 == 0 ? 0.5 : $0 / Double($1) } }

    func check(_ regression: OutcomeRegression, indicatorCount: Int) throws(ScoringError) {
        func refuse(_ problem: String, _ remedy: String) -> ScoringError {
            ScoringError(.unusableColumn, at: "outcome", problem, remedy: remedy)
        }
        guard fittedCount > indicatorCount + 1 else {
            throw refuse(
                "\(fittedCount) customers with an outcome cannot tell \(indicatorCount) weights",
                "give an outcome to more customers, or weights by another method")
        }
        guard lowest < highest else {
            throw refuse("the outcome is \(lowest) for everyone", "name a column that differs between customers")
        }
        if regression == .logistic, hasOtherThanZeroAndOne {
            throw refuse(
                "logistic regression needs an outcome of 0 and 1", "use least squares for amounts, or make it 0 and 1")
        }
    }
}

extension Array {
    /// The first element with all others brought into it, in order.
    func combined(_ combine: (inout Element, Element) -> Void) -> Element {
        dropFirst().reduce(into: self[0], combine)
    }
}
