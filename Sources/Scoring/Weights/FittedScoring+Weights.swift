extension FittedScoring {
    /// The same scoring with other weights.
    ///
    /// - Parameters:
    ///   - dimensions: a weight for each dimension, 0 or more, not all 0.
    ///   - indicators: a weight for each indicator inside its dimension, in the order of `indicators`; a dimension whose
    ///     indicators all weigh 0 weighs them equally.
    public func weighted(dimensions dimensionWeights: [Double], indicators indicatorWeights: [Double]) -> FittedScoring
    {
        precondition(
            dimensionWeights.count == dimensions.count && indicatorWeights.count == indicators.count,
            "\(dimensionWeights.count) and \(indicatorWeights.count) weights for \(dimensions.count) dimensions of "
                + "\(indicators.count) indicators")
        var first = 0
        let dimensionShares = shares(dimensionWeights)
        let weighted = dimensions.enumerated().map { number, dimension in
            let own = Array(indicatorWeights[first..<first + dimension.indicators.count])
            first += dimension.indicators.count
            let ownShares = own.contains { $0 > 0 } ? shares(own) : shares(own.map { _ in 1 })
            return FittedDimension(
                name: dimension.name, weight: dimensionShares[number],
                indicators: zip(dimension.indicators, ownShares).map { indicator, share in
                    FittedIndicator(
                        name: indicator.name, transform: indicator.transform, curve: indicator.curve,
                        missing: indicator.missing, weight: share)
                })
        }
        return FittedScoring(dimensions: weighted, aggregation: aggregation)
    }

    /// The same scoring with weights for all indicators together: a dimension weighs what its indicators weigh.
    public func weighted(allIndicators weights: [Double]) -> FittedScoring {
        var first = 0
        let sums = dimensions.map { dimension in
            defer { first += dimension.indicators.count }
            return weights[first..<first + dimension.indicators.count].reduce(0, +)
        }
        return weighted(dimensions: sums, indicators: weights)
    }

    /// The share of each indicator in the composite, over all dimensions; they sum to 1.
    public var overallWeights: [Double] {
        dimensions.flatMap { dimension in dimension.indicators.map { $0.weight * dimension.weight } }
    }

    /// The indicators of each dimension, as ranges of `indicators`.
    public var dimensionRanges: [Range<Int>] {
        var first = 0
        return dimensions.map { dimension in
            defer { first += dimension.indicators.count }
            return first..<first + dimension.indicators.count
        }
    }
}
