import Indicators
import LifetimeValue
import Reports
import TableIO
import Tables
import VectorMath

/// Customers with their purchase histories, wherever they come from.
struct LifetimeCustomers: Sendable {
    /// Some customers in output order.
    struct Piece: Sendable {
        let identifiers: Identifiers
        /// Which of them have a history, rising; nil for all.
        let rows: [UInt32]?
        /// How many have one.
        var historyCount: Int { rows?.count ?? identifiers.count }
    }

    /// What happened after the calibration, and in as long a time before its end.
    struct HoldOut: Sendable {
        let length: TimeSpan
        let purchases: [Double]
        let spends: [Double]
        let lastPeriod: TimeSpan
        let lastPurchases: [Double]
        let lastSpends: [Double]
    }

    let pieces: [Piece]
    /// The histories of all customers who have one, in the order of the pieces.
    let population: PurchasePopulation
    let frequencies: [Int]
    /// Mean spends of a repeat purchase; nil if the input has no spend.
    let meanSpends: [Double]?
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
            return try HistoryTable.read(sources, of: columns, options, onReject: onReject)
                .customers(timeUnit: timeUnit, options)
        }
    }

    private init(_ orders: OrderIntake, timeUnit: TimeUnit, calibrationEnd: Int?, _ options: RunOptions) throws {
        let histories = try PurchaseHistories(
            orders, calibrationEnd: calibrationEnd, timeUnit: timeUnit, options)
        let specification = histories.specification
        let isSplit = specification.calibrationEnd < specification.observationEnd
        pieces = histories.chunks.map { Piece(identifiers: $0.identifiers, rows: $0.rows) }
        population = try histories.population(workers: Workers(threadCount: options.threadCount))
        frequencies = histories.frequencies
        meanSpends = histories.meanSpends
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

    init(
        pieces: [Piece], population: PurchasePopulation, frequencies: [Int], meanSpends: [Double]?, intake: Intake
    ) {
        self.pieces = pieces
        self.population = population
        self.frequencies = frequencies
        self.meanSpends = meanSpends
        holdOut = nil
        observationEnd = nil
        self.intake = intake
        warnings = intake.warnings
        json = ["customers": .integer(population.customerCount), "customers_without_history": .integer(0)]
    }

    /// What the models were fitted to, for their file.
    var source: Model.Source {
        Model.Source(
            checksum: intake.files.map { $0.checksum ?? "" }.joined(separator: " "),
            rowCount: population.customerCount)
    }
}
