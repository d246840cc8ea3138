import Scoring
import Tiers

extension Plan {
    /// The plan with every default written out and weights that sum to 1.
    var completed: Plan {
        var plan = self
        let specification = scoringSpecification
        plan.defaults = Treatment()
        // The plan was checked, so its derived columns can be understood.
        let understood = (try? understoodDerived()) ?? .none
        plan.derived = derived.map { DerivedColumn($0.name, $0.expression) }
        let dimensionWeights = judged(judgments) ?? normalized(dimensions.map(\.weight))
        plan.judgments = nil
        for dimension in dimensions.indices {
            let weights =
                judged(dimensions[dimension].judgments) ?? normalized(dimensions[dimension].indicators.map(\.weight))
            plan.dimensions[dimension].judgments = nil
            plan.dimensions[dimension].weight = dimensionWeights[dimension]
            for place in weights.indices {
                let resolved = specification.dimensions[dimension].indicators[place]
                plan.dimensions[dimension].indicators[place].column = dimensions[dimension].indicators[place].source
                plan.dimensions[dimension].indicators[place].weight = weights[place]
                plan.dimensions[dimension].indicators[place].admissible = accepted(
                    dimensions[dimension].indicators[place], understood)
                plan.dimensions[dimension].indicators[place].treatment = Treatment(
                    transform: resolved.transform, normalization: resolved.normalization, missing: resolved.missing)
            }
        }
        plan.tiers = tiers.completed(method: tierMethod)
        if segments?.columns.isEmpty == true {
            plan.segments?.columns = dimensions.flatMap { $0.indicators.map(\.name) }
        }
        plan.output.columns = outputColumns
        if outputColumns.contains(where: \.isReason) { plan.reasons = reasons ?? Reasons() }
        return plan
    }

    /// The plan's tiers in the words of the tiers' stage.
    var tierSpecification: TierSpecification {
        let list = tiers.tiers
        let extents = tiers.completed(method: tierMethod).tiers.map(\.extent)
        let rule: TierSpecification.Rule =
            switch tierMethod {
            case .shares:
                .customerShares(extents.map { if case .share(let share) = $0 { share } else { 0 } })
            case .cumulativeShare:
                .valueShares(extents.dropLast().map { if case .cumulativeShare(let share) = $0 { share } else { 1 } })
            case .bands, .cutoffs:
                .lowerBounds(extents.compactMap { if case .atLeast(let bound) = $0 { bound } else { nil } })
            }
        let ties: StageTieRule =
            switch tiers.ties {
            case .upward: .upward
            case .downward: .downward
            case .split: .split
            }
        return TierSpecification(
            names: list.map(\.name), rule: rule, ties: ties, inactiveName: tiers.inactive?.name,
            potentialName: tiers.potential?.name)
    }

    /// The weights that judgments stand for.
    private func judged(_ judgments: [Double]?) -> [Double]? {
        // The plan was checked, so its judgments are a triangle.
        judgments.flatMap { try? PairwiseJudgments(upperTriangle: $0).weights }
    }

    /// Weights over their sum; as they are when they sum to 1 already, so that doing it twice changes nothing.
    private func normalized(_ weights: [Double]) -> [Double] {
        let sum = weights.reduce(0, +)
        return abs(sum - 1) < 1e-12 ? weights : weights.map { $0 / sum }
    }
}

extension Plan.Tiers {
    /// The tiers with their method and the extent of the last one written out.
    fileprivate func completed(method: Plan.Method) -> Plan.Tiers {
        var tiers = self
        tiers.method = method
        guard let last = self.tiers.indices.last, self.tiers[last].extent == .rest else { return tiers }
        switch method {
        case .shares:
            let sum = self.tiers.reduce(0) { if case .share(let share) = $1.extent { $0 + share } else { $0 } }
            // To a trillionth, so that the rest of 1, 4 and 15 % is 0.8 and not a neighbor of it.
            tiers.tiers[last].extent = .share(max(0, ((1 - sum) * 1e12).rounded() / 1e12))
        case .cumulativeShare: tiers.tiers[last].extent = .cumulativeShare(1)
        case .bands, .cutoffs: break
        }
        return tiers
    }
}

/// The tiers' stage's own word, which `Plan.Tiers` hides inside `Plan`.
private typealias StageTieRule = TieRule
