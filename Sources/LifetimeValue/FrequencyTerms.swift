/// What the predictions need of a history, for all histories of one frequency.
struct FrequencyTerms: Sendable {
    private enum Story: Sendable {
        case betaGeometric(BetaGeometricFrequency)
        case pareto(ParetoParameters)
    }

    let frequency: Double
    private let story: Story

    init(_ model: LifetimeModel, _ frequency: Double) {
        self.frequency = frequency
        story =
            model.family == .paretoNBD
            ? .pareto(ParetoParameters(model.parameters))
            : .betaGeometric(BetaGeometricFrequency(BetaGeometricParameters(model.family, model.parameters), frequency))
    }

    /// The part of a history's log-likelihood in which recency and age are.
    func logLikelihood(_ recency: Double, _ age: Double) -> Double {
        switch story {
        case .betaGeometric(let terms): terms.terms(recency, age).logLikelihood
        case .pareto(let parameters): parameters.terms(frequency, recency, age).sum.value
        }
    }

    /// The logarithm of the odds that the customer has left.
    func logOdds(_ recency: Double, _ age: Double) -> Double {
        switch story {
        case .betaGeometric(let terms): terms.terms(recency, age).logOdds
        case .pareto(let parameters): parameters.terms(frequency, recency, age).logOdds
        }
    }

    /// The probability of no purchase within `time` for a customer who is alive.
    func noPurchaseOfTheLiving(_ recency: Double, _ age: Double, _ time: Double) -> Double {
        switch story {
        case .betaGeometric(let terms): terms.noPurchaseOfTheLiving(recency, age, time)
        case .pareto(let parameters): parameters.noPurchaseOfTheLiving(frequency, age, time)
        }
    }

    /// The probability of no purchase within `time`, having left or not.
    func noPurchase(_ recency: Double, _ age: Double, _ time: Double) -> Double {
        let logOdds = logOdds(recency, age)
        return min(1, logistic(logOdds) + logistic(-logOdds) * noPurchaseOfTheLiving(recency, age, time))
    }

    /// A mean over the stages of the current time between purchases, by their probabilities for a living customer.
    func stageMean(_ recency: Double, _ age: Double, _ value: (Int) -> Double) -> Double {
        guard case .betaGeometric(let terms) = story, terms.stages.count > 1 else { return value(0) }
        let w = (age - recency) / (terms.alpha + age)
        var (power, total, sum) = (1.0, 0.0, 0.0)
        for stage in terms.stages.indices {
            let weight = terms.stages[stage] * power
            total += weight
            sum += weight * value(stage)
            power *= w
        }
        return sum / total
    }
}

extension LifetimeModel {
    func frequencyTerms(_ frequency: Double) -> FrequencyTerms { FrequencyTerms(self, frequency) }
}
