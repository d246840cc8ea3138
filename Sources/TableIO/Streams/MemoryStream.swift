/// Bytes that are in memory already.
final class MemoryStream: ByteStream {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        let count = min(buffer.count, bytes.count - position)
        bytes.withUnsafeBytes { source in
            // SAFETY: `count` is at most what remains of `bytes` and at most the room in `buffer`.
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[position..<position + count]))
        }
        position += count
        return count
    }
}

/// Bytes that an embedder's function hands over piece by piece.
final class PullStream: ByteStream {
    private let pull: BytePull
    private let path: String
    private var ended = false

    init(path: String, _ pull: @escaping BytePull) {
        self.path = path
        self.pull = pull
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        var filled = 0
        while filled < buffer.count && !ended {
            // SAFETY: the slice is the unfilled rest of `buffer`.
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = try pull(room)
            guard count >= 0 && count <= room.count else {
                throw TableIOError(
                    .readFailed, path: path, detail: "the source returned \(count) bytes for a buffer of \(room.count)")
            }
            ended = count == 0
            filled += count
        }
        return filled
    }
}
