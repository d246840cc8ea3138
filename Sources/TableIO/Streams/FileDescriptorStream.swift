import Glibc

/// The bytes of an open file, pipe or terminal from its current position on.
final class FileDescriptorStream: ByteStream {
    private let descriptor: Int32
    private let path: String
    private var offset = 0

    /// A stream over `descriptor`, which stays the caller's to close and must outlive the stream.
    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        var filled = 0
        while filled < buffer.count {
            // SAFETY: `filled` < `buffer.count`, and the call writes at most the bytes that remain.
            let count = Glibc.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
            if count == 0 { break }
            if count > 0 {
                filled += count
            } else {
                try Self.recover(from: errno, descriptor: descriptor, path: path, offset: offset + filled)
            }
        }
        offset += filled
        return filled
    }

    /// Fills `buffer` from the byte at `offset` of a regular file; less than its count only at the end of the file.
    static func read(
        descriptor: Int32, path: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(TableIOError) -> Int {
        var filled = 0
        while filled < buffer.count {
            // SAFETY: as above; `pread` leaves the position of the descriptor alone.
            let count = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, offset + filled)
            if count == 0 { break }
            if count > 0 {
                filled += count
            } else {
                try recover(from: errno, descriptor: descriptor, path: path, offset: offset + filled)
            }
        }
        return filled
    }

    /// Returns when the read may be tried again: after a signal, or when a non-blocking pipe has bytes.
    private static func recover(from code: Int32, descriptor: Int32, path: String, offset: Int) throws(TableIOError) {
        if code == EINTR { return }
        guard code == EAGAIN || code == EWOULDBLOCK else {
            throw SystemError.error(code, .readFailed, path: path, byteOffset: offset)
        }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, -1)
    }
}
