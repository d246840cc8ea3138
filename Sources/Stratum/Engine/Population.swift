import Reports
import Synchronization
import TableIO
import Tables
import VectorMath

/// A whole input in memory, and what was noticed while it was read.
struct Population: Sendable {
    let table: Table
    let intake: Intake

    /// Reads all customers.
    ///
    /// - Parameter onReject: called with each rejected record in input order.
    static func read(
        _ source: InputSource, by plan: ResolvedPlan, _ options: RunOptions,
        onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) throws -> Population {
        try options.checkFits(source)
        let reader = try CSVReader(
            source: source, format: plan.csvFormat(options), identifier: plan.plan.input.id,
            columns: plan.columnRequests)
        let intake = IntakeNotes(source: source)
        let (table, statistics) = try reader.readTable(
            workers: Workers(threadCount: options.threadCount),
            options: plan.readOptions(options, source, notes: intake, onReject: onReject))
        return Population(table: table, intake: intake.finished(statistics))
    }

    /// The columns of the table, each cell as a number.
    func source(_ columns: [Int]) -> ColumnSource {
        let batches = table.batches
        return ColumnSource(columnCount: columns.count, rowCounts: batches.map(\.rowCount)) {
            column, batch, rows, values in
            batches[batch].columns[columns[column]].decode(rows, into: values)
        }
    }

    /// One column in full, NaN where missing.
    func values(ofColumn column: Int, workers: Workers) -> [Double] {
        let (batches, offsets) = (table.batches, table.rowOffsets)
        return filled(count: table.rowCount) { values in
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

/// What was read from one input.
struct Intake: Sendable {
    var statistics: ReadStatistics
    var file: RunSummary.InputFile
    var firstRejects: [String]

    /// Counts for the summary.
    var rows: RunSummary.RowCounts {
        let reasons = statistics.rejectCounts.map { RunSummary.ColumnCount($0.key.rawValue, $0.value) }
        return RunSummary.RowCounts(
            read: statistics.recordCount, accepted: statistics.acceptedCount, rejected: statistics.rejectedCount,
            rejectReasons: reasons.sorted { ($1.count, $0.name) < ($0.count, $1.name) })
    }

    /// What a reader of the results should know about the input.
    var warnings: [String] {
        statistics.lacksFinalLineEnd ? ["the last record of \(file.path) has no line end: is the export complete?"] : []
    }
}

/// Notes taken while an input is read.
final class IntakeNotes: Sendable {
    /// Rejected records that are shown to a person.
    static let shownRejectCount = 10

    private let source: InputSource
    private let shown = Mutex<[String]>([])

    init(source: InputSource) { self.source = source }

    func note(_ reject: RejectedRecord) {
        shown.withLock { lines in
            guard lines.count < Self.shownRejectCount else { return }
            let column = reject.column.map { ", column " + TerminalText.escaped($0) } ?? ""
            let raw = TerminalText.escaped(String(decoding: reject.raw.prefix(120), as: UTF8.self))
            lines.append(
                "\(TerminalText.escaped(source.path)), line \(reject.line)\(column): \(reject.reason.rawValue): \(raw)")
        }
    }

    func finished(_ statistics: ReadStatistics) -> Intake {
        Intake(
            statistics: statistics,
            file: RunSummary.InputFile(
                path: source.path, byteCount: source.byteCount ?? source.rawByteCount,
                checksum: statistics.checksum.map { "xxh3:" + XXH3.text($0) }, isComplete: true),
            firstRejects: shown.withLock { $0 })
    }
}

extension ResolvedPlan {
    /// How the input is written.
    func csvFormat(_ options: RunOptions) -> CSVFormat {
        var format = CSVFormat()
        format.delimiter = options.delimiter ?? plan.input.delimiter.utf8.first ?? UInt8(ascii: ",")
        format.nullWords = plan.input.nullWords.map { Array($0.utf8) }
        return format
    }

    /// The columns that the reader is asked for, in the order of `columns`.
    var columnRequests: [ColumnRequest] {
        zip(columns, admissible).map { name, range in
            ColumnRequest(name: name, minimum: range.minimum ?? -.infinity, maximum: range.maximum ?? .infinity)
        }
    }

    /// How the input is read.
    func readOptions(
        _ options: RunOptions, _ source: InputSource, notes: IntakeNotes,
        onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) -> ReadOptions {
        var read = ReadOptions()
        switch options.maxRejects ?? plan.limits.maxRejects {
        case .count(let count): read.rejectLimit = .count(count)
        case .share(let share): read.rejectLimit = .share(share)
        }
        read.isCancelled = options.checkpoint(source.path)
        read.onReject = { reject in
            notes.note(reject)
            try onReject(reject)
        }
        if let progress = options.progress {
            let total = source.byteCount
            read.onProgress = { statistics in
                progress(
                    Progress(
                        stage: "read", rowsDone: statistics.recordCount, bytesDone: statistics.byteCount,
                        bytesTotal: total))
            }
        }
        return read
    }
}
