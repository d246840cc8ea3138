import Indicators
import Reports
import Synchronization
import TableIO
import Tables
import VectorMath

/// A whole input in memory, and what was noticed while it was read.
struct Population: Sendable {
    let table: Table
    let intake: Intake
    /// What was learned from the purchases of an order log; nil for customers from elsewhere.
    var lifetime: FittedLifetime?
    /// Where the scores of recency, frequency and monetary value are cut; nil where nobody is scored by them.
    var rfm: RFMCuts?

    /// Reads all customers.
    ///
    /// - Parameter onReject: called with each rejected record in input order.
    static func read(
        _ sources: [InputSource], by plan: ResolvedPlan, _ options: RunOptions,
        onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) throws -> Population {
        if let orders = plan.plan.input.orders, let columns = plan.plan.input.orderColumns {
            return try read(
                orders: orders, columns, from: sources, by: plan, stored: nil, options, onReject: onReject)
        }
        try options.refuseAsOf()
        try options.checkFits(sources)
        let reader = try plan.reader(of: sources, options)
        let intake = IntakeNotes(sources: sources)
        var read = plan.readOptions(options, sources, notes: intake, onReject: onReject)
        read.expectedRecordCount = options.expectedRecordCount ?? plan.plan.input.expectedRecordCount
        let (table, statistics) = try reader.readTable(
            workers: Workers(threadCount: options.threadCount), options: read)
        return Population(table: table, intake: intake.finished(statistics))
    }

    /// One column in full, NaN where missing.
    func values(ofColumn column: Int, workers: Workers) -> [Double] {
        table.values(ofColumn: column, workers: workers)
    }
}

extension Table {
    /// One column in full, NaN where missing.
    func values(ofColumn column: Int, workers: Workers) -> [Double] {
        let (batches, offsets) = (batches, rowOffsets)
        return filled(count: rowCount) { values in
            // SAFETY: batches have rows of their own, so the parts are disjoint.
            nonisolated(unsafe) let values = values
            workers.forEach(chunkCount: batches.count) { batch in
                let rows = batches[batch].rowCount
                batches[batch].columns[column].decode(
                    0..<rows,
                    into: UnsafeMutableBufferPointer(rebasing: values[offsets[batch]..<offsets[batch] + rows]))
            }
        }
    }
}

/// An array whose every element `fill` writes.
func filled<Element>(
    count: Int, _ fill: (UnsafeMutableBufferPointer<Element>) throws -> Void
) rethrows -> [Element] {
    try [Element](unsafeUninitializedCapacity: count) { room, initialized in
        try fill(UnsafeMutableBufferPointer(rebasing: room[..<count]))
        initialized = count
    }
}

/// What was read from the inputs.
struct Intake: Sendable {
    var statistics: ReadStatistics
    var files: [RunSummary.InputFile]
    var firstRejects: [String]
    /// What else a reader of the results should know.
    var notes: [String] = []
    /// Figures for the summary.
    var results: [JSONValue.Member] = []

    /// Counts for the summary.
    var rows: RunSummary.RowCounts {
        RunSummary.RowCounts(
            read: statistics.recordCount, accepted: statistics.acceptedCount, rejectCounts: statistics.rejectCounts)
    }

    /// The inputs' names in a message.
    var path: String { files.count == 1 ? files[0].path : "\(files[0].path) and \(files.count - 1) more" }

    /// What a reader of the results should know about the inputs.
    var warnings: [String] { statistics.inputs.flatMap(\.warnings) + notes }
}

/// Notes taken while an input is read.
final class IntakeNotes: Sendable {
    /// Rejected records that are shown to a person.
    static let shownRejectCount = 10

    private let sources: [InputSource]
    private let shown = Mutex<[String]>([])

    init(sources: [InputSource]) { self.sources = sources }

    func note(_ reject: RejectedRecord) {
        shown.withLock { lines in
            guard lines.count < Self.shownRejectCount else { return }
            let column = reject.column.map { ", column " + TerminalText.escaped($0) } ?? ""
            let raw = TerminalText.escaped(String(decoding: reject.raw.prefix(120), as: UTF8.self))
            let path = TerminalText.escaped(sources[reject.input].path)
            lines.append(
                "\(path), line \(reject.line)\(column): \(reject.reason.rawValue): \(raw)")
        }
    }

    func finished(_ statistics: ReadStatistics) -> Intake {
        Intake(
            statistics: statistics,
            files: zip(sources, statistics.inputs).map { source, input in
                RunSummary.InputFile(
                    path: source.path, byteCount: source.byteCount ?? source.rawByteCount,
                    checksum: input.checksum.map { "xxh3:" + XXH3.text($0) }, isComplete: true,
                    rows: RunSummary.RowCounts(
                        read: input.recordCount, accepted: input.acceptedCount, rejectCounts: input.rejectCounts),
                    commentCount: input.commentCount)
            },
            firstRejects: shown.withLock { $0 })
    }
}

