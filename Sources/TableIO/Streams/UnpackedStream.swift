/// Unpacked bytes within their limit, written straight to where the reader wants them.
///
/// Unpacking has no thread of its own: the pipeline gives it to a worker before all other work, so that it neither
/// waits for the parsing nor takes a processor from it.
final class UnpackedStream: ByteStream {
    /// Bytes from one look at the limit to the next.
    private static let stepByteCount = 1 << 20

    private let content: any ByteStream
    private let raw: RawStream
    private let path: String
    private let limit: DecompressionLimit
    private var total = 0
    /// What ended the stream; a decoder that failed is not asked again.
    private var failure: TableIOError?

    /// The bytes of `content`, which unpacks `raw`.
    init(_ content: any ByteStream, of raw: RawStream, path: String, limit: DecompressionLimit) {
        self.content = content
        self.raw = raw
        self.path = path
        self.limit = limit
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        if let failure { throw failure }
        do throws(TableIOError) {
            return try fill(buffer)
        } catch {
            failure = error
            throw error
        }
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        var filled = 0
        while filled < buffer.count {
            // The limit is looked at after the same bytes for any size of `buffer`.
            let wanted = min(buffer.count - filled, Self.stepByteCount - total % Self.stepByteCount)
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + wanted])
            let count = try content.read(into: room)
            filled += count
            total += count
            if count < wanted || total % Self.stepByteCount == 0 {
                try limit.check(total, from: raw.byteCount, path: path)
            }
            if count < wanted { break }
        }
        return filled
    }
}
