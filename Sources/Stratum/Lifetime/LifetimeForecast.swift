import LifetimeValue
import TableIO
import Tables
import VectorMath

/// What a model says of each customer with a history, ready to be written.
struct LifetimeForecast: Sendable {
    private let histories: CustomerHistories
    private let starts: [Int]
    /// Quantities of the distinct histories.
    private let alive: [Double]
    private let purchases: [Double]
    private let noPurchase: [Double]
    private let discounted: [Double]
    private let spends: [Double]
    private let margin: Double

    /// - Throws: `LifetimeFitError` of kind `invalidParameter`.
    init(
        _ fitted: FittedLifetime, of histories: CustomerHistories, _ prediction: LifetimePrediction, workers: Workers
    ) throws(LifetimeFitError) {
        self.histories = histories
        starts = histories.starts
        let (model, population) = (fitted.purchases, histories.population)
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
        spends = histories.expectedSpends(fitted)
        margin = prediction.margin
    }

    /// The columns, in the order of a chunk's.
    static let columns: [(name: String, form: FigureForm)] = [
        ("probability_alive", .decimals(6)), ("expected_purchases", .decimals(6)), ("p_no_purchase", .decimals(6)),
        ("expected_average_spend", .decimals(6)), ("discounted_lifetime_value", .decimals(6)),
    ]

    /// The rows of a piece of the customers.
    func chunk(_ index: Int) -> FigureRows.Chunk {
        let (piece, first) = (histories.pieces[index], starts[index])
        var columns = [[Double]](
            repeating: Array(repeating: .nan, count: piece.identifiers.count), count: Self.columns.count)
        for index in 0..<piece.historyCount {
            let row = piece.rows.map { Int($0[index]) } ?? index
            let history = Int(histories.population.historyOfCustomer[first + index])
            let spend = spends[first + index]
            columns[0][row] = alive[history]
            columns[1][row] = purchases[history]
            columns[2][row] = noPurchase[history]
            columns[3][row] = spend
            columns[4][row] = discounted[history] * spend * margin
        }
        return FigureRows.Chunk(identifiers: piece.identifiers, columns: columns)
    }

    /// Sums over customers, the same in any order.
    struct Totals: Sendable {
        private(set) var customerCount = 0
        private var purchaseSum = ExactSum()
        private var valueSum = ExactSum()

        /// Expected purchases.
        var purchases: Double { purchaseSum.value }
        /// Discounted values; NaN without spend.
        var value: Double { valueSum.value }

        mutating func update(_ forecast: LifetimeForecast) {
            let historyOfCustomer = forecast.histories.population.historyOfCustomer
            customerCount += historyOfCustomer.count
            for (customer, history) in historyOfCustomer.enumerated() {
                purchaseSum.update(forecast.purchases[Int(history)])
                valueSum.update(forecast.discounted[Int(history)] * forecast.spends[customer] * forecast.margin)
            }
        }
    }
}

extension RunOptions {
    /// The header of rows, with its line end.
    func deliverHeader(of rows: FigureRows, _ deliver: (RowBuffer) throws -> Void) rethrows {
        let header = RowBuffer()
        header.append(rows.header)
        try deliver(header)
    }

    /// Formats chunks of rows side by side and hands them on in order, the header first.
    func write(
        _ rows: FigureRows, chunkCount: Int, _ chunk: @escaping @Sendable (Int) -> FigureRows.Chunk,
        deliver: @escaping @Sendable (RowBuffer) throws -> Void
    ) throws {
        try deliverHeader(of: rows, deliver)
        try writeChunks(of: rows, count: chunkCount, chunk, deliver: deliver)
    }

    /// The same without the header.
    func writeChunks(
        of rows: FigureRows, count: Int, _ chunk: @escaping @Sendable (Int) -> FigureRows.Chunk,
        deliver: @escaping @Sendable (RowBuffer) throws -> Void
    ) throws {
        let buffers = RowBufferPool()
        let next = ChunkCounter(count: count)
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
