/// Text from outside made harmless for a terminal: control bytes and broken UTF-8 are shown, not sent.
public enum TerminalText {
    /// `text` with control characters, bidirectional marks and the like written as `\xNN` bytes.
    public static func escaped(_ text: String) -> String { escaped(Array(text.utf8)) }

    /// The text of `bytes`: valid UTF-8 as it is; control characters (C0, DEL, C1), line and paragraph separators,
    /// characters that reorder text, and bytes that are not UTF-8 as `\xNN`.
    public static func escaped(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            let length = UTF8Bytes.characterLength(in: bytes, at: position)
            let character = bytes[position..<position + max(1, length)]
            if length == 0 || isUnsafe(character) {
                for byte in character { result += [0x5C, 0x78, HexDigits.high(byte), HexDigits.low(byte)] }
            } else {
                result += character
            }
            position += character.count
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isUnsafe(_ character: ArraySlice<UInt8>) -> Bool {
        switch Array(character) {
        case let one where one.count == 1: one[0] < 0x20 || one[0] == 0x7F
        case let two where two.count == 2: two[0] == 0xC2 && two[1] < 0xA0 || two == [0xD8, 0x9C]
        // U+200E, U+200F, U+2028...U+202E, U+2066...U+2069, U+FEFF
        case let three where three.count == 3:
            three[0] == 0xE2 && three[1] == 0x80 && (three[2] == 0x8E || three[2] == 0x8F || (0xA8...0xAE) ~= three[2])
                || three[0] == 0xE2 && three[1] == 0x81 && (0xA6...0xA9) ~= three[2]
                || three == [0xEF, 0xBB, 0xBF]
        default: false
        }
    }
}

/// Upper-case hexadecimal digits of a byte.
enum HexDigits {
    static func high(_ byte: UInt8) -> UInt8 { digit(byte >> 4) }
    static func low(_ byte: UInt8) -> UInt8 { digit(byte & 15) }
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
