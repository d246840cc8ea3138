internal import CKernels
internal import Tables

/// The accepted rows of one block.
struct RowColumns: Sendable {
    var identifiers: Identifiers
    var columns: [NumberColumn]
    var dates: [DateColumn]
    var texts: [TextKeyColumn]
    var labels: [LabelColumn]
    /// Where each row's record starts in the block.
    var recordStarts: [UInt32]
    var identifiersRise: Bool
    /// The ids for comparison with those of other blocks; nil if they rise, and may do without.
    var fingerprints: IdentifierFingerprints?
    /// Ids that rise, for the case that a later one does not; nil if the caller keeps them anyway.
    var risen: RisenIdentifiers?
}

/// Turns the bytes of one block into columns.
///
/// The vector scan indexes runs of plain records; any other record goes through `RecordMachine` and joins the same
/// index, so the number parse sees one list of fields. Work goes in groups of records small enough that the index, the
/// text and the cells of a group stay in the first cache levels.
struct BlockParser {
    let layout: TableLayout
    let grammar: NumberGrammar
    let fingerprints: Bool
    var machine: RecordMachine
    var builders: [ColumnBuilder]
    var dateBuilders: [DateBuilder]
    var textBuilders: [TextKeyBuilder]
    var labelBuilders: [LabelBuilder]
    let index: FieldIndex
    var identifierBytes: [UInt8] = []
    var identifierEnds: [UInt32] = []
    var identifierByteCount = 0

    // The block in progress.
    var rowStarts: [UInt32] = []
    var failures: [Failure] = []
    var rejectedRecords: [(start: Int, end: Int, reason: RejectReason, column: String?)] = []
    var textCells: [TextCells] = []

    /// A row that was indexed and then failed in one of its fields.
    struct Failure {
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
        dateBuilders = layout.dates.map { DateBuilder($0.request.form) }
        textBuilders = Array(repeating: TextKeyBuilder(), count: layout.textColumns.count)
        labelBuilders = layout.labelColumns.map { _ in LabelBuilder(nullWords: layout.format.nullWords) }
        index = FieldIndex(columnCount: layout.columnCount)
    }

    /// Parses a block that starts at a record's start.
    ///
    /// - Parameters:
    ///   - bytes: readable 64 bytes beyond both ends; less than 4 GiB.
    ///   - isFinal: the input ends with this block.
    /// - Returns: places of rejects count from the block's first byte, record and line, from 0.
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
                // The rest of a run of empty lines, which would cost a scan each.
                while at < bytes.count, bytes[at] == UInt8(ascii: "\n") {
                    lineCount += 1
                    at += 1
                }
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

    mutating func startBlock() {
        for column in builders.indices { builders[column].removeAll() }
        for column in dateBuilders.indices { dateBuilders[column].removeAll() }
        for column in textBuilders.indices { textBuilders[column].removeAll() }
        for column in labelBuilders.indices { labelBuilders[column].removeAll() }
        rowStarts.removeAll(keepingCapacity: true)
        failures.removeAll(keepingCapacity: true)
        rejectedRecords.removeAll(keepingCapacity: true)
        identifierEnds.removeAll(keepingCapacity: true)
        identifierByteCount = 0
        textCells = Array(repeating: TextCells(), count: builders.count)
    }
}
