import Indicators
import LifetimeValue
import Reports
import TableIO
import VectorMath

/// Customers with their purchase histories, wherever they come from.
struct LifetimeCustomers: Sendable {
    /// What happened after the calibration, and in as long a time before its end.
    struct HoldOut: Sendable {
        let length: TimeSpan
        let purchases: [Double]
        let spends: [Double]
        let lastPeriod: TimeSpan
        let lastPurchases: [Double]
        let lastSpends: [Double]
    }

    let histories: CustomerHistories
    /// Nil without a calibration that ends before the observation.
    let holdOut: HoldOut?
    /// The last day of the histories; nil for a table.
    let observationEnd: Int?
    let intake: Intake
    let warnings: [String]
    /// What the summary tells of the input.
    let json: JSONValue

    /// Reads the customers of the sources.
    ///
    /// - Throws: `TableIOError`, `PlanError`, `IndicatorsError`, `EngineError` of kinds `noCustomers`,
    ///   `unusableHistory` and `optionConflict`, `LifetimeFitError`, `CancellationError`.
    static func read(
        _ sources: [InputSource], of input: LifetimeInput, timeUnit: TimeUnit, calibrationEnd: Int? = nil,
        _ options: RunOptions, onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) throws -> LifetimeCustomers {
        switch input {
        case .orders(let columns):
            let orders = try OrderIntake.read(sources, of: columns, options, onReject: onReject)
            return try LifetimeCustomers(orders, timeUnit: timeUnit, calibrationEnd: calibrationEnd, options)
        case .histories(let columns):
            if calibrationEnd != nil {
                throw EngineError(
                    .optionConflict, at: sources[0].path, "a table of histories has no dates to end a calibration at",
                    remedy: "leave the end of the calibration out, or give the order log")
            }
            return try HistoryReader(sources, columns, timeUnit: timeUnit, options).customers(onReject: onReject)
        }
    }

    private init(_ orders: OrderIntake, timeUnit: TimeUnit, calibrationEnd: Int?, _ options: RunOptions) throws {
        let histories = try PurchaseHistories(
            orders, calibrationEnd: calibrationEnd, timeUnit: timeUnit, options)
        let specification = histories.specification
        let isSplit = specification.calibrationEnd < specification.observationEnd
        self.histories = CustomerHistories(
            histories, try histories.population(workers: Workers(threadCount: options.threadCount)))
        holdOut =
            isSplit
            ? HoldOut(
                length: histories.holdOut, purchases: histories.laterPurchases, spends: histories.laterSpends,
                lastPeriod: histories.lastPeriod, lastPurchases: histories.lastPurchases,
                lastSpends: histories.lastSpends) : nil
        observationEnd = specification.calibrationEnd
        intake = orders.intake
        warnings = orders.warnings
        var members: [JSONValue.Member] = []
        if case .object(let known) = orders.json { members = known }
        members.append(.init("calibration_end", .text(CalendarDay.text(specification.calibrationEnd))))
        members.append(.init("customers_without_history", .integer(histories.otherCustomerCount)))
        json = .object(members)
    }

    /// The customers of a table of histories.
    init(_ histories: CustomerHistories, intake: Intake) {
        self.histories = histories
        holdOut = nil
        observationEnd = nil
        self.intake = intake
        warnings = intake.warnings
        json = Self.json(customerCount: histories.population.customerCount)
    }

    /// What the summary tells of a table of histories.
    static func json(customerCount: Int) -> JSONValue {
        ["customers": .integer(customerCount), "customers_without_history": .integer(0)]
    }

    /// What the models were fitted to, for their file.
    var source: Model.Source {
        Model.Source(
            checksum: intake.files.map { $0.checksum ?? "" }.joined(separator: " "),
            rowCount: histories.population.customerCount)
    }
}
