internal import Tables

/// A block's bytes and what a worker made of them.
struct ParsedInput: Sendable {
    var block: RawBlock
    var buffer: BlockBuffer
    var parsed: ParsedBlock
}

/// The place where order returns: takes parsed blocks in input order and makes one table of them.
///
/// Checks each block's guess (that it starts at a record's start) against the end of the block before it and parses
/// again what was guessed wrong; finds ids that were seen before; turns places in a block into places in the input.
final class Admission {
    /// What is known of an input before its records are read.
    struct Input: Sendable {
        var path: String
        var layout: TableLayout
        var header: HeaderReader.Header
        /// The bytes up to the end of the header.
        var head: [UInt8]
        var encoding: TextEncoding
    }

    private let options: ReadOptions
    private let inputs: [Input]
    /// The number of the input that the next block is of, unless a later one begins.
    private var current = 0
    private var parser: BlockParser
    /// Over the bytes of the current input.
    private var hash = XXH3()
    /// Over those of all inputs so far; not used for a single one.
    private var totalHash = XXH3()

    /// The start of a record that its block did not finish.
    private var unfinished: (buffer: BlockBuffer, offset: Int)?
    private var lineCount = 0
    private(set) var statistics: ReadStatistics

    private let identifierSet: IdentifierSet
    /// While ids rise from the first row on, their order proves that none repeats, and the set is left empty. These are
    /// all ids so far for the case that one does not rise; nil when they are in the set.
    private var risen: [EarlierIdentifiers]? = []
    private var lastIdentifier: ArraySlice<UInt8> = []
    /// For each column its texts so far, where they are counted exactly.
    private var textSets: [Int: IdentifierSet] = [:]

    private enum EarlierIdentifiers {
        /// Kept by the caller anyway.
        case whole(Identifiers)
        case packed(RisenIdentifiers)
    }

    /// - Parameter inputs: one or more.
    init(_ inputs: [Input], options: ReadOptions) {
        identifierSet = IdentifierSet(path: inputs[0].path)
        self.inputs = inputs
        self.options = options
        parser = BlockParser(layout: inputs[0].layout, fingerprints: false)
        statistics = ReadStatistics(
            texts: Array(repeating: TextStatistics(), count: inputs[0].layout.requests.count),
            inputs: inputs.map { input in
                var statistics = InputStatistics(path: input.path)
                statistics.byteCount = input.header.end
                statistics.lineCount = input.header.lineCount
                statistics.commentCount = input.header.commentCount
                statistics.pickedDelimiter = input.header.delimiterIsPicked ? input.header.delimiter : nil
                statistics.encoding = input.encoding
                return statistics
            })
        begin()
    }

    private var path: String { inputs[current].path }
    private var layout: TableLayout { inputs[current].layout }

    /// Gets ready for the blocks of the current input.
    private func begin() {
        hash = XXH3()
        let head = inputs[current].head
        update(head)
        lineCount = inputs[current].header.lineCount
        if current > 0 { parser = BlockParser(layout: layout, fingerprints: false) }
    }

    private func update(_ bytes: some Collection<UInt8>) {
        _ = bytes.withContiguousStorageIfAvailable { bytes in
            hash.update(UnsafeRawBufferPointer(bytes))
            if inputs.count > 1 { totalHash.update(UnsafeRawBufferPointer(bytes)) }
        }
    }

    /// Takes the next block, nil after the last, and returns its rows.
    func admit(_ input: ParsedInput?) throws -> [Batch] {
        var batches: [Batch] = []
        while current < input?.block.input ?? inputs.count {
            batches += try finish()
            statistics.inputs[current].contentChecksum = hash.value
            guard current + 1 < inputs.count else { break }
            current += 1
            begin()
        }
        guard let input else {
            statistics.contentChecksum = inputs.count > 1 ? totalHash.value : hash.value
            return batches
        }
        return try batches + admitBlock(input)
    }

