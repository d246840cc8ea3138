extension BlockParser {
    /// Reads the fields of a column of words in the indexed group.
    mutating func convertWords(
        _ bytes: UnsafeBufferPointer<UInt8>, _ words: WordTable, column: Int, count: Int, firstRow: Int
    ) {
        let field = layout.numberColumns[column]
        let exceptionCount = builders[column].append(bytes, index, field: field, recordCount: count, words)
        for position in 0..<exceptionCount {
            let record = Int(index.exceptions[position])
            let text = UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: field)])
            let value =
                text.first == UInt8(ascii: "\"")
                ? Self.unquoted(text).withUnsafeBufferPointer { words.value($0, grammar) }
                : words.value(text, grammar)
            if case .rejected(let reason) = value {
                failures.append(
                    Failure(row: firstRow + record, field: field, column: layout.requests[column].name, reason: reason))
            }
            builders[column].set(value, at: firstRow + record)
        }
    }
}
