internal import CKernels
internal import Tables

extension BlockParser {
    mutating func checkDomains() {
        for (column, request) in layout.requests.enumerated()
        where request.isRequired && builders[column].hasMissing
            || !builders[column].isWithin(request.minimum, request.maximum)
        {
            for row in 0..<builders[column].count {
                let value = builders[column].value(at: row)
                let isMissing = request.isRequired && value.isNaN
                if isMissing || value < request.minimum || value > request.maximum {
                    failures.append(
                        Failure(
                            row: row, field: layout.numberColumns[column], column: request.name,
                            reason: isMissing ? .missingValue : .outOfDomain))
                }
            }
        }
    }

    /// Finds the records whose bytes are not UTF-8, if any.
    mutating func rejectInvalidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) {
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

    mutating func firstRecord(of bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        if case .record(let next, _) = machine.scan(bytes, from: 0, isFinal: true) {
            return UnsafeBufferPointer(rebasing: bytes[..<next])
        }
        return bytes
    }

    mutating func finishBlock(
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
                identifiers: identifiers, columns: builders.map { $0.finished() },
                dates: dateBuilders.map { DateColumn(days: $0.days) },
                texts: textBuilders.map { TextKeyColumn(keys: $0.keys) }, labels: labelBuilders.map(\.column),
                recordStarts: rowStarts,
                identifiersRise: rise,
                fingerprints: fingerprints && !rise ? IdentifierFingerprints(identifiers) : nil,
                risen: fingerprints && rise ? RisenIdentifiers(identifiers) : nil),
            rejects: rejects, recordCount: recordCount, lineCount: lineCount, unfinishedFrom: unfinishedFrom,
            texts: textCells.map { TextTally($0) }, lacksFinalLineEnd: lacksFinalLineEnd)
    }

    /// Takes rows with a failed field out of the columns; each is rejected for the first of its fields that failed.
    mutating func dropFailedRows(_ bytes: UnsafeBufferPointer<UInt8>) {
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
        for column in dateBuilders.indices { dateBuilders[column].remove(where: isRejected) }
        for column in textBuilders.indices { textBuilders[column].remove(where: isRejected) }
        for column in labelBuilders.indices { labelBuilders[column].remove(where: isRejected) }
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
    mutating func placedRejects(_ bytes: UnsafeBufferPointer<UInt8>) -> [RejectedRecord] {
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