    private func admitBlock(_ input: ParsedInput) throws -> [Batch] {
        update(input.buffer.bytes)
        statistics.inputs[current].byteCount = input.block.offset + input.block.byteCount
        if let rest = unfinished {
            // The guess was wrong: the block starts inside a record.
            unfinished = nil
            rest.buffer.append(input.buffer.bytes)
            let parsed = parser.parse(rest.buffer.bytes, isFinal: false)
            return try accept(parsed, bytes: rest.buffer.bytes, offset: rest.offset)
        }
        return try accept(input.parsed, bytes: input.buffer.bytes, offset: input.block.offset)
    }

    /// What no block finished, at the end of the current input.
    private func finish() throws -> [Batch] {
        guard let rest = unfinished else { return [] }
        unfinished = nil
        let parsed = parser.parse(rest.buffer.bytes, isFinal: true)
        let batches = try accept(parsed, bytes: rest.buffer.bytes, offset: rest.offset)
        if let open = unfinished {
            throw TableIOError(.openQuote, path: path, line: lineCount + 1, byteOffset: open.offset)
        }
        return batches
    }

    private func accept(
        _ parsed: ParsedBlock, bytes: UnsafeBufferPointer<UInt8>, offset: Int
    ) throws -> [Batch] {
        if let start = parsed.unfinishedFrom {
            let rest = BlockBuffer(capacity: bytes.count - start + options.blockByteCount)
            rest.append(UnsafeBufferPointer(rebasing: bytes[start...]))
            unfinished = (rest, offset + start)
        }
        var rejects = parsed.rejects
        var batch = Batch(
            identifiers: parsed.batch.identifiers, columns: parsed.batch.columns, dates: parsed.batch.dates,
            texts: parsed.batch.texts, labels: parsed.batch.labels)
        let mayRepeat = layout.identifierColumn == nil || options.allowsRepeatedIdentifiers
        let repeated = mayRepeat ? [] : try repeatedRows(of: parsed.batch)
        if !repeated.isEmpty {
            rejects = merged(rejects, duplicates: repeated, of: parsed, bytes: bytes)
            var isRepeated = Array(repeating: false, count: batch.rowCount)
            for row in repeated { isRepeated[row] = true }
            batch = batch.selecting((0..<batch.rowCount).filter { !isRepeated[$0] })
        }
        for var reject in rejects {
            reject.line += lineCount + 1
            reject.record += statistics.inputs[current].recordCount + 1
            reject.byteOffset += offset
            reject.input = current
            count(reject)
            try options.onReject(reject)
        }
        statistics.recordCount += parsed.recordCount
        statistics.acceptedCount += batch.rowCount
        for column in parsed.texts.indices where parsed.texts[column].count > 0 {
            statistics.texts[column].update(parsed.texts[column])
            if options.tellsTextsApart { try countTexts(parsed.texts[column], ofColumn: column) }
        }
        lineCount += parsed.lineCount
        statistics.inputs[current].recordCount += parsed.recordCount
        statistics.inputs[current].acceptedCount += batch.rowCount
        statistics.inputs[current].commentCount += parsed.commentCount
        statistics.inputs[current].lineCount = lineCount
        if parsed.lacksFinalLineEnd { statistics.inputs[current].lacksFinalLineEnd = true }
        if case .count(let limit) = options.rejectLimit, statistics.rejectedCount > limit {
            throw tooManyRejects("more than \(limit)")
        }
        options.onProgress(statistics)
        return batch.rowCount == 0 ? [] : [batch]
    }

    private func count(_ reject: RejectedRecord) {
        statistics.rejectCounts[reject.reason, default: 0] += 1
        let earlier = statistics.inputs[current].rejectCounts[reject.reason, default: 0]
        statistics.inputs[current].rejectCounts[reject.reason] = earlier + 1
        if reject.reason == .invalidUTF8, earlier == 0, inputs[current].encoding == .utf8 {
            let isGB18030 = reject.raw.withUnsafeBufferPointer { TextEncoding.gb18030.canDecode($0) }
            statistics.inputs[current].looksLikeGB18030 = isGB18030
        }
    }

