import LifetimeValue
import Synchronization
import TableIO
import Tables
import VectorMath

/// A reader of tables of ready purchase histories, at once or part by part.
struct HistoryReader: Sendable {
    private let sources: [InputSource]
    private let columns: HistoryColumns
    private let timeUnit: TimeUnit
    private let options: RunOptions

    /// Customers of a part that is told before the next one is read: so many share the work on distinct histories.
    static let partRowCount = 1 << 20

    /// - Parameter timeUnit: what times are brought to.
    init(_ sources: [InputSource], _ columns: HistoryColumns, timeUnit: TimeUnit, _ options: RunOptions) throws {
        self.sources = sources
        self.columns = columns
        self.timeUnit = timeUnit
        self.options = options
    }

    /// All customers; a cell that is missing or negative rejects its row.
    ///
    /// - Throws: `TableIOError`; `EngineError` of kind `noCustomers`, or `unusableHistory` that names the first customer
    ///   whose history cannot be.
    func customers(onReject: @escaping @Sendable (RejectedRecord) throws -> Void) throws -> LifetimeCustomers {
        try options.checkFits(sources)
        let population = try options.readTable(sources, id: columns.id, requests, onReject: onReject)
        return LifetimeCustomers(try histories(population.table), intake: population.intake)
    }

    /// Tells customers in their order, a million or so at a time, in memory for these.
    ///
    /// - Throws: as `customers`; what `body` throws.
    func forEachPart(
        rowCount: Int = Self.partRowCount, onReject: @escaping @Sendable (RejectedRecord) throws -> Void,
        _ body: @escaping @Sendable (CustomerHistories) throws -> Void
    ) throws -> Intake {
        let part = Mutex<(batches: [Batch], rowCount: Int)>(([], 0))
        @Sendable func tell(atLeast rowCount: Int) throws {
            let batches = part.withLock { part in
                guard part.rowCount >= rowCount else { return [Batch]() }
                defer { part = ([], 0) }
                return part.batches
            }
            guard !batches.isEmpty else { return }
            try body(histories(Table(columnNames: requests.map(\.name), batches: batches)))
        }
        let intake = try options.forEachBatch(sources, id: columns.id, requests, onReject: onReject) { batch in
            part.withLock {
                $0.batches.append(batch)
                $0.rowCount += batch.rowCount
            }
            try tell(atLeast: rowCount)
        }
        try tell(atLeast: 0)
        return intake
    }

    private var requests: [ColumnRequest] {
        [columns.frequency, columns.recency, columns.age].map { ColumnRequest(required: $0, minimum: 0) }
            + (columns.meanSpend.map { [.amounts($0)] } ?? [])
    }

    /// The customers of a table, with times in the unit.
    private func histories(_ table: Table) throws -> CustomerHistories {
        let workers = Workers(threadCount: options.threadCount)
        func column(_ place: Int) -> [Double] { table.values(ofColumn: place, workers: workers) }
        func times(_ place: Int) -> [Double] {
            let unit = columns.timeUnit ?? timeUnit
            guard unit != timeUnit else { return column(place) }
            return column(place).map { TimeSpan($0, unit).value(in: timeUnit) }
        }
        let frequencies = try column(0).enumerated().map { row, value in
            guard let count = Int(exactly: value) else {
                throw unusable(table, row, "the frequency \(value) is no whole number")
            }
            return count
        }
        let population: PurchasePopulation
        do {
            population = try PurchasePopulation(
                frequencies: frequencies, recencies: times(1), ages: times(2), timeUnit: timeUnit, workers: workers)
        } catch {
            guard case .invalidHistory(let row) = error.kind else { throw error }
            throw unusable(table, row, error.problem)
        }
        return CustomerHistories(
            pieces: table.batches.map { CustomerHistories.Piece(identifiers: $0.identifiers, rows: nil) },
            population: population, frequencies: frequencies, meanSpends: columns.meanSpend == nil ? nil : column(3))
    }

    private func unusable(_ table: Table, _ row: Int, _ problem: String) -> EngineError {
        EngineError(
            .unusableHistory, at: sources[0].path,
            "customer '\(TerminalText.escaped(table.identifier(ofRow: row)))': \(problem)",
            remedy: "count purchases after the first, and give the age at the last of them and at the end, in one unit")
    }
}

extension Table {
    /// The id of a row.
    func identifier(ofRow row: Int) -> [UInt8] {
        var batch = 0
        while rowOffsets[batch + 1] <= row { batch += 1 }
        return Array(batches[batch].identifiers[row - rowOffsets[batch]])
    }
}

extension RunOptions {
    /// Reads customers with some columns, all at once.
    ///
    /// - Throws: `TableIOError`; `EngineError` of kind `noCustomers`.
    func readTable(
        _ sources: [InputSource], id: String, _ columns: [ColumnRequest],
        onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) throws -> Population {
        let notes = IntakeNotes(sources: sources)
        let reader = try CSVReader(
            sources: sources, format: try csvFormat(), identifier: id, columns: columns)
        let (table, statistics) = try reader.readTable(
            workers: Workers(threadCount: threadCount), options: readOptions(of: sources, notes, onReject))
        let population = Population(table: table, intake: notes.finished(statistics))
        try population.requireCustomers()
        return population
    }

    /// The same batch by batch in their order, one call at a time.
    func forEachBatch(
        _ sources: [InputSource], id: String, _ columns: [ColumnRequest],
        onReject: @escaping @Sendable (RejectedRecord) throws -> Void,
        _ body: @escaping @Sendable (Batch) throws -> Void
    ) throws -> Intake {
        let notes = IntakeNotes(sources: sources)
        let reader = try CSVReader(
            sources: sources, format: try csvFormat(), identifier: id, columns: columns)
        let statistics = try reader.forEachBatch(
            workers: Workers(threadCount: threadCount), options: readOptions(of: sources, notes, onReject)
        ) { _, batch in
            batch
        } deliver: {
            try body($0)
        }
        return notes.finished(statistics)
    }

    private func readOptions(
        of sources: [InputSource], _ notes: IntakeNotes, _ onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) -> ReadOptions {
        var read = readOptions(of: sources)
        switch maxRejects {
        case .count(let count): read.rejectLimit = .count(count)
        case .share(let share): read.rejectLimit = .share(share)
        case nil: break
        }
        read.onReject = { reject in
            notes.note(reject)
            try onReject(reject)
        }
        return read
    }
}
