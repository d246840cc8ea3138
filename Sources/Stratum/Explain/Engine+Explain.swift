public import Reports
import Synchronization
public import TableIO
import Tables
import VectorMath

/// The customers that were asked for, and how much was read to find them.
public struct Explanation: Sendable {
    /// A report for each id that was found, in the order asked.
    public var customers: [CustomerReport]
    /// The ids that are not there.
    public var missingIDs: [String]
    /// Customers read.
    public var rowCount: Int
    /// Records that were rejected among those read; nil if reading ended before the inputs did.
    public var rejectedCount: Int?
    /// Whether everything was read; false if all ids were found before the end.
    public var isComplete: Bool
    /// What the reports leave out, in sentences.
    public var notes: [String] = []

    /// Everything with all digits.
    public var json: JSONValue {
        [
            "customers": .list(customers.map(\.json)), "missing_ids": .list(missingIDs.map { .text($0) }),
            "rows_read": .integer(rowCount), "is_complete": .bool(isComplete),
            "notes": .list(notes.map { .text($0) }),
        ]
    }
}

extension Engine {
    /// Reports how single customers come by their scores under a stored model; reads no further than it must.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin; they count as one.
    ///   - ids: the customers, each once.
    ///
    /// A model of order logs reads the whole log, as customers are known at its end only.
    /// - Throws: as `score`.
    /// - Complexity: memory as `score` takes.
    public static func explain(
        model: Model, inputs: [String], ids: [String], options: RunOptions
    ) throws -> Explanation {
        try explain(model: model, options.sources(inputs), ids: ids, options: options)
    }

    /// The same for sources, which count as one.
    public static func explain(
        model: Model, _ sources: [InputSource], ids: [String], options: RunOptions
    ) throws -> Explanation {
        let plan = model.plan
        if let orders = plan.plan.input.orders, let columns = plan.plan.input.orderColumns {
            let population = try Population.read(
                orders: orders, columns, from: sources, by: plan, stored: model, options
            ) { _ in }
            return try explain(model: model, population, ids: ids)
        }
        try options.refuseAsOf()
        let workers = Workers(threadCount: options.threadCount)
        let reader = try plan.reader(of: sources, options)
        let notes = IntakeNotes(sources: sources)
        let wanted = ids.map { Array($0.utf8) }
        let benches = WorkerStates(try (0..<workers.threadCount).map { _ in try CustomerBench(model) })
        let search = Mutex(Search(found: Array(repeating: nil, count: ids.count)))
        var statistics: ReadStatistics?
        do {
            statistics = try reader.forEachBatch(
                workers: workers, options: plan.readOptions(options, sources, notes: notes) { _ in }
            ) { worker, batch in
                let found = try benches.withState(of: worker) { bench in
                    try batch.identifiers.places(of: wanted).map { ($0.id, try bench.report($0.row, of: batch)) }
                }
                return FoundCustomers(rowCount: batch.rowCount, reports: found)
            } deliver: { part in
                let isDone = search.withLock { $0.take(part) }
                if isDone { throw SearchEnd() }
            }
        } catch is SearchEnd {
            statistics = nil
        }
        var explanation = Explanation(search.withLock { $0 }, ids: ids, of: model)
        explanation.rejectedCount = statistics?.rejectedCount
        explanation.isComplete = statistics != nil
        return explanation
    }

    /// The same for customers in memory.
    private static func explain(model: Model, _ population: Population, ids: [String]) throws -> Explanation {
        let bench = try CustomerBench(model)
        let wanted = ids.map { Array($0.utf8) }
        var search = Search(found: Array(repeating: nil, count: ids.count))
        for batch in population.table.batches {
            let found = try batch.identifiers.places(of: wanted).map { ($0.id, try bench.report($0.row, of: batch)) }
            _ = search.take(FoundCustomers(rowCount: batch.rowCount, reports: found))
        }
        var explanation = Explanation(search, ids: ids, of: model)
        explanation.rejectedCount = population.intake.rows.rejected
        return explanation
    }
}

extension Explanation {
    /// What a search that read everything found.
    fileprivate init(_ search: Search, ids: [String], of model: Model) {
        customers = search.found.compactMap(\.self)
        missingIDs = zip(ids, search.found).compactMap { $1 == nil ? $0 : nil }
        rowCount = search.rowCount
        isComplete = true
        if model.plan.plan.tiers.hysteresis != nil {
            notes = ["the tiers are those of the cut-offs: the hysteresis, which needs the last run's, is left out"]
        }
    }
}

/// All customers that were asked for have been found.
private struct SearchEnd: Error {}

/// The customers asked for that a batch holds, by their place among the ids.
private struct FoundCustomers: Sendable {
    var rowCount: Int
    var reports: [(id: Int, report: CustomerReport)]
}

/// What was found so far.
private struct Search: Sendable {
    var found: [CustomerReport?]
    var rowCount = 0

    /// Takes in a batch; returns whether all are found.
    mutating func take(_ part: FoundCustomers) -> Bool {
        rowCount += part.rowCount
        for (id, report) in part.reports where found[id] == nil { found[id] = report }
        return found.allSatisfy { $0 != nil }
    }
}

extension Identifiers {
    /// The rows that have one of some ids.
    fileprivate func places(of wanted: [[UInt8]]) -> [(id: Int, row: Int)] {
        let lengths = Set(wanted.map(\.count))
        var places: [(id: Int, row: Int)] = []
        for row in 0..<count where lengths.contains(range(of: row).count) {
            for (id, bytes) in wanted.enumerated() where self[row].elementsEqual(bytes) { places.append((id, row)) }
        }
        return places
    }
}
