internal import CKernels
internal import Tables

/// The accepted rows of one block.
struct RowColumns: Sendable {
    var identifiers: Identifiers
    var columns: [NumberColumn]
    /// Where each row's record starts in the block.
    var recordStarts: [UInt32]
    var identifiersRise: Bool
    /// The ids for comparison with those of other blocks; nil if rising ids may do without.
    var fingerprints: IdentifierFingerprints?
}

/// Turns the bytes of one block into columns.
///
/// The vector scan indexes runs of plain records; any other record goes through `RecordMachine` and joins the same
/// index, so the number parse sees one list of fields. Work goes in groups of records small enough that the index, the
/// text and the cells of a group stay in the first cache levels.
struct BlockParser {
    private let layout: TableLayout
    private let grammar: NumberGrammar
    private let fingerprints: Bool
    private var machine: RecordMachine
    private var builders: [ColumnBuilder]
    private let index: FieldIndex
    private var identifierBytes: [UInt8] = []
    private var identifierEnds: [UInt32] = []
    private var identifierByteCount = 0

    // The block in progress.
    private var rowStarts: [UInt32] = []
    private var failures: [Failure] = []
    private var rejectedRecords: [(start: Int, end: Int, reason: RejectReason, column: String?)] = []
    private var textCells: [TextCells] = []

    /// A row that was indexed and then failed in one of its fields.
    private struct Failure {
        var row: Int
        var field: Int
        var column: String
        var reason: RejectReason
    }

    /// - Parameter fingerprints: whether ids are prepared for comparison with all others.
    init(layout: TableLayout, fingerprints: Bool) {
        self.layout = layout
        grammar = NumberGrammar(layout.format.numbers, nullWords: layout.format.nullWords)
        self.fingerprints = fingerprints && layout.identifierColumn != nil
        machine = RecordMachine(
            delimiter: layout.format.delimiter, columnCount: layout.columnCount,
            fieldByteLimit: layout.format.fieldByteLimit)
        builders = Array(repeating: ColumnBuilder(), count: layout.requests.count)
        index = FieldIndex(columnCount: layout.columnCount)
    }

