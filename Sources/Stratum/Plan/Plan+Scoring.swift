public import Scoring

extension Plan {
    /// The plan's dimensions in the words of the scoring stage, every default decided.
    public var scoringSpecification: ScoringSpecification {
        ScoringSpecification(
            dimensions: dimensions.map { dimension in
                DimensionSpecification(
                    name: dimension.name, weight: dimension.weight,
                    indicators: dimension.indicators.map(specification))
            },
            aggregation: aggregation)
    }

    /// One indicator in the words of the scoring stage.
    func specification(_ indicator: Indicator) -> IndicatorSpecification {
        let own = indicator.treatment
        let missing = own.missing ?? defaults.missing ?? .renormalize
        switch indicator.direction {
        case .higher, .lower:
            let normalization = (own.normalization ?? defaults.normalization ?? .standard).inOrder
            return IndicatorSpecification(
                name: indicator.name, direction: indicator.direction == .higher ? .higher : .lower,
                transform: own.transform ?? (normalization.takesAnswers ? .none : defaults.transform ?? .none),
                normalization: normalization, missing: missing, weight: indicator.weight)
        case .target(let target, let zeroAt):
            return IndicatorSpecification(
                name: indicator.name, direction: .target(value: target, distance: abs(zeroAt - target)),
                transform: own.transform ?? .none, normalization: own.normalization ?? .standard, missing: missing,
                weight: indicator.weight)
        }
    }
}
