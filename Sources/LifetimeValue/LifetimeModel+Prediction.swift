import RealModule

extension LifetimeModel {
    /// The probability that the customer has not left by the end of the observation.
    ///
    /// Under NBD 1 for all, under BG/NBD and BG/CNBD-k for all without a repeat purchase.
    public func probabilityAlive(_ history: PurchaseHistory) -> Double {
        logistic(-terms(Double(history.frequency), history.recency, history.age).logOdds)
    }

    /// The expected number of purchases within a time from the end of the observation on.
    ///
    /// Sources: Fader, Hardie and Lee (2005) eq. 10 for BG/NBD; Batislam et al. (2007); Schmittlein et al. (1987) for
    /// Pareto/NBD. For k > 1 exact too, unlike the approximation of the paper's R package.
    public func expectedPurchases(_ history: PurchaseHistory, within time: TimeSpan) -> Double {
        purchases(history, Outlook(self, steps: [(time.value(in: timeUnit), 1)]))
    }

    /// The probability that the customer buys nothing within a time from the end of the observation on, having left or
    /// not: the likelihood of the history with the longer age over the likelihood of the history.
    public func probabilityOfNoPurchase(_ history: PurchaseHistory, within time: TimeSpan) -> Double {
        noPurchase(Double(history.frequency), history.recency, history.age, time.value(in: timeUnit))
    }

    /// Expected purchases, each counted by what discounting leaves of it: the sum over steps t of
    /// (E(t) - E(t - 1)) / (1 + rate)^(t / period), E being `expectedPurchases`.
    ///
    /// Times the spend of a purchase and the margin it is the discounted lifetime value.
    public func discountedPurchases(_ history: PurchaseHistory, _ discounting: Discounting) -> Double {
        purchases(history, Outlook(self, steps: discounting.steps(in: timeUnit)))
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

    private func purchases(_ history: PurchaseHistory, _ outlook: Outlook) -> Double {
        let place = outlook.place(history.age)
        let x = Double(history.frequency)
        let curves = (0..<family.regularity).map { outlook.curve(frequency: x, stage: $0, panel: place.panel) }
        return expectation(x, history.recency, history.age, curves: curves, position: place.position)
    }

    /// The outlook of the living by its curves for each stage, times the probability to be alive.
    func expectation(
        _ x: Double, _ recency: Double, _ age: Double, curves: [ChebyshevSeries], position: Double
    ) -> Double {
        let alive = logistic(-terms(x, recency, age).logOdds)
        guard curves.count > 1 else { return alive * curves[0].value(position) }
        let parameters = BetaGeometricParameters(family, parameters)
        let w = (age - recency) / (alpha + age)
        var power = 1.0
        var total = 0.0
        var sum = 0.0
        for (stage, coefficient) in parameters.stages(parameters.shape(x)).values.enumerated() {
            total += coefficient * power
            sum += coefficient * power * curves[stage].value(position)
            power *= w
        }
        return alive * sum / total
    }

    func noPurchase(_ x: Double, _ recency: Double, _ age: Double, _ time: Double) -> Double {
        let later = terms(x, recency, age + time).logLikelihood
        return min(1, Double.exp(later - terms(x, recency, age).logLikelihood))
    }

    /// The part of a history's log-likelihood in which the age is, and the logarithm of the odds of having left.
    func terms(_ x: Double, _ recency: Double, _ age: Double) -> (logLikelihood: Double, logOdds: Double) {
        guard family == .paretoNBD else {
            return BetaGeometricParameters(family, parameters).terms(x, recency, age)
        }
        let terms = ParetoParameters(parameters).terms(x, recency, age)
        return (terms.sum.value, terms.logOdds)
    }
}
