/// The bytes of an input as UTF-8, whatever its encoding.
///
/// The encoding is the one asked for or what a byte order mark tells, UTF-8 without either. A plain file in UTF-8 can
/// be read at any offset like its source; everything else is a stream, read by one caller at a time.
final class TextSource {
    let source: InputSource
    /// The encoding of the stored text.
    let encoding: TextEncoding
    private let transcoding: TranscodingStream?
    /// The first bytes of a stream, looked at and not handed out yet.
    private var ahead: [UInt8]

    /// - Parameter encoding: nil for what the byte order mark tells.
    /// - Throws: `unsupportedEncoding` for UTF-32, for a mark that contradicts `encoding`, and for an encoding that the
    ///   system does not know; what reading throws.
    init(_ source: InputSource, encoding wanted: TextEncoding?) throws {
        self.source = source
        let path = source.path
        let isFile = source.byteCount != nil
        let start = try [UInt8](unsafeUninitializedCapacity: 4) { room, count in
            // SAFETY: the reads say how many bytes they wrote to the room they were given.
            let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(room)[..<4])
            count = isFile ? try source.read(into: room, at: 0) : try source.read(into: room)
        }
        let marked = try TextEncoding.marked(start, path: path)
        if let wanted, let marked, wanted != marked.encoding {
            throw TableIOError(
                .unsupportedEncoding, path: path, line: 1,
                detail: "--encoding says \(wanted.rawValue), the byte order mark \(marked.encoding.rawValue)")
        }
        encoding = wanted ?? marked?.encoding ?? .utf8
        guard encoding != .utf8 else {
            ahead = isFile ? [] : start
            transcoding = nil
            return
        }
        ahead = []
        // A mark is no text.
        let markCount = marked?.byteCount ?? 0
        if isFile {
            // Looking at the start of a file has not moved it; the mark has to be passed over.
            var mark = [UInt8](repeating: 0, count: markCount)
            _ = try mark.withUnsafeMutableBytes { try source.read(into: $0) }
        }
        var early = isFile ? [] : Array(start.dropFirst(markCount))
        transcoding = try TranscodingStream(encoding, path: path, offset: markCount) { room throws(TableIOError) in
            try Self.read(source, early: &early, into: room)
        }
    }

    /// Size of a text that may be read at any offset; nil for a stream.
    var byteCount: Int? { transcoding == nil ? source.byteCount : nil }

    /// Units of the stored text that stood for no character so far, and where the first stood in it.
    var invalid: (count: Int, firstOffset: Int)? {
        guard let transcoding, let offset = transcoding.firstInvalidOffset else { return nil }
        return (transcoding.invalidCount, offset)
    }

    /// As `InputSource.read(into:)`.
    func read(into room: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        if let transcoding { return try transcoding.read(into: room) }
        return try Self.read(source, early: &ahead, into: room)
    }

    private static func read(
        _ source: InputSource, early: inout [UInt8], into room: UnsafeMutableRawBufferPointer
    ) throws(TableIOError) -> Int {
        guard !early.isEmpty else { return try source.read(into: room) }
        let count = min(early.count, room.count)
        room.copyBytes(from: early.prefix(count))
        early.removeFirst(count)
        return count == room.count
            ? count : count + (try source.read(into: UnsafeMutableRawBufferPointer(rebasing: room[count...])))
    }
}
