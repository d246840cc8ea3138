import Glibc

/// How the text of an input is encoded.
public enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case gb18030

    /// What the system's iconv calls it.
    var systemName: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16LittleEndian: "UTF-16LE"
        case .utf16BigEndian: "UTF-16BE"
        case .gb18030: "GB18030"
        }
    }

    /// Bytes of the smallest unit; as many are passed over where they stand for nothing.
    var unitByteCount: Int {
        switch self {
        case .utf8, .gb18030: 1
        case .utf16LittleEndian, .utf16BigEndian: 2
        }
    }

    /// The encoding that a byte order mark at the start of `bytes` tells, and the mark's length; nil without a mark.
    ///
    /// - Throws: `unsupportedEncoding` for UTF-32.
    static func marked(
        _ bytes: [UInt8], path: String
    ) throws(TableIOError) -> (encoding: TextEncoding, byteCount: Int)? {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
            throw TableIOError(.unsupportedEncoding, path: path, line: 1, detail: "it starts like UTF-32")
        }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        return nil
    }

    /// Whether `bytes` hold more than ASCII and are text in this encoding; a character that their end cuts is forgiven.
    func canDecode(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.contains(where: { $0 >= 0x80 }), let converter = Converter(from: self) else { return false }
        var decoded = [UInt8](repeating: 0, count: 4 * bytes.count + 16)
        var source = UnsafeRawBufferPointer(bytes)
        let outcome = decoded.withUnsafeMutableBytes { converter.convert(&source, into: $0).outcome }
        return outcome == .done || (outcome == .incomplete && source.count < 4 && source.count < bytes.count)
    }
}

/// The system's iconv from one encoding to UTF-8.
final class Converter {
    enum Outcome: Equatable { case done, roomEnded, incomplete, invalid }

    private let descriptor: iconv_t

    /// Nil when the system does not know the encoding.
    init?(from encoding: TextEncoding) {
        guard let descriptor = iconv_open("UTF-8", encoding.systemName), Int(bitPattern: descriptor) != -1 else {
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { iconv_close(descriptor) }

    /// Converts bytes from the front of `source`, which is moved past them, and returns how many it wrote to `room`.
    func convert(
        _ source: inout UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) -> (byteCount: Int, outcome: Outcome) {
        guard let start = source.baseAddress, let roomStart = room.baseAddress, !source.isEmpty else {
            return (0, .done)
        }
        // SAFETY: iconv only reads its input, although its C type says otherwise; both counts are those of the buffers.
        var next: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(mutating: start)
            .assumingMemoryBound(to: CChar.self)
        var left = source.count
        var roomNext: UnsafeMutablePointer<CChar>? = roomStart.assumingMemoryBound(to: CChar.self)
        var roomLeft = room.count
        errno = 0
        let status = iconv(descriptor, &next, &left, &roomNext, &roomLeft)
        let code = errno
        source = UnsafeRawBufferPointer(rebasing: source[(source.count - left)...])
        let outcome: Outcome =
            if status != -1 {
                .done
            } else if code == E2BIG {
                .roomEnded
            } else if code == EINVAL {
                .incomplete
            } else {
                .invalid
            }
        return (room.count - roomLeft, outcome)
    }
}
