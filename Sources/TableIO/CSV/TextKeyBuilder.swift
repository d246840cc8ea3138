internal import CKernels
internal import CXXHash

/// The keys of the texts of one column of the block being parsed: XXH3 of the bytes in the field, blanks included.
struct TextKeyBuilder {
    private(set) var keys: [UInt64] = []

    mutating func removeAll() { keys.removeAll(keepingCapacity: true) }

    /// Adds the texts of one field of the indexed records.
    mutating func append(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: FieldIndex, field: Int, recordCount: Int
    ) {
        let fields = index.fields
        let columnCount = index.columnCount
        let first = keys.count
        keys.append(contentsOf: repeatElement(0, count: recordCount))
        keys.withUnsafeMutableBufferPointer { keys in
            for record in 0..<recordCount {
                // SAFETY: record and field are those of an indexed group.
                let ends = fields.ends + (record * columnCount + field)
                let start = Int(field == 0 ? fields.starts[record] : ends[-1] + 1)
                let range = start..<Int(ends[0])
                keys[first + record] = TextKey.key(ofFieldIn: bytes, range, mayBeQuoted: fields.quoted != 0)
            }
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

    /// A text of at most eight bytes is told by these alone, put through the finalizer of MurmurHash3, which is one to
    /// one, so such texts never meet; of a longer one it is XXH3.
    @inline(__always)
    static func key(of text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let start = text.baseAddress, text.count > 0 else { return 0 }
        guard text.count <= 8 else {
            // SAFETY: the function reads `count` bytes from the start. 0 is kept for the empty text.
            return max(1, XXH3_64bits(start, text.count))
        }
        // No text has a NUL, so the word tells its length too, and is not 0.
        var word: UInt64 = 0
        for (place, byte) in text.enumerated() { word |= UInt64(byte) &<< UInt64(8 * place) }
        return mixed(word)
    }

    @inline(__always)
    private static func mixed(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ (word &>> 33)) &* 0xff51_afd7_ed55_8ccd
        word = (word ^ (word &>> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return word ^ (word &>> 33)
    }

    /// As `key(of:)` for a field of a block, which is readable beyond its end.
    @inline(__always)
    static func key(
        ofFieldIn bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, mayBeQuoted: Bool
    ) -> UInt64 {
        if mayBeQuoted, bytes[range].first == UInt8(ascii: "\"") {
            let content = BlockParser.unquoted(UnsafeBufferPointer(rebasing: bytes[range]))
            return content.withUnsafeBufferPointer { key(of: $0) }
        }
        guard range.count <= 8, !range.isEmpty else {
            return key(of: UnsafeBufferPointer(rebasing: bytes[range]))
        }
        // SAFETY: blocks are readable 64 bytes beyond their end.
        let word = UInt64(
            littleEndian: UnsafeRawPointer(bytes.baseAddress! + range.lowerBound).loadUnaligned(as: UInt64.self))
        return mixed(word & (UInt64.max &>> UInt64(64 - 8 * range.count)))
    }
}
