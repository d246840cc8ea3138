/// Numbers in the fewest digits that read back as the same binary64 (at most 17), for models and summaries.
public enum ShortestDecimal {
    /// Bytes of room that `write` needs.
    public static let maximumByteCount = 32

    /// Writes the finite `value` at `start`, which has room for `maximumByteCount` bytes; returns the end of the text.
    ///
    /// The text is a JSON number and a CSV number: `57`, `0.1`, `-1e-07`. Zero has no sign.
    public static func write(_ value: Double, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        precondition(value.isFinite, "\(value) has no decimal text")
        if value.magnitude < 0x1p53, let integer = Int(exactly: value) {
            return DecimalInteger.write(integer, to: start)
        }
        var text = value.description
        return text.withUTF8 { bytes in
            // SAFETY: the shortest text of a binary64 has at most 24 bytes.
            start.update(from: bytes.baseAddress!, count: bytes.count)
            return start + bytes.count
        }
    }

    /// The text of the finite `value`.
    public static func text(_ value: Double) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumByteCount) { room in
            let start = room.baseAddress!
            let end = write(value, to: start)
            return String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
        }
    }
}
