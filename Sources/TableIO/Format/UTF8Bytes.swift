/// Where characters end in bytes that may be UTF-8.
enum UTF8Bytes {
    /// The length of the UTF-8 character that starts at `position`, 1...4, or 0 where none does (Unicode table 3-7: no
    /// overlong forms, no surrogates, nothing past U+10FFFF).
    static func characterLength(in bytes: [UInt8], at position: Int) -> Int {
        let first = bytes[position]
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch first {
            case 0x00...0x7F: (1, 0x80...0xBF)
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0x80...0xBF)
            }
        guard length > 1 else { return length }
        guard position + length <= bytes.count, second ~= bytes[position + 1] else { return 0 }
        for offset in 2..<max(2, length) where !((0x80...0xBF) ~= bytes[position + offset]) { return 0 }
        return length
    }

    /// U+FFFD, in place of a byte that is not UTF-8.
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Calls `body` with the bytes of each character in turn, and with nil for each byte that belongs to none.
    static func forEachCharacter(of bytes: [UInt8], _ body: (ArraySlice<UInt8>?) -> Void) {
        var position = 0
        while position < bytes.count {
            let length = characterLength(in: bytes, at: position)
            body(length == 0 ? nil : bytes[position..<position + length])
            position += max(1, length)
        }
    }
}
