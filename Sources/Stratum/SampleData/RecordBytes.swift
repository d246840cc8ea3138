/// CSV records of whole and decimal numbers, written digit by digit into bytes reserved once.
struct RecordBytes {
    private var bytes: [UInt8]
    private var count = 0

    /// Room for `capacity` bytes; more is a programmer's mistake.
    init(capacity: Int) { bytes = [UInt8](repeating: 0, count: capacity) }

    /// `C` and nine digits: the first field of a record.
    mutating func append(id: Int) {
        bytes[count] = UInt8(ascii: "C")
        count += 1
        putDigits(UInt32(id), 9)
    }

    /// A comma and `scaled / 10^decimals` with exactly so many decimals.
    ///
    /// - Parameter scaled: at most 2^32 - 1 in magnitude.
    mutating func append(_ scaled: Int, decimals: Int) {
        appendEmpty()
        var rest = UInt32(scaled.magnitude)
        if scaled < 0 {
            bytes[count] = UInt8(ascii: "-")
            count += 1
        }
        if decimals > 0 {
            let unit: UInt32 = decimals == 2 ? 100 : 10_000
            let whole = rest / unit
            rest -= whole * unit
            putDigits(whole, digitCount(whole))
            bytes[count] = UInt8(ascii: ".")
            count += 1
            putDigits(rest, decimals)
        } else {
            putDigits(rest, digitCount(rest))
        }
    }

    /// A comma: an empty field.
    mutating func appendEmpty() {
        bytes[count] = UInt8(ascii: ",")
        count += 1
    }

    mutating func endRecord() {
        bytes[count] = UInt8(ascii: "\n")
        count += 1
    }

    /// The bytes written.
    consuming func finish() -> [UInt8] {
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private mutating func putDigits(_ value: UInt32, _ digits: Int) {
        var rest = value
        var place = count + digits - 1
        while place >= count {
            let (tenth, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes[place] = 0x30 + UInt8(truncatingIfNeeded: digit)
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
