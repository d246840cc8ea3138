import Indicators
import Reports
import TableIO
import Tables
import VectorMath

/// An order log that was read, by customer, and what was noticed on the way.
struct OrderIntake: Sendable {
    let customers: CustomerLog
    let specification: IndicatorSpecification
    let intake: Intake
    /// Rows after the as-of day, which are left out: accepted = used + later.
    let usedRowCount: Int
    let laterRowCount: Int
    private let asOfIsLastDay: Bool
    /// All lines that were read or restored, those after the as-of day too; nil where no state is kept.
    private(set) var stored: CustomerLog?

    /// Reads all lines.
    ///
    /// - Parameters:
    ///   - restore: brings rows of earlier runs into the log, before any is read; nil keeps no later rows for another.
    ///   - onReject: called with each rejected record in input order.
    /// - Throws: `TableIOError`, `PlanError` for number options that contradict each other, `IndicatorsError`,
    ///   `EngineError` of kind `noCustomers`, `CancellationError`.
    static func read(
        _ sources: [InputSource], of columns: OrderColumns, _ options: RunOptions,
        input: Plan.Input = Plan.Input(), blockByteCount: Int = ReadOptions().blockByteCount,
        spill: OrderSpill? = nil, restore: ((OrderLog) throws -> Void)? = nil,
        onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) throws -> OrderIntake {
        let reader = try columns.reader(sources, try options.csvFormat(of: input), blockByteCount: blockByteCount)
        let workers = Workers(threadCount: options.threadCount)
        let log = OrderLog(
            layout: columns.layout, asOf: restore == nil ? columns.asOf : nil, workerCount: options.threadCount,
            spill: try spill ?? options.orderSpill(sources), isStored: restore != nil)
        try restore?(log)
        let notes = IntakeNotes(sources: sources)
        var read = options.readOptions(of: sources)
        read.allowsRepeatedIdentifiers = true
        read.blockByteCount = blockByteCount
        switch options.maxRejects {
        case .count(let count): read.rejectLimit = .count(count)
        case .share(let share): read.rejectLimit = .share(share)
        case nil: break
        }
        read.onReject = { reject in
            notes.note(reject)
            try onReject(reject)
        }
        let statistics = try reader.forEachBatch(workers: workers, options: read) { worker, batch in
            try log.append(batch, worker: worker)
        } deliver: {
        }
        let intake = notes.finished(statistics)
        let all = try log.grouped(workers)
        let asOf = columns.asOf ?? log.days?.upperBound ?? 0
        let found = restore == nil ? (log: all, leftOut: log.laterRowCount) : try all.upTo(asOf, workers)
        guard found.log.customerCount > 0 else {
            throw EngineError(
                .noCustomers, at: intake.path,
                "no order line to count: \(statistics.recordCount) records read, \(statistics.rejectedCount) rejected, "
                    + "\(found.leftOut) after the as-of date",
                remedy: "check the export, its rejects and --as-of")
        }
        var orders = OrderIntake(
            customers: found.log, specification: columns.specification(asOf: asOf), intake: intake,
            usedRowCount: found.log.rowCount, laterRowCount: found.leftOut, asOfIsLastDay: columns.asOf == nil)
        if restore != nil { orders.stored = all }
        return orders
    }

    /// What a reader of the results should know.
    var warnings: [String] { intake.warnings + notes }

    /// The same, of the log alone.
    var notes: [String] {
        var warnings: [String] = []
        let asOf = CalendarDay.text(specification.asOf)
        if asOfIsLastDay {
            warnings.append("the as-of date is the last one in the log, \(asOf); give --as-of to set it")
        }
        if laterRowCount > 0 {
            warnings.append("\(laterRowCount) order lines after the as-of date \(asOf) are left out")
        }
        return warnings
    }

    /// Figures for the summary.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("as_of", .text(CalendarDay.text(specification.asOf))),
            .init("as_of_from", .text(asOfIsLastDay ? "data" : "option")),
            .init("customers", .integer(customers.customerCount)),
            .init("lines_used", .integer(usedRowCount)),
            .init("lines_after_as_of", .integer(laterRowCount)),
            .init("spend", .text(specification.isNet ? "net" : "gross")),
        ]
        if let days = customers.days {
            members.append(.init("first_day", .text(CalendarDay.text(days.lowerBound))))
            members.append(.init("last_day", .text(CalendarDay.text(days.upperBound))))
        }
        if specification.windowCount > 0 {
            members.append(.init("windows", .integer(specification.windowCount)))
            members.append(.init("window_days", .integer(specification.windowDayCount)))
        }
        return .object(members)
    }

    /// Computes the indicators side by side and hands them on in rising order of the ids.
    ///
    /// - Parameters:
    ///   - process: called on a worker with each chunk.
    ///   - deliver: called in order, one call at a time, with what `process` made of it.
    func forEachIndicatorChunk<Processed: Sendable>(
        _ options: RunOptions, process: @escaping @Sendable (IndicatorChunk) throws -> Processed,
        deliver: @escaping @Sendable (Processed) throws -> Void
    ) throws {
        let benches = WorkerStates(
            (0..<options.threadCount).map { _ in IndicatorBench(customers, specification) })
        try forEachChunk(options) { worker, chunk in
            try process(try benches.withState(of: worker) { try $0.indicators(ofChunk: chunk) })
        } deliver: {
            try deliver($0)
        }
    }

    /// Calls `process` side by side, with the worker and the number of each chunk of customers, and hands on what it
    /// gives in rising order of the ids.
    func forEachChunk<Processed: Sendable>(
        _ options: RunOptions, process: @escaping @Sendable (Int, Int) throws -> Processed,
        deliver: @escaping @Sendable (Processed) throws -> Void
    ) throws {
        let next = ChunkCounter(count: customers.chunkCount)
        let isCancelled = options.checkpoint(intake.files[0].path)
        try OrderedPipeline<Int, Int, Int, Processed>(
            fetch: {
                if try isCancelled() { throw CancellationError() }
                return next.take()
            },
            parse: { _, chunk in chunk },
            admit: { chunk in chunk.map { [$0] } ?? [] },
            process: process, deliver: deliver
        ).run(workers: Workers(threadCount: options.threadCount))
    }
}
