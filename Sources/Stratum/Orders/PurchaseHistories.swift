import Glibc
import Indicators
import LifetimeValue
import Synchronization
import TableIO
import Tables
import VectorMath

/// The purchase histories of the customers of an order log, in the form the models of repeat buying take.
///
/// What counts as a purchase is said at `PurchaseSpecification`: days with a purchase line. Customers whose first
/// purchase is after the calibration, or who have refunds alone, have no history. Times are kept in days and told in
/// the time unit, unrounded. The order of customers is that of their ids' bytes, and nothing depends on the order of the
/// lines or on threads.
struct PurchaseHistories: Sendable {
    /// In rising order of ids; 32 bytes a customer beside the ids.
    let chunks: [PurchaseChunk]
    let specification: PurchaseSpecification
    /// The unit of the population's times.
    let timeUnit: TimeUnit
    /// Customers with a history.
    let customerCount: Int
    /// Customers of the log without one.
    let otherCustomerCount: Int

    /// Tells the purchases of all customers side by side.
    ///
    /// - Parameter calibrationEnd: the last day that models learn from; nil for the as-of day of the log, later ones are
    ///   taken for it too.
    /// - Throws: `EngineError` of kind `noCustomers` if nobody bought by then, what the spill throws,
    ///   `CancellationError`.
    init(_ orders: OrderIntake, calibrationEnd: Int? = nil, timeUnit: TimeUnit, _ options: RunOptions) throws {
        let asOf = orders.specification.asOf
        var specification = PurchaseSpecification(
            calibrationEnd: min(calibrationEnd ?? asOf, asOf), observationEnd: asOf)
        specification.isNet = orders.specification.isNet
        // As long as the hold-out, as far as the log goes back.
        let calibrationStart = orders.customers.days?.lowerBound ?? specification.calibrationEnd
        specification.lastPeriodDayCount = max(
            0, min(asOf - specification.calibrationEnd, specification.calibrationEnd - calibrationStart + 1))
        let benches = WorkerStates(
            (0..<options.threadCount).map { [specification] _ in PurchaseBench(orders.customers, specification) })
        let chunks = OrderedChunks<PurchaseChunk>()
        try orders.forEachChunk(options) { worker, chunk in
            try benches.withState(of: worker) { try $0.purchases(ofChunk: chunk) }
        } deliver: {
            chunks.append($0)
        }
        self.init(chunks: chunks.all, specification, timeUnit)
        guard customerCount > 0 else {
            throw EngineError(
                .noCustomers, at: orders.intake.path,
                "nobody has a purchase up to \(CalendarDay.text(specification.calibrationEnd)), where the calibration "
                    + "ends", remedy: "set a later end, or check the log's dates and amounts")
        }
    }

    init(chunks: [PurchaseChunk], _ specification: PurchaseSpecification, _ timeUnit: TimeUnit) {
        self.chunks = chunks
        self.specification = specification
        self.timeUnit = timeUnit
        customerCount = chunks.reduce(0) { $0 + $1.rows.count }
        otherCustomerCount = chunks.reduce(0) { $0 + $1.identifiers.count } - customerCount
    }

    /// x of each customer with a history.
    var frequencies: [Int] { joined { chunk, row in Int(chunk.frequencies[row]) } }
    /// Their mean spends of a repeat purchase, 0 where there is none.
    var meanSpends: [Double] { joined { chunk, row in chunk.meanSpends[row] } }
    /// Their purchases after the calibration.
    var laterPurchases: [Double] { joined { chunk, row in Double(chunk.laterPurchases[row]) } }
    /// Their spend after the calibration.
    var laterSpends: [Double] { joined { chunk, row in chunk.laterSpends[row] } }

    /// Their repeat purchases in the last period.
    var lastPurchases: [Double] { joined { chunk, row in Double(chunk.lastPurchases[row]) } }
    /// Their spend in it, that on the day of the first purchase left out.
    var lastSpends: [Double] { joined { chunk, row in chunk.lastSpends[row] } }

    /// The end of the calibration, as long as the hold-out where the log goes back so far.
    var lastPeriod: TimeSpan { TimeSpan(Double(specification.lastPeriodDayCount), .days) }

    /// The time from the end of the calibration to that of the observation.
    var holdOut: TimeSpan {
        TimeSpan(Double(specification.observationEnd - specification.calibrationEnd), .days)
    }

    /// The distinct histories with their counts, and which of them each customer has.
    ///
    /// - Throws: `LifetimeFitError` of kind `invalidHistory`, which no log gives.
    func population(workers: Workers) throws(LifetimeFitError) -> PurchasePopulation {
        try PurchasePopulation(
            frequencies: frequencies, recencies: joined { chunk, row in time(chunk.recencies[row]) },
            ages: joined { chunk, row in time(chunk.ages[row]) }, timeUnit: timeUnit, logIntervalSum: logIntervalSum,
            workers: workers)
    }

    private func time(_ days: Int32) -> Double { TimeSpan(Double(days), .days).value(in: timeUnit) }

    /// The sum over all customers of the logarithms of the times between their purchases, in the time unit.
    private var logIntervalSum: Double {
        var intervals = IntervalCounts()
        for chunk in chunks { intervals.combine(chunk.intervals) }
        var sum = ExactSum()
        for (days, count) in intervals.counts {
            sum.update(Double(count) * log(TimeSpan(Double(days), .days).value(in: timeUnit)))
        }
        return sum.value
    }

    private func joined<Value>(_ value: (PurchaseChunk, Int) -> Value) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(customerCount)
        for chunk in chunks { for row in chunk.rows.indices { values.append(value(chunk, row)) } }
        return values
    }
}

/// Chunks that come one by one, in order, on different threads.
final class OrderedChunks<Chunk: Sendable>: Sendable {
    private let chunks = Mutex<[Chunk]>([])
    func append(_ chunk: Chunk) { chunks.withLock { $0.append(chunk) } }
    var all: [Chunk] { chunks.withLock { $0 } }
}
