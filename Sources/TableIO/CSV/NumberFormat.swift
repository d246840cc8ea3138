/// How the numbers of an export are written, beyond digits with a decimal point.
public struct NumberFormat: Sendable, Equatable {
    /// What stands before the decimals.
    public enum DecimalMark: String, Sendable, CaseIterable {
        case point, comma

        var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
    }

    /// What stands before the decimals.
    public var decimalMark = DecimalMark.point
    /// The character between groups of three digits, such as `,`, a space or `'`; nil if there is none.
    ///
    /// Groups are well formed or the field is no number: one to three digits, not beginning with 0, then threes.
    public var thousandsSeparator: String?
    /// Symbols of which one may stand before or after a number, such as `€` or `USD`; they are dropped.
    public var currencySymbols: [String] = []
    /// Whether `12%` reads as 0.12; a number without the sign is itself.
    public var percent = false

    /// Digits with a decimal point, nothing else.
    public init() {}

    /// The separator that a plan or an option names: a word for the characters that are hard to write, or the character
    /// itself; nil for `none`.
    public static func thousandsSeparator(named name: String) -> String? {
        let words = ["comma": ",", "point": ".", "space": " ", "apostrophe": "'"]
        return name == "none" ? nil : words[name] ?? name
    }

    /// Why fields cannot be written like this.
    public struct Mistake: Error, Equatable, Sendable {
        /// The settings that can be wrong.
        public enum Setting: Equatable, Sendable {
            case thousandsSeparator
            /// The symbol at this place.
            case currencySymbol(Int)
        }

        /// Which setting.
        public var setting: Setting
        /// What is wrong.
        public var problem: String
        /// What to do about it.
        public var remedy: String
    }

    /// The first thing that cannot be meant; nil if all can.
    public var mistake: Mistake? {
        if let separator = thousandsSeparator {
            let isMark = separator.utf8.elementsEqual([decimalMark.byte])
            if isMark {
                return Mistake(
                    setting: .thousandsSeparator, problem: "'\(separator)' stands before the decimals too",
                    remedy: "give the decimal mark and the thousands separator different characters")
            }
            guard separator.unicodeScalars.count == 1, separator.utf8.allSatisfy(Self.mayStandInNumber) else {
                return Mistake(
                    setting: .thousandsSeparator, problem: "'\(separator)' cannot stand between digits",
                    remedy: "use one character such as comma, point, space or apostrophe")
            }
        }
        for (place, symbol) in currencySymbols.enumerated() {
            let isKnown = symbol.utf8.contains { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x25].contains($0) }
            let isBlank = symbol.utf8.first.map { $0 == 0x20 || $0 == 0x09 } ?? true
            let hasControls = symbol.utf8.contains { $0 < 0x20 || $0 == 0x22 || $0 == 0x7F }
            let isMarks = symbol.utf8.allSatisfy { $0 == 0x2C || $0 == 0x2E }
            if isKnown || isBlank || hasControls || isMarks || symbol.utf8.last == 0x20 {
                return Mistake(
                    setting: .currencySymbol(place), problem: "'\(symbol)' is no currency symbol",
                    remedy: "use a symbol or code without digits, signs and outer blanks, such as € or USD")
            }
        }
        return nil
    }

    /// Not a control byte, quote, digit, letter or sign.
    private static func mayStandInNumber(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F && !"\"+-%".utf8.contains(byte) && !(0x30...0x39).contains(byte)
            && !(0x41...0x5A).contains(byte & 0xDF)
    }
}

/// What the number parse knows of a format, prepared once for all fields.
struct NumberGrammar: Sendable {
    let decimalMark: UInt8
    let thousandsSeparator: [UInt8]
    /// The longest first, so that `US$` is not taken for `$`.
    let currencySymbols: [[UInt8]]
    let percent: Bool
    let nullWords: [[UInt8]]
    /// Values of the null words that read as numbers.
    let nullValues: [Double]

    /// Digits with a decimal point, nothing else.
    static let plain = NumberGrammar(NumberFormat(), nullWords: [])

    init(_ format: NumberFormat, nullWords: [[UInt8]]) {
        decimalMark = format.decimalMark.byte
        thousandsSeparator = Array((format.thousandsSeparator ?? "").utf8)
        currencySymbols = format.currencySymbols.map { Array($0.utf8) }.sorted { $0.count > $1.count }
        percent = format.percent
        self.nullWords = nullWords
        nullValues = nullWords.compactMap { word in
            word.withUnsafeBufferPointer { PlainDecimal($0, mark: format.decimalMark.byte)?.value }
        }
    }

    /// Whether each field that the column kernel takes for a number means the same number here.
    ///
    /// The kernel takes `-?d+(.d*)?` and `-?.d+`. With a decimal comma these are no numbers, or with points between
    /// thousands other ones; and a null word such as `-999` must not pass for a number. Thousands separators, currency
    /// symbols and percent signs need no care: a field that has one is none of the kernel's.
    var isKernelSafe: Bool { decimalMark == UInt8(ascii: ".") && nullValues.isEmpty }
}

/// A number of up to 19 digits without exponent, as nearly all cells are: `[+-]?(d+(.d*)?|.d+)`.
struct PlainDecimal {
    var mantissa: UInt64
    var decimals: Int
    var isNegative: Bool

    /// Reads the whole of `text`; nil if it is anything else, or longer.
    @inline(__always)
    init?(_ text: UnsafeBufferPointer<UInt8>, mark: UInt8) {
        let count = text.count
        guard count > 0 else { return nil }
        var at = 0
        isNegative = text[0] == UInt8(ascii: "-")
        if isNegative || text[0] == UInt8(ascii: "+") { at = 1 }
        mantissa = 0
        let start = at
        Self.takeDigits(text, &at, into: &mantissa)
        var digitCount = at - start
        decimals = 0
        if at < count, text[at] == mark {
            at += 1
            let first = at
            Self.takeDigits(text, &at, into: &mantissa)
            decimals = at - first
            digitCount += decimals
        }
        // More digits than 19 may have turned the mantissa over; they are not read here.
        guard at == count, digitCount > 0, digitCount <= DecimalConversion.digitLimit else { return nil }
    }

    /// Correctly rounded, never -0.
    @inline(__always)
    var value: Double {
        if mantissa == 0 { return 0 }
        let magnitude = DecimalConversion.value(mantissa, power: -decimals)
        return isNegative ? -magnitude : magnitude
    }

    /// Eight digits a step, then one.
    @inline(__always)
    private static func takeDigits(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int, into mantissa: inout UInt64) {
        let raw = UnsafeRawBufferPointer(text)
        while at + 8 <= text.count {
            // SAFETY: eight bytes from `at` lie inside `text`.
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let isDigits =
                (word & 0xF0F0_F0F0_F0F0_F0F0) | ((word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4
                == 0x3333_3333_3333_3333
            guard isDigits else { break }
            var value = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) >> 8
            value = ((value & 0x00FF_00FF_00FF_00FF) &* 6_553_601) >> 16
            value = ((value & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) >> 32
            mantissa = mantissa &* 100_000_000 &+ value
            at += 8
        }
        while at < text.count {
            let digit = text[at] &- UInt8(ascii: "0")
            guard digit <= 9 else { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            at += 1
        }
    }
}
