/// The bytes of an input as they are stored: counted, checksummed, and the first few shown before they are read.
final class RawStream: ByteStream {
    private let source: any ByteStream
    private var hash = XXH3()
    /// Bytes read ahead by `peek` and not handed out yet.
    private var ahead: [UInt8] = []

    init(_ source: any ByteStream) {
        self.source = source
    }

    /// Bytes handed out so far.
    var byteCount: Int { hash.byteCount }

    /// XXH3 of the bytes handed out so far.
    var checksum: UInt64 { hash.value }

    /// The next `count` bytes, fewer at the end of the stream; they will still be read.
    func peek(_ count: Int) throws(TableIOError) -> [UInt8] {
        var missing = [UInt8](repeating: 0, count: max(0, count - ahead.count))
        let result = missing.withUnsafeMutableBytes { buffer in
            Result { () throws(TableIOError) in try source.read(into: buffer) }
        }
        ahead += missing.prefix(try result.get())
        return Array(ahead.prefix(count))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        let early = min(ahead.count, buffer.count)
        // SAFETY: `early` is at most the room in `buffer`; the rest of `buffer` is what `source` fills.
        buffer.copyBytes(from: ahead.prefix(early))
        ahead.removeFirst(early)
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[early...])
        let count = early + (rest.isEmpty ? 0 : try source.read(into: rest))
        hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
    }
}
