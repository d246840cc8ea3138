/// The bytes of a stream, with their SHA-256 taken as they pass.
final class DigestedStream: ByteStream {
    private let source: any ByteStream
    private var hash: SHA256?

    init(_ source: any ByteStream, path: String) throws(TableIOError) {
        self.source = source
        hash = try SHA256(path: path)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        let count = try source.read(into: buffer)
        hash?.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
    }

    /// The digest of all that was read; called once, at the end.
    func text() -> String? { hash.take()?.text() }
}
