import Indicators
import Reports
import Synchronization
import Tables
import VectorMath

/// The scores of recency, frequency and monetary value as columns of a plan's customers.
///
/// Customers without a purchase have none. The same cuts give a customer the same scores in every log that tells the
/// same of him.
struct RFMColumns: Sendable {
    let cuts: RFMCuts
    private let rfm: Plan.RFM
    /// The places of recency, frequency and monetary value among the indicators.
    private let places: [Int]

    /// Scores by stored cuts.
    init(_ rfm: Plan.RFM, _ cuts: RFMCuts, of orders: OrderIntake) {
        (self.rfm, self.cuts) = (rfm, cuts)
        places = rfm.places(in: orders.specification, of: orders)
    }

    /// Finds the cuts of a log's customers.
    ///
    /// - Throws: `EngineError` of kind `noCustomers` if nobody has a purchase; what the spill throws,
    ///   `CancellationError`.
    init(fitting rfm: Plan.RFM, to orders: OrderIntake, _ options: RunOptions) throws {
        var specification = orders.specification
        (specification.windowCount, specification.hasHistory) = (0, false)
        let places = rfm.places(in: specification, of: orders)
        let benches = WorkerStates(
            (0..<options.threadCount).map { [specification] _ in IndicatorBench(orders.customers, specification) })
        let gathered = Mutex([[Double]](repeating: [], count: places.count))
        try orders.forEachChunk(options) { worker, number in
            let chunk = try benches.withState(of: worker) { try $0.indicators(ofChunk: number) }
            return places.map { chunk[column: $0] }
        } deliver: { part in
            gathered.withLock { columns in
                for (place, values) in part.enumerated() { columns[place] += values }
            }
        }
        let columns = gathered.withLock { $0 }
        guard !columns[0].allSatisfy(\.isNaN) else {
            throw EngineError(
                .noCustomers, at: orders.intake.path, "nobody has a purchase whose recency could be scored",
                remedy: "check the log's amounts, or drop 'rfm' from the plan's input")
        }
        func cuts(_ specification: RFMSpecification) -> RFMCuts {
            RFMCuts.fit(
                recency: columns[0], frequency: columns[1], monetary: columns[2], specification,
                Workers(threadCount: options.threadCount))
        }
        var flat = rfm.specification
        flat.isNested = false
        let all = cuts(flat)
        self.init(rfm, rfm.specification.isNested ? cuts(rfm.specification).filled(from: all) : all, of: orders)
    }

    /// The columns of `Plan.RFM.columnNames` for a chunk of customers, and how many of these have no scores.
    func columns(of chunk: IndicatorChunk) -> (columns: [[Double]], unscoredCount: Int) {
        let (recency, frequency, monetary) = (
            chunk[column: places[0]], chunk[column: places[1]], chunk[column: places[2]]
        )
        var cells = [UInt16](repeating: 0, count: recency.count)
        var span = cells.mutableSpan
        cuts.score(recency: recency.span, frequency: frequency.span, monetary: monetary.span, into: &span)
        func column(_ value: (Int) -> Int) -> [Double] {
            cells.map { $0 == RFMCuts.noCell ? .nan : Double(value(Int($0))) }
        }
        return (
            [
                column { cuts.scores(ofCell: $0).r }, column { cuts.scores(ofCell: $0).f },
                column { cuts.scores(ofCell: $0).m }, column { cuts.code(ofCell: $0) },
            ], cells.count { $0 == RFMCuts.noCell }
        )
    }

    /// The cuts, for the summary.
    func json(unscoredCount: Int) -> JSONValue {
        func list(_ cuts: [Double]) -> JSONValue { .list(cuts.map { .number($0) }) }
        return [
            "scores": .integer(cuts.scoreCount), "nested": .bool(rfm.specification.isNested),
            "monetary": .text(rfm.monetary.rawValue), "customers_without_purchase": .integer(unscoredCount),
            "cuts": [
                "recency_days": list(cuts.recency), "frequency": .list(cuts.frequency.map(list)),
                "monetary": .list(cuts.monetary.map(list)),
            ],
        ]
    }
}

extension Plan.RFM {
    /// Where the indicators that are scored stand.
    fileprivate func places(in specification: IndicatorSpecification, of orders: OrderIntake) -> [Int] {
        let names = specification.columns(of: orders.customers.layout).map(\.name)
        let monetary = monetary == .mean ? "average_order_value" : "total_spend"
        return ["days_since_last_purchase", "purchase_count", monetary].map { name in
            guard let place = names.firstIndex(of: name) else { preconditionFailure("no indicator \(name)") }
            return place
        }
    }
}
