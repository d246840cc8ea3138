public import VectorMath

/// Several models fitted to one population, and the one that is chosen.
public struct ModelChoice: Sendable {
    /// One model that was tried.
    public struct Candidate: Sendable {
        /// Which model.
        public let family: LifetimeFamily
        /// Its fit, or why there is none.
        public let fit: Result<LifetimeFit, LifetimeFitError>
        /// What it is judged by, the smallest is best: BIC, or the hold-out's root mean squared error; nil without a
        /// fit.
        public let score: Double?
    }

    /// In the order they were given.
    public let candidates: [Candidate]
    /// The fit with the smallest score; the first of equals.
    public let chosen: LifetimeFit

    /// What is tried unless others are named: MBG/NBD, BG/NBD, Pareto/NBD, NBD, and MBG/CNBD-k with k = 2, 3, 4.
    public static let defaultFamilies: [LifetimeFamily] = [
        .mbgNBD, .bgNBD, .paretoNBD, .nbd, .mbgCNBD(k: 2), .mbgCNBD(k: 3), .mbgCNBD(k: 4),
    ]

    /// The model with the smallest BIC.
    ///
    /// - Throws: the first candidate's failure if none can be fitted.
    public static func byBIC(
        _ families: [LifetimeFamily] = defaultFamilies, population: PurchasePopulation, workers: Workers
    ) throws(LifetimeFitError) -> ModelChoice {
        try choose(families, population, workers) { $0.bic }
    }

    /// The model whose expected purchases are nearest to those made after the observation, by root mean squared error:
    /// the measure that the true expectation makes smallest.
    ///
    /// - Parameters:
    ///   - laterPurchases: purchases of each customer, in the order brought in, within `horizon` after the observation.
    ///   - horizon: the length of the hold-out.
    /// - Throws: the first candidate's failure if none can be fitted.
    public static func byHoldOut(
        _ families: [LifetimeFamily] = defaultFamilies, population: PurchasePopulation, laterPurchases: [Double],
        horizon: TimeSpan, workers: Workers
    ) throws(LifetimeFitError) -> ModelChoice {
        precondition(
            laterPurchases.count == population.historyOfCustomer.count,
            "\(laterPurchases.count) actual counts for \(population.historyOfCustomer.count) customers")
        return try choose(families, population, workers) { fit in
            let expected = population.perCustomer(
                fit.model.predict(.expectedPurchases(within: horizon), for: population, workers: workers))
            return BacktestErrors(predictions: expected, actuals: laterPurchases).rootMeanSquaredError
        }
    }

    private static func choose(
        _ families: [LifetimeFamily], _ population: PurchasePopulation, _ workers: Workers,
        score: (LifetimeFit) -> Double
    ) throws(LifetimeFitError) -> ModelChoice {
        precondition(!families.isEmpty, "no models to choose from")
        var candidates: [Candidate] = []
        var best: (fit: LifetimeFit, score: Double)?
        var firstFailure: LifetimeFitError?
        for family in families {
            do {
                let fit = try LifetimeModel.fit(family, to: population, workers: workers)
                let score = score(fit)
                candidates.append(Candidate(family: family, fit: .success(fit), score: score))
                if best.map({ score < $0.score }) ?? true { best = (fit, score) }
            } catch {
                candidates.append(Candidate(family: family, fit: .failure(error), score: nil))
                firstFailure = firstFailure ?? error
            }
        }
        guard let best else { throw firstFailure ?? .notConverged(at: "model choice") }
        return ModelChoice(candidates: candidates, chosen: best.fit)
    }
}
