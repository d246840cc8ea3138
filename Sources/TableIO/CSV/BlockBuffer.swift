/// Bytes of one block with the margins that the vector scan reads beyond its ends.
///
/// Identity matters: buffers are handed from worker to worker and reused.
final class BlockBuffer: @unchecked Sendable {
    /// Readable bytes before the first and past the last content byte.
    static let margin = 64

    private var storage: UnsafeMutableRawBufferPointer
    /// The number of content bytes.
    private(set) var count = 0

    init(capacity: Int) {
        storage = .allocate(byteCount: capacity + 2 * Self.margin, alignment: 64)
        _ = storage.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { storage.deallocate() }

    /// Content bytes that fit without growing.
    var capacity: Int { storage.count - 2 * Self.margin }

    /// The content. Valid while the buffer lives and is not changed.
    var bytes: UnsafeBufferPointer<UInt8> {
        // SAFETY: margin + count lies within storage by `capacity`; all of storage was initialized in init or reserve.
        UnsafeBufferPointer(
            start: storage.baseAddress!.advanced(by: Self.margin).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// Makes room for `capacity` content bytes and keeps the content.
    func reserve(_ capacity: Int) {
        guard capacity > self.capacity else { return }
        let grown = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(capacity, self.capacity * 2) + 2 * Self.margin, alignment: 64)
        _ = grown.initializeMemory(as: UInt8.self, repeating: 0)
        // SAFETY: the new storage is larger than the old one.
        grown.copyMemory(from: UnsafeRawBufferPointer(storage))
        storage.deallocate()
        storage = grown
    }

    /// Appends what `fill` writes to the room it is given, at most `limit` bytes; returns how many.
    func append(limit: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> Int {
        reserve(count + limit)
        // SAFETY: reserve made room for count + limit bytes after the margin.
        let room = UnsafeMutableRawBufferPointer(
            rebasing: storage[(Self.margin + count)..<(Self.margin + count + limit)])
        let written = try fill(room)
        precondition((0...limit).contains(written), "\(written) bytes written to room for \(limit)")
        count += written
        return written
    }

    /// Appends a copy of `bytes`.
    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        _ = append(limit: bytes.count) { room in
            room.copyMemory(from: UnsafeRawBufferPointer(bytes))
            return bytes.count
        }
    }

    /// Keeps the first `count` content bytes.
    func truncate(to count: Int) {
        precondition(count <= self.count, "cannot keep \(count) of \(self.count) bytes")
        self.count = count
    }
}
