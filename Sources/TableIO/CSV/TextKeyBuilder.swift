internal import CXXHash

/// The keys of the texts of one column of the block being parsed: XXH3 of the bytes in the field, blanks included.
struct TextKeyBuilder {
    private(set) var keys: [UInt64] = []

    mutating func removeAll() { keys.removeAll(keepingCapacity: true) }

    /// Adds the texts of one field of the indexed records.
    mutating func append(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: FieldIndex, field: Int, recordCount: Int
    ) {
        for record in 0..<recordCount {
            let text = UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: field)])
            let isQuoted = text.first == UInt8(ascii: "\"")
            keys.append(
                isQuoted
                    ? BlockParser.unquoted(text).withUnsafeBufferPointer { TextKey.key(of: $0) } : TextKey.key(of: text))
        }
    }

    /// Keeps the rows whose flag is false, in order.
    mutating func remove(where isRejected: [Bool]) {
        var kept = 0
        for row in keys.indices where !isRejected[row] {
            keys[kept] = keys[row]
            kept += 1
        }
        keys.removeLast(keys.count - kept)
    }
}

/// The keys that stand for texts.
public enum TextKey {
    /// The key of a text, to look for it among those of a column.
    public static func key(of text: String) -> UInt64 {
        Array(text.utf8).withUnsafeBufferPointer { key(of: $0) }
    }

    static func key(of text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let start = text.baseAddress, text.count > 0 else { return 0 }
        // SAFETY: the function reads `count` bytes from the start. 0 is kept for the empty text.
        return max(1, XXH3_64bits(start, text.count))
    }
}
