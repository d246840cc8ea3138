import Reports
import Scoring

/// A scoring with the weights that its plan's method finds.
struct WeightFit {
    let scoring: FittedScoring
    /// How well the outcome is foretold; nil for methods that look at none.
    let outcome: OutcomeWeights?
    let warnings: [String]

    /// - Parameters:
    ///   - table: scored by the plan's own weights, with the outcome if the method needs one.
    ///   - moments: of the table and the weighting's scope, if they are known already.
    init(_ weighting: Plan.Weighting, _ table: ScoredTable, moments: IndicatorMoments? = nil) throws {
        let given = table.scorer.scoring
        let isWithin = weighting.scope == .withinDimensions
        var outcome: OutcomeWeights?
        var warnings: [String] = []
        let found: [Double]
        switch weighting.method {
        case .given:
            self.init(scoring: given, outcome: nil, warnings: [])
            return
        case .equal:
            found = given.indicators.map { _ in 1 }
        case .leastSquares, .logistic:
            let fit = try OutcomeWeights.fit(
                weighting.method.regression ?? .leastSquares, to: table, indicatorCount: given.indicators.count,
                ridge: weighting.ridge)
            if !fit.converged {
                warnings.append("the weights have not come to rest: the outcome may be foretold perfectly")
            }
            if !fit.coefficients.contains(where: { $0 > 0 }) {
                warnings.append("no indicator speaks for the outcome: all weigh the same")
            }
            outcome = fit
            found = fit.weights
        default:
            let moments = try moments ?? table.moments(weighting.scope)
            let method = weighting.method.objective ?? .entropy
            found = moments.groups.indices.flatMap { method.weights(from: moments, group: $0) }
        }
        self.init(
            scoring: Self.mixed(weighting, given, found, isWithin: isWithin), outcome: outcome, warnings: warnings)
    }

    private init(scoring: FittedScoring, outcome: OutcomeWeights?, warnings: [String]) {
        self.scoring = scoring
        self.outcome = outcome
        self.warnings = warnings
    }

    /// The weights found, brought together with the plan's own as it says.
    private static func mixed(
        _ weighting: Plan.Weighting, _ given: FittedScoring, _ found: [Double], isWithin: Bool
    ) -> FittedScoring {
        guard isWithin else {
            return given.weighted(
                allIndicators: combinedWeights(
                    subjective: given.overallWeights, objective: found, share: weighting.ownShare))
        }
        let own = given.dimensions.flatMap { $0.indicators.map(\.weight) }
        let weights = given.dimensionRanges.flatMap { range in
            combinedWeights(
                subjective: Array(own[range]), objective: Array(found[range]), share: weighting.ownShare)
        }
        return given.weighted(dimensions: given.dimensions.map(\.weight), indicators: weights)
    }
}

extension WeightFit {
    /// The weights in use, for the summary.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init(
                "dimensions",
                .list(
                    scoring.dimensions.map { dimension in
                        [
                            "name": .text(dimension.name), "weight": .number(dimension.weight),
                            "indicators": .list(
                                dimension.indicators.map {
                                    ["name": .text($0.name), "weight": .number($0.weight)]
                                }),
                        ]
                    }))
        ]
        if let outcome {
            members.append(.init("regression", .text(outcome.regression.rawValue)))
            members.append(.init("hold_out", .optional(outcome.holdOutFigure)))
            members.append(.init("customers_fitted", .integer(outcome.fittedCount)))
            members.append(.init("customers_held_out", .integer(outcome.heldOutCount)))
        }
        return .object(members)
    }
}
