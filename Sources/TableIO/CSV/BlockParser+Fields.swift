internal import CKernels
internal import Tables

extension BlockParser {
    /// Reads the fields of the indexed group into the builders.
    mutating func convert(_ bytes: UnsafeBufferPointer<UInt8>, count: Int) {
        let firstRow = rowStarts.count
        rowStarts.append(contentsOf: UnsafeBufferPointer(start: index.fields.starts, count: count))
        for (column, field) in layout.numberColumns.enumerated() {
            if let words = layout.requests[column].words {
                convertWords(bytes, words, column: column, count: count, firstRow: firstRow)
                continue
            }
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
        convertDates(bytes, count: count, firstRow: firstRow)
        for (column, field) in layout.textColumns.enumerated() {
            textBuilders[column].append(bytes, index, field: field, recordCount: count)
        }
        copyIdentifiers(bytes, count: count, firstRow: firstRow)
    }

    func parseNumber(_ bytes: UnsafeBufferPointer<UInt8>, record: Int, field: Int) -> NumberText {
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

    mutating func copyIdentifiers(_ bytes: UnsafeBufferPointer<UInt8>, count: Int, firstRow: Int) {
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
    mutating func mendIdentifiers(
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
}