extension RunSummary.RowCounts {
    fileprivate init(read: Int, accepted: Int, rejectCounts: [RejectReason: Int]) {
        let reasons = rejectCounts.map { RunSummary.ColumnCount($0.key.rawValue, $0.value) }
        self.init(
            read: read, accepted: accepted, rejected: rejectCounts.values.reduce(0, +),
            rejectReasons: reasons.sorted { ($1.count, $0.name) < ($0.count, $1.name) })
    }
}

extension InputStatistics {
    /// What a reader of the results should know about the input.
    fileprivate var warnings: [String] {
        var warnings: [String] = []
        if lacksFinalLineEnd { warnings.append("the last record of \(path) has no line end: is the export complete?") }
        if let pickedDelimiter {
            let name = pickedDelimiter == 0x09 ? "a tab" : "'\(Unicode.Scalar(pickedDelimiter))'"
            warnings.append("\(path) is read with \(name) between fields, as its header suggests")
        }
        if let firstUndecodableOffset {
            warnings.append(
                "\(path) is not all \(encoding.rawValue): \(undecodableCount) bytes or units stand for nothing, the "
                    + "first at byte \(firstUndecodableOffset); their records are rejected as invalid_utf8")
        }
        if looksLikeGB18030 {
            warnings.append("records of \(path) are not UTF-8 but read as GB18030: try --encoding gb18030")
        }
        return warnings
    }
}

extension RunOptions {
    /// How inputs are read, whatever is in them: the number of records, cancelling and progress.
    func readOptions(of sources: [InputSource]) -> ReadOptions {
        var read = ReadOptions()
        read.expectedRecordCount = expectedRecordCount
        read.isCancelled = checkpoint(sources.first?.path ?? "")
        guard let progress else { return read }
        let sizes = sources.compactMap(\.byteCount)
        let total = sizes.count == sources.count ? sizes.reduce(0, +) : nil
        read.onProgress = { statistics in
            progress(
                Progress(
                    stage: "read", rowsDone: statistics.recordCount, bytesDone: statistics.byteCount,
                    bytesTotal: total))
        }
        return read
    }
}

extension ResolvedPlan {
    /// Refuses a plan of orders where customers are read block by block.
    func refuseOrders(for work: String) throws(EngineError) {
        guard plan.input.orders != nil else { return }
        throw EngineError(
            .optionConflict, at: "input.kind", "\(work) reads customers, and the plan reads order lines",
            remedy: "make them customers with 'stratum indicators' first, and use a plan of 'kind: customers'")
    }

    /// A reader of the inputs, by the names that their headers have.
    ///
    /// - Parameter read: the columns that are wanted, as places in `columns`; nil for all.
    func reader(
        of sources: [InputSource], _ options: RunOptions, columns read: [Int]? = nil,
        blockByteCount: Int = ReadOptions().blockByteCount
    ) throws -> CSVReader {
        let names = derivation(of: read)?.fileColumns ?? read.map { $0.map { columns[$0] } } ?? columns
        return try CSVReader(
            sources: sources, format: try options.csvFormat(of: plan.input),
            identifier: plan.input.headerName(of: plan.input.id),
            columns: names.map(request),
            labels: read == nil ? labelColumns.map { plan.input.headerName(of: $0) } : [],
            blockByteCount: blockByteCount)
    }

    /// How the batches of a file become those of the plan; nil if they are the same.
    ///
    /// - Parameter read: the columns that are wanted, as places in `columns`; nil for all.
    func derivation(of read: [Int]? = nil) -> Derivation? {
        let read = read ?? Array(columns.indices)
        return Derivation(
            columns: read.map { columns[$0] },
            accepted: read.map { (admissible[$0].minimum ?? -.infinity)...(admissible[$0].maximum ?? .infinity) },
            derived: derived)
    }

    /// What the reader is asked for a column of the file.
    private func request(_ column: String) -> ColumnRequest {
        // Bytes, not Characters: two spellings of one name are two columns.
        let range = columns.firstIndex { $0.utf8.elementsEqual(column.utf8) }.map { admissible[$0] }
        var request = ColumnRequest(
            name: plan.input.headerName(of: column), minimum: range?.minimum ?? -.infinity,
            maximum: range?.maximum ?? .infinity)
        request.words = plan.wordTable(ofColumn: column)
        return request
    }

    /// How the inputs are read.
    ///
    /// - Parameter columns: as `reader` gets it.
    func readOptions(
        _ options: RunOptions, _ sources: [InputSource], notes: IntakeNotes, columns: [Int]? = nil,
        onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) -> ReadOptions {
        var read = options.readOptions(of: sources)
        read.reshaping = derivation(of: columns)?.reshaping
        switch options.maxRejects ?? plan.limits.maxRejects {
        case .count(let count): read.rejectLimit = .count(count)
        case .share(let share): read.rejectLimit = .share(share)
        }
        read.onReject = { reject in
            notes.note(reject)
            try onReject(reject)
        }
        return read
    }
}
