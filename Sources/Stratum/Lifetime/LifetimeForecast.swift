import LifetimeValue
import TableIO
import Tables
import VectorMath

/// What a model says of each customer with a history, ready to be written.
struct LifetimeForecast: Sendable {
    private let customers: LifetimeCustomers
    /// Quantities of the distinct histories.
    private let alive: [Double]
    private let purchases: [Double]
    private let noPurchase: [Double]
    private let discounted: [Double]
    private let spends: LifetimeSpends
    private let margin: Double

    /// - Throws: `LifetimeFitError` of kind `invalidParameter`.
    init(
        _ fitted: StoredLifetime, of customers: LifetimeCustomers, _ prediction: LifetimePrediction, workers: Workers
    ) throws {
        self.customers = customers
        let (model, population) = (fitted.model, customers.population)
        let discounting = try prediction.discounting()
        alive = model.predict(.probabilityAlive, for: population, workers: workers)
        purchases = model.predict(
            .expectedPurchases(within: prediction.horizon), for: population, workers: workers)
        noPurchase = model.predict(
            .probabilityOfNoPurchase(within: prediction.horizon), for: population, workers: workers)
        // Without a rate all purchases count in full.
        discounted =
            prediction.discountRate == 0
            ? purchases : model.predict(.discountedPurchases(discounting), for: population, workers: workers)
        spends = LifetimeSpends(fitted, customers)
        margin = prediction.margin
    }

    /// The columns, in the order of a chunk's.
    static let columns: [(name: String, form: FigureForm)] = [
        ("probability_alive", .decimals(6)), ("expected_purchases", .decimals(6)), ("p_no_purchase", .decimals(6)),
        ("expected_average_spend", .decimals(6)), ("discounted_lifetime_value", .decimals(6)),
    ]

    /// The rows of a piece, whose customers with histories are those from `first` on.
    func chunk(_ piece: LifetimeCustomers.Piece, from first: Int) -> FigureRows.Chunk {
        var columns = [[Double]](
            repeating: Array(repeating: .nan, count: piece.identifiers.count), count: Self.columns.count)
        for index in 0..<piece.historyCount {
            let row = piece.rows.map { Int($0[index]) } ?? index
            let history = Int(customers.population.historyOfCustomer[first + index])
            let spend = spends.expected(first + index)
            columns[0][row] = alive[history]
            columns[1][row] = purchases[history]
            columns[2][row] = noPurchase[history]
            columns[3][row] = spend
            columns[4][row] = discounted[history] * spend * margin
        }
        return FigureRows.Chunk(identifiers: piece.identifiers, columns: columns)
    }

    /// The sums of expected purchases and of values; the latter NaN without spend.
    var totals: (purchases: Double, value: Double) {
        var sums = (purchases: ExactSum(), value: ExactSum())
        for (customer, history) in customers.population.historyOfCustomer.enumerated() {
            sums.purchases.update(purchases[Int(history)])
            sums.value.update(discounted[Int(history)] * spends.expected(customer) * margin)
        }
        return (sums.purchases.value, sums.value.value)
    }
}

/// What each customer is expected to spend on a purchase.
struct LifetimeSpends: Sendable {
    private let fitted: StoredLifetime
    private let frequencies: [Int]
    private let meanSpends: [Double]?

    init(_ fitted: StoredLifetime, _ customers: LifetimeCustomers) {
        self.fitted = fitted
        frequencies = customers.frequencies
        meanSpends = customers.meanSpends
    }

    /// NaN if the model knows nothing of spend.
    func expected(_ customer: Int) -> Double {
        fitted.expectedAverageSpend(
            frequency: meanSpends == nil ? 0 : frequencies[customer], meanSpend: meanSpends?[customer] ?? 0)
    }
}

extension RunOptions {
    /// Formats chunks of rows side by side and hands them on in order, the header first.
    func write(
        _ rows: FigureRows, chunkCount: Int, _ chunk: @escaping @Sendable (Int) -> FigureRows.Chunk,
        deliver: @escaping @Sendable (RowBuffer) throws -> Void
    ) throws {
        let header = RowBuffer()
        header.append(rows.header)
        try deliver(header)
        let buffers = RowBufferPool()
        let next = ChunkCounter(count: chunkCount)
        try OrderedPipeline<Int, Int, Int, RowBuffer>(
            fetch: {
                if isCancelled() { throw CancellationError() }
                return next.take()
            },
            parse: { _, index in index },
            admit: { index in index.map { [$0] } ?? [] },
            process: { _, index in
                let buffer = buffers.take()
                rows.append(chunk(index), to: buffer)
                return buffer
            },
            deliver: { buffer in
                try deliver(buffer)
                buffers.give(buffer)
            }
        ).run(workers: Workers(threadCount: threadCount))
    }
}
