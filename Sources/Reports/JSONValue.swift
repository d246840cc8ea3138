import TableIO

/// A JSON value about to be written: what summaries, plans and tables are printed from.
///
/// Members keep the order they were given in. A number that is not finite is written as `null`, since JSON has no other
/// word for it.
public enum JSONValue: Equatable, Sendable {
    /// `null`: a value that does not exist.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int)
    /// A number, written with the fewest digits that read back as the same binary64.
    case number(Double)
    /// A text.
    case text(String)
    /// Values in order.
    case list([JSONValue])
    /// Named values in order.
    case object([Member])

    /// A named value.
    public struct Member: Equatable, Sendable {
        /// The name; any text.
        public let key: String
        /// The value.
        public let value: JSONValue

        /// A value under a name.
        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value with the members of every object in the byte order of their keys.
    public var sorted: JSONValue {
        switch self {
        case .list(let elements): .list(elements.map(\.sorted))
        case .object(let members):
            .object(
                members.map { Member($0.key, $0.value.sorted) }
                    .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        default: self
        }
    }

    /// The value of a member, nil when this is no object or has no such member.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text of the value as UTF-8.
    ///
    /// - Parameter indented: two blanks a level, and a line for each member; lists of plain values stay on one line.
    ///   Without it there is no white space at all. Neither form ends with a line end.
    public func encoded(indented: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes, indented: indented, depth: 0)
        return bytes
    }

    /// A text or `null`.
    public static func optional(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }

    /// A number or `null`.
    public static func optional(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }

    /// A whole number or `null`.
    public static func optional(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }
}

extension JSONValue: ExpressibleByStringLiteral {
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object with the members in the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension JSONValue {
    private var isPlain: Bool {
        switch self {
        case .list(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: true
        }
    }

    private func write(to bytes: inout [UInt8], indented: Bool, depth: Int) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .number(let value):
            // A model must read back to the last bit, the sign of zero included.
            let isNegativeZero = value == 0 && value.sign == .minus
            bytes += (isNegativeZero ? "-0" : value.isFinite ? shortestText(value) : "null").utf8
        case .text(let text): Self.write(text, to: &bytes)
        case .list(let elements):
            let onOneLine = elements.allSatisfy(\.isPlain)
            Self.writeElements(
                elements, brackets: (UInt8(ascii: "["), UInt8(ascii: "]")), to: &bytes,
                depth: indented && !onOneLine ? depth : nil, spaced: indented
            ) { $0.write(to: &$1, indented: indented, depth: depth + 1) }
        case .object(let members):
            Self.writeElements(
                members, brackets: (UInt8(ascii: "{"), UInt8(ascii: "}")), to: &bytes,
                depth: indented && !members.isEmpty ? depth : nil, spaced: indented
            ) { member, bytes in
                Self.write(member.key, to: &bytes)
                bytes += (indented ? ": " : ":").utf8
                member.value.write(to: &bytes, indented: indented, depth: depth + 1)
            }
        }
    }

    /// Writes elements between brackets: each on its own line when `depth` is given, on one line otherwise.
    private static func writeElements<Element>(
        _ elements: [Element], brackets: (UInt8, UInt8), to bytes: inout [UInt8], depth: Int?, spaced: Bool,
        write: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(brackets.0)
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes += (spaced && depth == nil ? ", " : ",").utf8 }
            if let depth { bytes += ("\n" + String(repeating: "  ", count: depth + 1)).utf8 }
            write(element, &bytes)
        }
        if let depth { bytes += ("\n" + String(repeating: "  ", count: depth)).utf8 }
        bytes.append(brackets.1)
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        JSONText.append(text.utf8, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}

/// The fewest digits that read back as the same binary64; whole numbers without a point.
package func shortestText(_ value: Double) -> String {
    if value == value.rounded(.towardZero), abs(value) < 1e15 { return String(Int64(value)) }
    return value.description
}

extension JSONValue: Encodable {
    /// Hands the value to another encoder; the order of members is then that encoder's.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try value.encode(to: encoder)
        case .integer(let value): try value.encode(to: encoder)
        case .number(let value): try value.encode(to: encoder)
        case .text(let text): try text.encode(to: encoder)
        case .list(let elements): try elements.encode(to: encoder)
        case .object(let members):
            var container = encoder.container(keyedBy: MemberKey.self)
            for member in members { try container.encode(member.value, forKey: MemberKey(stringValue: member.key)) }
        }
    }

    private struct MemberKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
