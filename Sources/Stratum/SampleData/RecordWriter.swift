/// Writes CSV records of whole and decimal numbers, digit by digit, into bytes reserved once.
///
/// The bytes come as a span with every call, so that an array behind it is checked for sharing once, not at every digit.
struct RecordWriter {
    /// Bytes written so far.
    private(set) var count = 0

    /// `C` and nine digits: the first field of a record.
    mutating func append(id: Int, to bytes: inout MutableSpan<UInt8>) {
        put(UInt8(ascii: "C"), in: &bytes)
        putDigits(UInt32(id), 9, in: &bytes)
    }

    /// A comma and `scaled / 10^decimals` with exactly so many decimals.
    ///
    /// - Parameters:
    ///   - scaled: at most 2^32 - 1 in magnitude.
    ///   - decimals: 0, 2 or 4.
    mutating func append(_ scaled: Int, decimals: Int, to bytes: inout MutableSpan<UInt8>) {
        put(UInt8(ascii: ","), in: &bytes)
        if scaled < 0 { put(UInt8(ascii: "-"), in: &bytes) }
        let digits = UInt32(scaled.magnitude)
        if decimals == 0 {
            putDigits(digits, digitCount(digits), in: &bytes)
        } else {
            let unit: UInt32 = decimals == 2 ? 100 : 10_000
            let whole = digits / unit
            putDigits(whole, digitCount(whole), in: &bytes)
            put(UInt8(ascii: "."), in: &bytes)
            putDigits(digits - whole * unit, decimals, in: &bytes)
        }
    }

    /// A comma: an empty field.
    mutating func appendEmpty(to bytes: inout MutableSpan<UInt8>) { put(UInt8(ascii: ","), in: &bytes) }

    /// The end of the record.
    mutating func endRecord(in bytes: inout MutableSpan<UInt8>) { put(UInt8(ascii: "\n"), in: &bytes) }

    private mutating func put(_ byte: UInt8, in bytes: inout MutableSpan<UInt8>) {
        bytes[count] = byte
        count += 1
    }

    private mutating func putDigits(_ value: UInt32, _ digits: Int, in bytes: inout MutableSpan<UInt8>) {
        var rest = value
        var place = count + digits - 1
        while place >= count {
            let tenth = rest / 10
            bytes[place] = UInt8(truncatingIfNeeded: 0x30 + rest - tenth * 10)
            rest = tenth
            place -= 1
        }
        count += digits
    }
}

private func digitCount(_ value: UInt32) -> Int {
    var count = 1
    var limit: UInt64 = 10
    while UInt64(value) >= limit {
        count += 1
        limit *= 10
    }
    return count
}
