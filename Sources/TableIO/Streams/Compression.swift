/// How the bytes of an input are packed, told from the bytes and never from the name.
public enum Compression: String, Sendable, CaseIterable {
    case none, gzip, zstd

    /// Bytes of the start of an input that tell all formats apart.
    static let magicByteCount = 10

    /// The packing of an input that starts with `start`.
    ///
    /// - Throws: `unsupportedCompression` for zip, xz and bzip2, whose bytes would only be garbage as a table.
    static func recognized(from start: [UInt8], path: String) throws(TableIOError) -> Compression {
        if start.starts(with: [0x1F, 0x8B]) { return .gzip }
        if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        // A skippable frame: 0x184D2A50 to 0x184D2A5F, little-endian.
        if let first = start.first, first & 0xF0 == 0x50, start.dropFirst().starts(with: [0x2A, 0x4D, 0x18]) {
            return .zstd
        }
        let others: [(name: String, magic: [UInt8])] = [
            ("zip", [0x50, 0x4B, 0x03, 0x04]),
            ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        ]
        for other in others where start.starts(with: other.magic) {
            throw TableIOError(.unsupportedCompression, path: path, detail: other.name)
        }
        // "BZh", a digit, and the digits of pi that open the first block; "BZh" alone could begin a header.
        let firstBlock: [UInt8] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]
        if start.starts(with: [0x42, 0x5A, 0x68]), start.dropFirst(4).starts(with: firstBlock) {
            throw TableIOError(.unsupportedCompression, path: path, detail: "bzip2")
        }
        return .none
    }
}
