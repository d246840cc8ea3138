/// What the text of one field says as a number.
enum NumberText: Equatable {
    /// A number that is `mantissa / 10^decimals` with `|mantissa| <= 2^31 - 1` and `decimals <= 9`.
    case fixed(mantissa: Int32, decimals: Int)
    /// Any other finite number, correctly rounded.
    case double(Double)
    case missing
    case rejected(RejectReason)

    /// Reads `[+-]?(d+(.d*)?|.d+)([eE][+-]?d+)?` with blanks around it.
    static func parse(_ field: UnsafeBufferPointer<UInt8>, nullWords: [[UInt8]]) -> NumberText {
        parse(field, nullWords.isEmpty ? .plain : NumberGrammar(NumberFormat(), nullWords: nullWords))
    }

    /// Reads a number of the grammar, with the marks, separators and signs that it allows, and blanks around it.
    static func parse(_ field: UnsafeBufferPointer<UInt8>, _ grammar: NumberGrammar) -> NumberText {
        let text = trimmed(field)
        if text.isEmpty { return .missing }
        for word in grammar.nullWords where word.elementsEqual(text) { return .missing }
        if let plain = PlainDecimal(text, mark: grammar.decimalMark) {
            return packed(plain.mantissa, plain.decimals, isNegative: plain.isNegative) ?? .double(plain.value)
        }
        var number = NumberScan(text, grammar)
        if let reason = number.scan() { return .rejected(reason) }
        let decimals = number.decimalCount + (number.isPercent ? 2 : 0)
        if number.droppedCount == 0 {
            if number.exponent == 0,
                let packed = packed(number.mantissa, decimals, isNegative: number.isNegative)
            {
                return packed
            }
            if number.mantissa == 0 { return .double(0) }
        }
        let power = number.exponent - decimals
        let magnitude =
            number.droppedCount == 0
            ? DecimalConversion.value(number.mantissa, power: power)
            : DecimalConversion.value(
                leading: number.mantissa, power: power + number.droppedCount,
                digits: UnsafeBufferPointer(rebasing: text[number.digits]), digitPower: power)
        guard magnitude.isFinite else { return .rejected(.outOfRange) }
        return .double(number.isNegative && magnitude != 0 ? -magnitude : magnitude)
    }

    @inline(__always)
    private static func packed(_ mantissa: UInt64, _ decimals: Int, isNegative: Bool) -> NumberText? {
        guard mantissa <= UInt64(Int32.max), decimals <= 9 else { return nil }
        return .fixed(mantissa: isNegative ? -Int32(mantissa) : Int32(mantissa), decimals: decimals)
    }

    /// `text` without blanks (space, tab) at its ends.
    static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var low = 0
        var high = text.count
        while low < high, text[low] == 0x20 || text[low] == 0x09 { low += 1 }
        while high > low, text[high - 1] == 0x20 || text[high - 1] == 0x09 { high -= 1 }
        return UnsafeBufferPointer(rebasing: text[low..<high])
    }
}

/// One walk over the text of a number, from its outer signs to its digits.
private struct NumberScan {
    private let text: UnsafeBufferPointer<UInt8>
    private let grammar: NumberGrammar
    private var low = 0
    private var high: Int
    private var sawSign = false

    private(set) var isNegative = false
    private(set) var isPercent = false
    /// The first 19 significant digits.
    private(set) var mantissa: UInt64 = 0
    /// Digits that no longer fit the mantissa.
    private(set) var droppedCount = 0
    private(set) var decimalCount = 0
    private(set) var exponent = 0
    /// Where the mantissa's digits stand, and what is between them.
    private(set) var digits = 0..<0

    init(_ text: UnsafeBufferPointer<UInt8>, _ grammar: NumberGrammar) {
        self.text = text
        self.grammar = grammar
        high = text.count
    }

