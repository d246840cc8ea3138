/// The inside of a JSON string, escaped by bytes so that no combining mark can hide a quote.
public enum JSONText {
    /// Appends `bytes` as the inside of a JSON string: quote, backslash, control characters and DEL, which a terminal would
    /// take for commands, escaped; each byte that is not UTF-8 as U+FFFD.
    public static func append(_ bytes: some Collection<UInt8>, to output: inout [UInt8]) {
        UTF8Bytes.forEachCharacter(of: Array(bytes)) { character in
            guard let character else { return output += UTF8Bytes.replacement }
            let first = character[character.startIndex]
            switch first {
            case 0x22, 0x5C: output += [0x5C, first]
            case 0x08: output += [0x5C, 0x62]
            case 0x09: output += [0x5C, 0x74]
            case 0x0A: output += [0x5C, 0x6E]
            case 0x0C: output += [0x5C, 0x66]
            case 0x0D: output += [0x5C, 0x72]
            case 0..<0x20, 0x7F: output += [0x5C, 0x75, 0x30, 0x30, HexDigits.high(first), HexDigits.low(first)]
            default: output += character
            }
        }
    }
}
