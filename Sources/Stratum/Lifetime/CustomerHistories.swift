import Indicators
import LifetimeValue
import Tables

/// Customers in output order, with the purchase histories of those who have one.
struct CustomerHistories: Sendable {
    /// Some customers in output order.
    struct Piece: Sendable {
        let identifiers: Identifiers
        /// Which of them have a history, rising; nil for all.
        let rows: [UInt32]?
        /// How many have one.
        var historyCount: Int { rows?.count ?? identifiers.count }
    }

    let pieces: [Piece]
    /// The histories of all customers who have one, in the order of the pieces.
    let population: PurchasePopulation
    let frequencies: [Int]
    /// Mean spends of a repeat purchase; nil if the input has no spend.
    let meanSpends: [Double]?

    init(pieces: [Piece], population: PurchasePopulation, frequencies: [Int], meanSpends: [Double]?) {
        self.pieces = pieces
        self.population = population
        self.frequencies = frequencies
        self.meanSpends = meanSpends
    }

    /// The customers of an order log.
    init(_ histories: PurchaseHistories, _ population: PurchasePopulation) {
        self.init(
            pieces: histories.chunks.map { Piece(identifiers: $0.identifiers, rows: $0.rows) }, population: population,
            frequencies: histories.frequencies, meanSpends: histories.meanSpends)
    }

    /// For each piece the customers with a history before it.
    var starts: [Int] { pieces.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.historyCount) } }

    /// What each customer with a history is expected to spend on a purchase; NaN where that is unknown.
    func expectedSpends(_ fitted: FittedLifetime) -> [Double] {
        guard let meanSpends else {
            return frequencies.map { _ in fitted.expectedAverageSpend(frequency: 0, meanSpend: 0) }
        }
        return zip(frequencies, meanSpends).map { fitted.expectedAverageSpend(frequency: $0, meanSpend: $1) }
    }
}
