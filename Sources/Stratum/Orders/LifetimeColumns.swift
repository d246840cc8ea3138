import Indicators
import LifetimeValue
import Tables
import VectorMath

extension Plan.Lifetime {
    /// Learns the models of purchases and of spend.
    ///
    /// - Throws: `LifetimeFitError`.
    func fitted(
        to histories: PurchaseHistories, _ population: PurchasePopulation, workers: Workers
    ) throws(LifetimeFitError) -> FittedLifetime {
        let fit: LifetimeFit
        var candidates: [FittedLifetime.Candidate] = []
        switch model {
        case .family(let family): fit = try LifetimeModel.fit(family, to: population, workers: workers)
        case .auto:
            let choice = try ModelChoice.byBIC(population: population, workers: workers)
            fit = choice.chosen
            candidates = choice.candidates.map { candidate in
                switch candidate.fit {
                case .success: .init(name: "\(candidate.family)", bic: candidate.score, failure: nil)
                case .failure(let error): .init(name: "\(candidate.family)", bic: nil, failure: error.problem)
                }
            }
        }
        let spends = try SpendFit.fit(
            frequencies: histories.frequencies, meanSpends: histories.meanSpends, workers: workers)
        var spend = FittedLifetime.Spend.mean(0, because: "")
        var spendLogLikelihood: Double?
        switch spends.model {
        case .mean(let mean, let reason): spend = .mean(mean, because: "\(reason)")
        case .gammaGamma(let model, _, let logLikelihood):
            spend = .gammaGamma(p: model.p, q: model.q, gamma: model.gamma)
            spendLogLikelihood = logLikelihood
        }
        return FittedLifetime(
            purchases: fit.model, standardErrors: fit.standardErrors, logLikelihood: fit.logLikelihood, bic: fit.bic,
            customerCount: fit.customerCount, distinctCount: fit.distinctCount, candidates: candidates, spend: spend,
            spendLogLikelihood: spendLogLikelihood, spendCustomerCount: spends.customerCount)
    }

    /// What a fitted lifetime says of each customer with a history: the columns of `columnNames`, each in the order of
    /// the histories' customers.
    ///
    /// - Throws: `LifetimeFitError`.
    func columns(
        of fitted: FittedLifetime, _ histories: PurchaseHistories, _ population: PurchasePopulation, workers: Workers
    ) throws(LifetimeFitError) -> [[Double]] {
        let model = fitted.purchases
        func predicted(_ quantity: LifetimeQuantity) -> [Double] {
            population.perCustomer(model.predict(quantity, for: population, workers: workers))
        }
        let spends = try fitted.expectedAverageSpends(
            frequencies: histories.frequencies, meanSpends: histories.meanSpends)
        return [
            predicted(.probabilityAlive), predicted(.expectedPurchases(within: horizon)), spends,
            model.discountedLifetimeValues(
                for: population, spends: spends, margin: margin, try discounting(), workers: workers),
        ]
    }
}

extension PurchaseHistories {
    /// Columns of the customers with a history as columns of all customers of the log, chunk by chunk; missing for the
    /// others.
    func spread(_ columns: [[Double]]) -> [[NumberColumn]] {
        var first = 0
        return chunks.map { chunk in
            defer { first += chunk.rows.count }
            return columns.map { values in
                var cells = [Double](repeating: .nan, count: chunk.identifiers.count)
                for (place, row) in chunk.rows.enumerated() { cells[Int(row)] = values[first + place] }
                return NumberColumn(values: cells)
            }
        }
    }
}
