/// How the CSV files of a run are written, as far as it can be chosen.
public struct CSVFormat: Sendable, Equatable {
    /// The byte between fields: not a quote, a line end, a digit, a letter, `.`, `+` or `-`.
    public var delimiter: UInt8 = UInt8(ascii: ",")
    /// Whether the delimiter is picked among `,`, `;`, tab and `|` by the header: the one that gives it most names.
    public var picksDelimiter = false
    /// Lines that are dropped before the header, whatever is in them.
    public var skippedLineCount = 0
    /// A line that starts with this byte outside quotes is no record; nil for none such.
    public var commentByte: UInt8?
    /// How the text is encoded; nil for what its byte order mark tells, UTF-8 without one.
    public var encoding: TextEncoding?
    /// Texts that mean a missing number, beside the empty field; compared byte by byte after blanks are dropped.
    public var nullWords: [[UInt8]] = []
    /// How numbers are written.
    public var numbers = NumberFormat()
    /// The longest field in bytes; a longer one is rejected as `field_too_long`.
    public var fieldByteLimit = 1 << 20
    /// The most columns a header may have.
    public var columnLimit = 16_384

    /// The format of RFC 4180 with the limits above.
    public init() {}

    /// Whether a byte may stand between fields: a tab, or a printable ASCII byte that no number, name or quote uses.
    public static func canDelimit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\t"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            false
        case UInt8(ascii: "\""), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "): false
        default: (0x21...0x7E).contains(byte)
        }
    }
}

/// One column that a run needs as numbers.
public struct ColumnRequest: Sendable, Equatable {
    /// What happens to a field that is no number.
    public enum Strictness: Sendable {
        /// The record is rejected.
        case reject
        /// The cell is missing and counted as text.
        case countAsText
    }

    /// The column's name in the header, byte by byte; blanks around it do not count.
    public var name: String
    /// The smallest admissible value; a smaller one is rejected as `out_of_domain`.
    public var minimum: Double
    /// The largest admissible value.
    public var maximum: Double
    /// What happens to a field that is no number.
    public var strictness: Strictness
    /// Whether a record without a number here is rejected, as `missing_value`.
    public var isRequired = false
    /// The words that the column holds; nil for a column of numbers.
    public var words: WordTable?

    /// A column of any finite number, unless a range is given.
    public init(
        name: String, minimum: Double = -.infinity, maximum: Double = .infinity, strictness: Strictness = .reject
    ) {
        self.name = name
        self.minimum = minimum
        self.maximum = maximum
        self.strictness = strictness
    }
}

/// Why a record was rejected; the raw values are the words in the rejects file.
public enum RejectReason: String, Sendable, CaseIterable, Codable {
    case tooFewFields = "too_few_fields"
    case tooManyFields = "too_many_fields"
    case malformedQuote = "malformed_quote"
    case fieldTooLong = "field_too_long"
    case invalidUTF8 = "invalid_utf8"
    case nulByte = "nul_byte"
    case missingID = "missing_id"
    case duplicateID = "duplicate_id"
    case invalidNumber = "invalid_number"
    case nonFinite = "non_finite"
    case outOfRange = "out_of_range"
    case outOfDomain = "out_of_domain"
    case unknownWord = "unknown_word"
    case missingValue = "missing_value"
    case invalidDate = "invalid_date"
    case ambiguousDate = "ambiguous_date"
}

/// A record that is not in the table, and everything needed to find and mend it.
public struct RejectedRecord: Sendable, Equatable {
    /// The line its first byte stands on, 1 for the header's line.
    public var line: Int
    /// Its number among the records, 1 for the first after the header.
    public var record: Int
    /// The offset of its first byte in the decompressed input, after it was turned into UTF-8 if it was not.
    public var byteOffset: Int
    /// The column that failed; nil where the record as a whole did.
    public var column: String?
    /// Why.
    public var reason: RejectReason
    /// Its bytes without the line end, cut at 4 KiB.
    public var raw: [UInt8]
    /// Which of the reader's inputs it stands in, from 0.
    public var input = 0
}