    /// Reads all of the text; the reason if it is no number.
    mutating func scan() -> RejectReason? {
        takeSign()
        guard dropSymbols() else { return .invalidNumber }
        guard takeMantissa() else { return Self.isNonFiniteWord(text) ? .nonFinite : .invalidNumber }
        guard takeExponent(), low == high else { return .invalidNumber }
        return nil
    }

    private mutating func takeSign() {
        guard !sawSign, low < high, text[low] == UInt8(ascii: "-") || text[low] == UInt8(ascii: "+") else { return }
        isNegative = text[low] == UInt8(ascii: "-")
        sawSign = true
        low += 1
    }

    /// Drops a percent sign, or a currency symbol before (then a sign may follow it) or after the number.
    private mutating func dropSymbols() -> Bool {
        if grammar.percent, low < high, text[high - 1] == UInt8(ascii: "%") {
            isPercent = true
            high -= 1
            dropBlanks(atEnd: true)
            return true
        }
        for symbol in grammar.currencySymbols {
            if text[low..<high].starts(with: symbol) {
                low += symbol.count
                dropBlanks(atEnd: false)
                takeSign()
                return true
            }
            if text[low..<high].reversed().starts(with: symbol.reversed()) {
                high -= symbol.count
                dropBlanks(atEnd: true)
                return true
            }
        }
        return true
    }

    /// Between a symbol and its number also the blanks that do not break a line: U+00A0 and U+202F.
    private mutating func dropBlanks(atEnd: Bool) {
        let blanks: [[UInt8]] = [[0x20], [0x09], [0xC2, 0xA0], [0xE2, 0x80, 0xAF]]
        while true {
            let rest = text[low..<high]
            let blank = blanks.first {
                atEnd ? rest.reversed().starts(with: $0.reversed()) : rest.starts(with: $0)
            }
            guard let blank else { return }
            if atEnd { high -= blank.count } else { low += blank.count }
        }
    }

    private mutating func takeMantissa() -> Bool {
        let start = low
        var digitCount = 0
        var significantCount = 0
        var sawMark = false
        var sawSeparator = false
        var runLength = 0  // digits since the start or the last separator
        while low < high {
            let byte = text[low]
            if let digit = Self.digitValue(byte) {
                digitCount += 1
                runLength += 1
                if sawMark { decimalCount += 1 }
                if significantCount < DecimalConversion.digitLimit {
                    mantissa = mantissa * 10 + UInt64(digit)
                    if mantissa != 0 { significantCount += 1 }
                } else {
                    droppedCount += 1
                }
            } else if byte == grammar.decimalMark, !sawMark {
                if sawSeparator, runLength != 3 { return false }
                sawMark = true
            } else if !sawMark, isSeparator(at: low) {
                // A group that begins with 0, as in 0,123, is more likely a fraction in another notation.
                let isGroup = sawSeparator ? runLength == 3 : 1...3 ~= runLength && text[start] != 0x30
                guard isGroup else { return false }
                sawSeparator = true
                runLength = 0
                low += grammar.thousandsSeparator.count
                continue
            } else {
                break
            }
            low += 1
        }
        digits = start..<low
        return digitCount > 0 && (!sawSeparator || sawMark || runLength == 3)
    }

    private func isSeparator(at place: Int) -> Bool {
        !grammar.thousandsSeparator.isEmpty && text[place..<high].starts(with: grammar.thousandsSeparator)
    }

    /// Reads the exponent, if there is one; false if it has no digits.
    private mutating func takeExponent() -> Bool {
        guard low < high, text[low] | 0x20 == UInt8(ascii: "e") else { return true }
        low += 1
        let isNegative = low < high && text[low] == UInt8(ascii: "-")
        if isNegative || (low < high && text[low] == UInt8(ascii: "+")) { low += 1 }
        guard low < high, Self.digitValue(text[low]) != nil else { return false }
        while low < high, let digit = Self.digitValue(text[low]) {
            // Beyond 10^8 every value is zero or too large, whatever the mantissa's length within a field.
            exponent = min(exponent * 10 + digit, 100_000_000)
            low += 1
        }
        if isNegative { exponent = -exponent }
        return true
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
}
