import Indicators
import LifetimeValue
import Tables
import VectorMath

extension Plan.Lifetime {
    /// Learns the models of purchases and of spend.
    ///
    /// - Throws: `LifetimeFitError`.
    func fitted(to histories: CustomerHistories, workers: Workers) throws(LifetimeFitError) -> FittedLifetime {
        var specification = LifetimeSpecification()
        specification.families =
            switch model {
            case .family(let family): [family]
            case .auto: ModelChoice.defaultFamilies
            }
        return try LifetimeFitting(histories, needsSpend: true, specification, workers: workers).fitted
    }

    /// What a fitted lifetime says of each customer with a history: the columns of `columnNames`, each in the order of
    /// the histories' customers.
    ///
    /// - Throws: `LifetimeFitError`.
    func columns(
        of fitted: FittedLifetime, _ histories: CustomerHistories, workers: Workers
    ) throws(LifetimeFitError) -> [[Double]] {
        let (model, population) = (fitted.purchases, histories.population)
        func predicted(_ quantity: LifetimeQuantity) -> [Double] {
            population.perCustomer(model.predict(quantity, for: population, workers: workers))
        }
        let spends = histories.expectedSpends(fitted)
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
