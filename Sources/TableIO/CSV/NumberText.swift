internal import CKernels

/// What the text of one field says as a number.
enum NumberText: Equatable {
    /// A number that is `mantissa / 10^decimals` with `|mantissa| <= 2^31 - 1` and `decimals <= 9`.
    case fixed(mantissa: Int32, decimals: Int)
    /// Any other finite number, correctly rounded.
    case double(Double)
    case missing
    case rejected(RejectReason)

    /// Reads `[+-]?(d+(.d*)?|.d+)([eE][+-]?d+)?` with blanks around it.
    ///
    /// Up to 19 significant digits with a power of ten within 22 are exact arithmetic (Clinger 1990); all else goes to
    /// the C library's correctly rounded `strtod` after the grammar has been checked here, so no other spelling passes.
    static func parse(_ field: UnsafeBufferPointer<UInt8>, nullWords: [[UInt8]]) -> NumberText {
        let text = trimmed(field)
        if text.isEmpty { return .missing }
        for word in nullWords where word.elementsEqual(text) { return .missing }
        var at = 0
        let isNegative = text[0] == UInt8(ascii: "-")
        if isNegative || text[0] == UInt8(ascii: "+") { at = 1 }

        var mantissa: UInt64 = 0
        var digitCount = 0  // digits seen
        var significantCount = 0  // digits in mantissa, from the first that is not 0
        var droppedCount = 0  // digits that no longer fit in mantissa
        var decimalCount = 0
        var sawPoint = false
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else if let digit = digitValue(byte) {
                digitCount += 1
                if sawPoint { decimalCount += 1 }
                if significantCount < 19 {
                    mantissa = mantissa * 10 + UInt64(digit)
                    if mantissa != 0 { significantCount += 1 }
                } else {
                    droppedCount += 1
                }
            } else {
                break
            }
            at += 1
        }
        guard digitCount > 0 else { return isNonFiniteWord(text) ? .rejected(.nonFinite) : .rejected(.invalidNumber) }
        var exponent = 0
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            var exponentIsNegative = false
            if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
                exponentIsNegative = text[at] == UInt8(ascii: "-")
                at += 1
            }
            guard at < text.count, digitValue(text[at]) != nil else { return .rejected(.invalidNumber) }
            while at < text.count, let digit = digitValue(text[at]) {
                // Beyond 10^6 every value is zero or too large, whatever the mantissa's length within a field.
                exponent = min(exponent * 10 + digit, 100_000_000)
                at += 1
            }
            if exponentIsNegative { exponent = -exponent }
        }
        guard at == text.count else { return .rejected(.invalidNumber) }

        if droppedCount == 0 {
            if exponent == 0, decimalCount <= 9, mantissa <= UInt64(Int32.max) {
                return .fixed(mantissa: isNegative ? -Int32(mantissa) : Int32(mantissa), decimals: decimalCount)
            }
            let power = exponent - decimalCount
            if mantissa == 0 { return .double(0) }
            if mantissa < 1 << 53, abs(power) <= 22 {
                let magnitude =
                    power >= 0 ? Double(mantissa) * tenToThe(power) : Double(mantissa) / tenToThe(-power)
                return .double(isNegative ? -magnitude : magnitude)
            }
        }
        return slow(text)
    }

    /// The C library's conversion of text that is known to be a decimal number.
    private static func slow(_ text: UnsafeBufferPointer<UInt8>) -> NumberText {
        let value = withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { terminated -> Double in
            // SAFETY: text.count + 1 elements are allocated; each is written before strtod reads up to the NUL.
            for index in 0..<text.count { terminated[index] = CChar(bitPattern: text[index]) }
            terminated[text.count] = 0
            return stratum_decimal_to_double(terminated.baseAddress!)
        }
        guard value.isFinite else { return .rejected(.outOfRange) }
        return .double(value == 0 ? 0 : value)
    }

    /// `text` without blanks (space, tab) at its ends.
    static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var low = 0
        var high = text.count
        while low < high, text[low] == 0x20 || text[low] == 0x09 { low += 1 }
        while high > low, text[high - 1] == 0x20 || text[high - 1] == 0x09 { high -= 1 }
        return UnsafeBufferPointer(rebasing: text[low..<high])
    }

    private static func digitValue(_ byte: UInt8) -> Int? {
        let digit = byte &- UInt8(ascii: "0")
        return digit <= 9 ? Int(digit) : nil
    }

    private static let nonFiniteWords: [[UInt8]] = ["nan", "inf", "infinity"].map { Array($0.utf8) }

    private static func isNonFiniteWord(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let unsigned = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        return nonFiniteWords.contains { $0.elementsEqual(unsigned.lazy.map { $0 | 0x20 }) }
    }

    private static func tenToThe(_ power: Int) -> Double { powersOfTen[power] }
    private static let powersOfTen: [Double] = (0...22).map { power in
        (0..<power).reduce(1.0) { value, _ in value * 10 }  // exact up to 10^22
    }
}
