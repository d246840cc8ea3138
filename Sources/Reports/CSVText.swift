/// A small CSV table as bytes: fields with a comma, quote or line end are quoted, records end in LF.
struct CSVText {
    private(set) var bytes: [UInt8] = []

    /// Appends a record.
    mutating func append(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(field)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ field: String) {
        let quote = UInt8(ascii: "\"")
        let mustQuote = field.utf8.contains { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D }
        guard mustQuote else {
            bytes += field.utf8
            return
        }
        bytes.append(quote)
        for byte in field.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }
}

extension CSVText {
    /// A number with all its digits, empty when there is none or when it is not finite.
    static func field(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return shortestText(value)
    }

    /// A count, empty when there is none.
    static func field(_ count: Int?) -> String { count.map { String($0) } ?? "" }
}
