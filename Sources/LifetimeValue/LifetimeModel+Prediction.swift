import RealModule

extension LifetimeModel {
    /// The probability that the customer has not left by the end of the observation.
    ///
    /// Under NBD 1 for all, under BG/NBD and BG/CNBD-k for all without a repeat purchase.
    public func probabilityAlive(_ history: PurchaseHistory) -> Double {
        if let opportunities { return opportunities.probabilityAlive(history) }
        return logistic(-frequencyTerms(Double(history.frequency)).logOdds(history.recency, history.age))
    }

    /// The expected number of purchases within a time from the end of the observation on.
    ///
    /// Sources: Fader, Hardie and Lee (2005) eq. 10 for BG/NBD; Batislam et al. (2007); Schmittlein et al. (1987) for
    /// Pareto/NBD. For k > 1 exact too, unlike the approximation of the paper's R package.
    public func expectedPurchases(_ history: PurchaseHistory, within time: TimeSpan) -> Double {
        if let opportunities { return opportunities.value(of: .expectedPurchases(within: time), history, timeUnit) }
        return outlook(history, .purchases([(time.value(in: timeUnit), 1)]))
    }

    /// The probability that the customer buys nothing within a time from the end of the observation on, having left or
    /// not.
    public func probabilityOfNoPurchase(_ history: PurchaseHistory, within time: TimeSpan) -> Double {
        if let opportunities {
            return opportunities.value(of: .probabilityOfNoPurchase(within: time), history, timeUnit)
        }
        let time = time.value(in: timeUnit)
        if family == .paretoNBD { return outlook(history, .noPurchase(within: time)) }
        return frequencyTerms(Double(history.frequency)).noPurchase(history.recency, history.age, time)
    }

    /// Expected purchases, each counted by what discounting leaves of it: the sum over steps t of
    /// (E(t) - E(t - 1)) / (1 + rate)^(t / period), E being `expectedPurchases`.
    ///
    /// Times the spend of a purchase and the margin it is the discounted lifetime value. Under BG/BB a step is an
    /// opportunity.
    public func discountedPurchases(_ history: PurchaseHistory, _ discounting: Discounting) -> Double {
        if let opportunities { return opportunities.value(of: .discountedPurchases(discounting), history, timeUnit) }
        return outlook(history, .purchases(discounting.steps(in: timeUnit)))
    }

    /// The value of a customer's purchases to come: `discountedPurchases` times spend times margin.
    ///
    /// - Parameters:
    ///   - spend: of one purchase, such as `SpendModel.expectedAverageSpend`.
    ///   - margin: the share of the spend that is earned, such as 0.3.
    public func discountedLifetimeValue(
        _ history: PurchaseHistory, spend: Double, margin: Double, _ discounting: Discounting
    ) -> Double {
        discountedPurchases(history, discounting) * spend * margin
    }

    private func outlook(_ history: PurchaseHistory, _ content: Outlook.Content) -> Double {
        let outlook = Outlook(self, content)
        let place = outlook.place(history.age)
        let terms = frequencyTerms(Double(history.frequency))
        return outlook.prediction(terms, history.recency, history.age) { stage in
            outlook.curve(frequency: terms.frequency, stage: stage, panel: place.panel).value(place.position)
        }
    }
}

extension Outlook {
    /// What is to come for a customer who may have left, by the curves' values for each stage.
    func prediction(_ terms: FrequencyTerms, _ recency: Double, _ age: Double, _ curve: (Int) -> Double) -> Double {
        let logOdds = terms.logOdds(recency, age)
        let living = logistic(-logOdds) * terms.stageMean(recency, age, curve)
        return switch content {
        case .purchases: living
        case .noPurchase: min(1, logistic(logOdds) + living)
        }
    }
}
