import LifetimeValue
import TableIO
import Tables
import VectorMath

/// A table of ready purchase histories in memory.
struct HistoryTable: Sendable {
    private let table: Population
    private let columns: HistoryColumns

    /// Reads the table; a cell that is missing or negative rejects its row.
    static func read(
        _ sources: [InputSource], of columns: HistoryColumns, _ options: RunOptions,
        onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) throws -> HistoryTable {
        try options.checkFits(sources)
        func request(_ name: String, minimum: Double = -.infinity) -> ColumnRequest {
            var request = ColumnRequest(name: name, minimum: minimum)
            request.isRequired = true
            return request
        }
        let times = [columns.frequency, columns.recency, columns.age].map { request($0, minimum: 0) }
        let reader = try CSVReader(
            sources: sources, format: try options.csvFormat(), identifier: columns.id,
            columns: times + (columns.meanSpend.map { [request($0)] } ?? []))
        let notes = IntakeNotes(sources: sources)
        var read = options.readOptions(of: sources)
        switch options.maxRejects {
        case .count(let count): read.rejectLimit = .count(count)
        case .share(let share): read.rejectLimit = .share(share)
        case nil: break
        }
        read.onReject = { reject in
            notes.note(reject)
            try onReject(reject)
        }
        let (table, statistics) = try reader.readTable(
            workers: Workers(threadCount: options.threadCount), options: read)
        let population = Population(table: table, intake: notes.finished(statistics))
        try population.requireCustomers()
        return HistoryTable(table: population, columns: columns)
    }

    /// The customers, with times in a unit.
    ///
    /// - Throws: `EngineError` of kind `unusableHistory` that names the first customer whose history cannot be.
    func customers(timeUnit: TimeUnit, _ options: RunOptions) throws -> LifetimeCustomers {
        let workers = Workers(threadCount: options.threadCount)
        func column(_ place: Int) -> [Double] { table.values(ofColumn: place, workers: workers) }
        func times(_ place: Int) -> [Double] {
            let unit = columns.timeUnit ?? timeUnit
            guard unit != timeUnit else { return column(place) }
            return column(place).map { TimeSpan($0, unit).value(in: timeUnit) }
        }
        let frequencies = try column(0).enumerated().map { row, value in
            guard let count = Int(exactly: value) else {
                throw unusable(row, "the frequency \(value) is no whole number")
            }
            return count
        }
        let population: PurchasePopulation
        do {
            population = try PurchasePopulation(
                frequencies: frequencies, recencies: times(1), ages: times(2), timeUnit: timeUnit, workers: workers)
        } catch {
            guard case .invalidHistory(let row) = error.kind else { throw error }
            throw unusable(row, error.problem)
        }
        return LifetimeCustomers(
            pieces: table.table.batches.map { LifetimeCustomers.Piece(identifiers: $0.identifiers, rows: nil) },
            population: population, frequencies: frequencies,
            meanSpends: columns.meanSpend == nil ? nil : column(3), intake: table.intake)
    }

    private func unusable(_ row: Int, _ problem: String) -> EngineError {
        var batch = 0
        while table.table.rowOffsets[batch + 1] <= row { batch += 1 }
        let id = table.table.batches[batch].identifiers[row - table.table.rowOffsets[batch]]
        return EngineError(
            .unusableHistory, at: table.intake.path,
            "customer '\(TerminalText.escaped(id))': \(problem)",
            remedy: "count purchases after the first, and give the age at the last of them and at the end, in one unit")
    }
}