    /// Checks the number of all records.
    func checkRecordCount() throws {
        guard let expected = options.expectedRecordCount, expected != statistics.recordCount else { return }
        throw TableIOError(
            .rowCountMismatch, path: allPaths, detail: "\(statistics.recordCount) records, \(expected) expected")
    }

    /// The inputs in a message.
    private var allPaths: String {
        inputs.count == 1 ? inputs[0].path : "\(inputs[0].path) and \(inputs.count - 1) more"
    }

    /// Checks a limit that is a share of all records.
    func checkRejectShare() throws {
        guard case .share(let share) = options.rejectLimit else { return }
        guard Double(statistics.rejectedCount) > share * Double(statistics.recordCount) else { return }
        throw tooManyRejects(
            "\(statistics.rejectedCount) of \(statistics.recordCount) records, allowed \(share * 100) %")
    }

    private func tooManyRejects(_ detail: String) -> TableIOError {
        let reasons = RejectReason.allCases.compactMap { reason in
            statistics.rejectCounts[reason].map { "\(reason.rawValue) \($0)" }
        }
        var text = detail + ": " + reasons.joined(separator: ", ")
        if let input = statistics.inputs.first(where: \.looksLikeGB18030) {
            text += "; \(input.path) reads as GB18030: try --encoding gb18030"
        }
        if statistics.rejectCounts[.ambiguousDate] != nil {
            text += "; a date such as 2/1/2010 is not guessed: give --date-format day-first or month-first"
        }
        return TableIOError(.tooManyRejects, path: allPaths, detail: text)
    }

    private func countTexts(_ texts: TextTally, ofColumn column: Int) throws {
        let set = textSets[column] ?? IdentifierSet(path: path)
        textSets[column] = set
        let repeatedCount = try set.insert(texts.fingerprints).count
        statistics.texts[column].exactDistinctCount =
            (statistics.texts[column].exactDistinctCount ?? 0) + texts.count - repeatedCount
    }

    // Ids that were seen before

    private func repeatedRows(of rows: RowColumns) throws -> [Int] {
        let identifiers = rows.identifiers
        guard identifiers.count > 0 else { return [] }
        if let earlier = risen {
            let isFirst = earlier.isEmpty
            if rows.identifiersRise, isFirst || lastIdentifier.lexicographicallyPrecedes(identifiers[0]) {
                risen?.append(
                    options.keepsIdentifiers
                        ? .whole(identifiers) : .packed(rows.risen ?? RisenIdentifiers(identifiers)))
                lastIdentifier = identifiers[identifiers.count - 1]
                return []
            }
            try fillSet()
        }
        return try identifierSet.insert(rows.fingerprints ?? IdentifierFingerprints(identifiers))
    }

    /// Moves the ids that rose to the set, batch by batch, so that they are never there twice.
    private func fillSet() throws {
        var earlier = risen ?? []
        risen = nil
        for batch in earlier.indices {
            switch earlier[batch] {
            case .whole(let identifiers): _ = try identifierSet.insert(IdentifierFingerprints(identifiers))
            case .packed(let identifiers): _ = try identifierSet.insert(identifiers.fingerprints)
            }
            earlier[batch] = .whole(Identifiers(bytes: [], ends: []))
        }
    }

    /// The rejects of a block with those of its repeated ids among them, in order of place.
    private func merged(
        _ rejects: [RejectedRecord], duplicates rows: [Int], of parsed: ParsedBlock, bytes: UnsafeBufferPointer<UInt8>
    ) -> [RejectedRecord] {
        var places = LineCounter(bytes: bytes)
        var earlier = 0
        let duplicates = rows.map { row -> RejectedRecord in
            let start = Int(parsed.batch.recordStarts[row])
            while earlier < rejects.count, rejects[earlier].byteOffset < start { earlier += 1 }
            let end = parser.recordEnd(bytes, from: start)
            return RejectedRecord(
                line: places.lineEnds(before: start), record: row + earlier, byteOffset: start,
                column: layout.identifierName, reason: .duplicateID,
                raw: Array(bytes[start..<min(end, start + 4096)]))
        }
        return (rejects + duplicates).sorted { $0.byteOffset < $1.byteOffset }
    }
}