    /// Parses a block that starts at a record's start.
    ///
    /// - Parameters:
    ///   - bytes: readable 64 bytes beyond both ends; less than 4 GiB.
    ///   - isFinal: the input ends with this block.
    ///   - firstLine, firstRecord, byteOffset: the place of the block's first byte, for rejects; 0-based counts of
    ///     lines, records and bytes before it.
    mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>, isFinal: Bool) -> ParsedBlock {
        startBlock()
        var at = 0
        var lineCount = 0
        var unfinishedFrom: Int?
        var lacksFinalLineEnd = false
        var sawHighByte = false
        var groupCount = 0
        var commentCount = 0
        // Where the next comment line starts, unless it is inside quotes: the scan goes no further.
        var plainEnd = layout.format.commentByte == nil ? bytes.count : 0
        scan: while at < bytes.count {
            if let mark = layout.format.commentByte, at >= plainEnd {
                plainEnd = CommentLines.next(mark, in: bytes, from: at)
                if plainEnd == at {
                    guard let next = CommentLines.end(of: bytes, from: at, isFinal: isFinal) else {
                        unfinishedFrom = at
                        break scan
                    }
                    at = next
                    lineCount += 1
                    commentCount += 1
                    continue
                }
            }
            let run = index.scan(
                UnsafeBufferPointer(rebasing: bytes[..<plainEnd]), from: at, layout.format, behind: groupCount)
            sawHighByte = sawHighByte || run.high != 0
            groupCount += Int(run.count)
            lineCount += Int(run.count)
            at = run.next
            if groupCount == index.capacity {
                convert(bytes, count: groupCount)
                groupCount = 0
                continue
            }
            if at >= bytes.count { break }
            if at == plainEnd { continue }
            // Not plain, or the end of the block's complete records.
            let start = at
            switch machine.scan(bytes, from: at, isFinal: isFinal) {
            case .record(let next, let recordLines):
                index.append(start: start, ends: machine.ends, at: groupCount)
                groupCount += 1
                lineCount += recordLines
                lacksFinalLineEnd = next == bytes.count && machine.ends.last == next
                at = next
                sawHighByte = true  // not looked at; the check below settles it
            case .empty(let next):
                lineCount += 1
                at = next
            case .rejected(let reason, let end, let next):
                rejectedRecords.append((start, end, reason, nil))
                lineCount += 1
                at = next
                sawHighByte = true
            case .incomplete, .openQuote:
                unfinishedFrom = start
                break scan
            }
            if groupCount == index.capacity {
                convert(bytes, count: groupCount)
                groupCount = 0
            }
        }
        if groupCount > 0 { convert(bytes, count: groupCount) }
        let consumed = unfinishedFrom ?? bytes.count
        if sawHighByte { rejectInvalidUTF8(UnsafeBufferPointer(rebasing: bytes[..<consumed])) }
        checkDomains()
        var parsed = finishBlock(
            bytes, lineCount: lineCount, unfinishedFrom: unfinishedFrom, lacksFinalLineEnd: lacksFinalLineEnd)
        parsed.commentCount = commentCount
        return parsed
    }

    private mutating func startBlock() {
        for column in builders.indices { builders[column].removeAll() }
        rowStarts.removeAll(keepingCapacity: true)
        failures.removeAll(keepingCapacity: true)
        rejectedRecords.removeAll(keepingCapacity: true)
        identifierEnds.removeAll(keepingCapacity: true)
        identifierByteCount = 0
        textCells = Array(repeating: TextCells(), count: builders.count)
    }

    /// Reads the fields of the indexed group into the builders.
    private mutating func convert(_ bytes: UnsafeBufferPointer<UInt8>, count: Int) {
        let firstRow = rowStarts.count
        rowStarts.append(contentsOf: UnsafeBufferPointer(start: index.fields.starts, count: count))
        for (column, field) in layout.numberColumns.enumerated() {
            let exceptionCount = builders[column].append(
                bytes, index, field: field, recordCount: count, grammar)
            for position in 0..<exceptionCount {
                let record = Int(index.exceptions[position])
                let number = parseNumber(bytes, record: record, field: field)
                if case .rejected(let reason) = number {
                    let request = layout.requests[column]
                    if request.strictness == .countAsText {
                        let cell = UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: field)])
                        textCells[column].append(cell, row: firstRow + record)
                    } else {
                        failures.append(
                            Failure(row: firstRow + record, field: field, column: request.name, reason: reason))
                    }
                }
                builders[column].set(number, at: firstRow + record)
            }
        }
        copyIdentifiers(bytes, count: count, firstRow: firstRow)
    }

    private func parseNumber(_ bytes: UnsafeBufferPointer<UInt8>, record: Int, field: Int) -> NumberText {
        let text = UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: field)])
        if text.first == UInt8(ascii: "\"") {
            return Self.unquoted(text).withUnsafeBufferPointer {
                NumberText.parse($0, grammar)
            }
        }
        return NumberText.parse(text, grammar)
    }

    /// The content of a quoted field: the outer quotes off, two quotes for one.
    static func unquoted(_ field: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(field.count)
        var at = 1
        while at < field.count - 1 {
            content.append(field[at])
            at += field[at] == UInt8(ascii: "\"") ? 2 : 1
        }
        return content
    }

    private mutating func copyIdentifiers(_ bytes: UnsafeBufferPointer<UInt8>, count: Int, firstRow: Int) {
        guard let field = layout.identifierColumn else {
            identifierEnds.append(contentsOf: repeatElement(0, count: count))
            return
        }
        // The kernel may write 16 bytes past the ids; a group's ids are no longer than its text.
        let groupByteCount = index.range(record: count - 1, field: field).upperBound - Int(index.fields.starts[0])
        let needed = identifierByteCount + groupByteCount + 16
        if identifierBytes.count < needed {
            identifierBytes.append(
                contentsOf: repeatElement(0, count: max(needed - identifierBytes.count, identifierBytes.count)))
        }
        identifierEnds.append(contentsOf: repeatElement(0, count: count))
        let base = identifierByteCount
        let exceptionCount = identifierBytes.withUnsafeMutableBufferPointer { copy in
            identifierEnds.withUnsafeMutableBufferPointer { [index] copyEnds in
                // SAFETY: room was made above for the ids, their ends and as many exceptions.
                stratum_csv_copy_column(
                    bytes.baseAddress!, index.fields, UInt32(index.columnCount), UInt32(field), UInt32(count),
                    copy.baseAddress!, UInt32(base), copyEnds.baseAddress! + firstRow, index.exceptions)
            }
        }
        identifierByteCount = Int(identifierEnds[firstRow + count - 1])
        if exceptionCount > 0 { mendIdentifiers(bytes, count: count, firstRow: firstRow, base: base) }
    }

    /// Copies the group's ids again, field by field: some are quoted or empty.
    private mutating func mendIdentifiers(
        _ bytes: UnsafeBufferPointer<UInt8>, count: Int, firstRow: Int, base: Int
    ) {
        guard let field = layout.identifierColumn else { return }
        var at = base
        for record in 0..<count {
            let text = UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: field)])
            let isQuoted = text.first == UInt8(ascii: "\"")
            let content = isQuoted ? Self.unquoted(text) : Array(text)
            if content.isEmpty {
                failures.append(
                    Failure(
                        row: firstRow + record, field: field, column: layout.identifierName, reason: .missingID))
            }
            for byte in content {
                identifierBytes[at] = byte
                at += 1
            }
            identifierEnds[firstRow + record] = UInt32(at)
        }
        identifierByteCount = at
    }

    private mutating func checkDomains() {
        for (column, request) in layout.requests.enumerated()
        where request.minimum > -.infinity || request.maximum < .infinity {
            for row in 0..<builders[column].count {
                let value = builders[column].value(at: row)
                if value < request.minimum || value > request.maximum {
                    failures.append(
                        Failure(
                            row: row, field: layout.numberColumns[column], column: request.name,
                            reason: .outOfDomain))
                }
            }
        }
    }

    /// Finds the records whose bytes are not UTF-8, if any.
    private mutating func rejectInvalidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !UTF8Check.isValid(bytes) else { return }
        let bounds = rowStarts.map(Int.init) + [bytes.count]
        for row in rowStarts.indices {
            // The bytes up to the next row may hold rejected lines too: cut at this row's own end.
            let record = UnsafeBufferPointer(rebasing: bytes[bounds[row]..<bounds[row + 1]])
            if !UTF8Check.isValid(record), !UTF8Check.isValid(firstRecord(of: record)) {
                failures.append(Failure(row: row, field: -1, column: "", reason: .invalidUTF8))
            }
        }
    }

    private mutating func firstRecord(of bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        if case .record(let next, _) = machine.scan(bytes, from: 0, isFinal: true) {
            return UnsafeBufferPointer(rebasing: bytes[..<next])
        }
        return bytes
    }

    private mutating func finishBlock(
        _ bytes: UnsafeBufferPointer<UInt8>, lineCount: Int, unfinishedFrom: Int?, lacksFinalLineEnd: Bool
    ) -> ParsedBlock {
        let indexedCount = rowStarts.count
        let recordCount = indexedCount + rejectedRecords.count
        if !failures.isEmpty { dropFailedRows(bytes) }
        let rejects = rejectedRecords.isEmpty ? [] : placedRejects(bytes)
        let identifiers = Identifiers(
            bytes: Array(identifierBytes[..<identifierByteCount]), ends: identifierEnds)
        let rise =
            layout.identifierColumn == nil
            || identifierBytes.withUnsafeBufferPointer { ids in
                identifierEnds.withUnsafeBufferPointer { ends in
                    // SAFETY: the id buffer holds at least 16 bytes beyond the last id.
                    ends.count < 2 || stratum_ids_rise(ids.baseAddress!, ends.baseAddress!, ends.count) != 0
                }
            }
        return ParsedBlock(
            batch: RowColumns(
                identifiers: identifiers, columns: builders.map { $0.finished() }, recordStarts: rowStarts,
                identifiersRise: rise,
                fingerprints: fingerprints ? IdentifierFingerprints(identifiers) : nil),
            rejects: rejects, recordCount: recordCount, lineCount: lineCount, unfinishedFrom: unfinishedFrom,
            texts: textCells.map { TextTally($0) }, lacksFinalLineEnd: lacksFinalLineEnd)
    }

    /// Takes rows with a failed field out of the columns; each is rejected for the first of its fields that failed.
    private mutating func dropFailedRows(_ bytes: UnsafeBufferPointer<UInt8>) {
        failures.sort { ($0.row, $0.field) < ($1.row, $1.field) }
        var isRejected = Array(repeating: false, count: rowStarts.count)
        for failure in failures where !isRejected[failure.row] {
            isRejected[failure.row] = true
            let start = Int(rowStarts[failure.row])
            rejectedRecords.append(
                (
                    start, recordEnd(bytes, from: start), failure.reason,
                    failure.column.isEmpty ? nil : failure.column
                ))
        }
        for column in builders.indices { builders[column].remove(where: isRejected) }
        for column in textCells.indices { textCells[column].remove(where: isRejected) }
        var kept = 0
        var byteCount = 0
        var start = 0
        for row in rowStarts.indices {
            let end = Int(identifierEnds[row])
            if !isRejected[row] {
                for index in start..<end {
                    identifierBytes[byteCount] = identifierBytes[index]
                    byteCount += 1
                }
                identifierEnds[kept] = UInt32(byteCount)
                rowStarts[kept] = rowStarts[row]
                kept += 1
            }
            start = end
        }
        rowStarts.removeLast(rowStarts.count - kept)
        identifierEnds.removeLast(identifierEnds.count - kept)
        identifierByteCount = byteCount
    }

    /// Where the record at `start` ends, its line end left out.
    mutating func recordEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        if case .record = machine.scan(bytes, from: start, isFinal: true), let end = machine.ends.last { return end }
        return start
    }

    /// The block's rejects in order, with lines and records counted from the block's start.
    private mutating func placedRejects(_ bytes: UnsafeBufferPointer<UInt8>) -> [RejectedRecord] {
        rejectedRecords.sort { $0.start < $1.start }
        var places = LineCounter(bytes: bytes)
        var row = 0
        return rejectedRecords.enumerated().map { position, reject in
            while row < rowStarts.count, Int(rowStarts[row]) < reject.start { row += 1 }
            return RejectedRecord(
                line: places.lineEnds(before: reject.start), record: row + position, byteOffset: reject.start,
                column: reject.column, reason: reject.reason,
                raw: Array(bytes[reject.start..<min(reject.end, reject.start + 4096)]))
        }
    }
}

/// Counts line ends of a block up to rising offsets, each byte once.
struct LineCounter {
    let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private var count = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Line ends (LF, CRLF, CR) that lie wholly before `offset`; offsets do not fall from call to call.
    mutating func lineEnds(before offset: Int) -> Int {
        while at < offset {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\n") {
                count += 1
            } else if byte == UInt8(ascii: "\r"), !(at < bytes.count && bytes[at] == UInt8(ascii: "\n")) {
                count += 1
            }
        }
        return count
    }
}
