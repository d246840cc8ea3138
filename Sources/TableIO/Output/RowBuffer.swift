/// Bytes of formatted rows: room is asked for once for a row or a block of rows, then written without further checks.
///
///     let start = buffer.reserve(rowCount * rowByteCount)
///     var end = start
///     end = decimal.write(score, to: end)
///     ...
///     buffer.extend(to: end)
///
/// Memory is kept by `removeAll`, so reuse a buffer rather than make a new one: fresh memory costs more than the digits.
/// One thread at a time; it may be handed from one to the next.
///
/// SAFETY: `Sendable` unchecked because of the raw storage only, which no one else refers to.
public final class RowBuffer: @unchecked Sendable {
    /// Bytes written so far.
    public private(set) var count = 0
    private var capacity: Int
    private var storage: UnsafeMutablePointer<UInt8>

    /// An empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 1 << 16) {
        self.capacity = max(64, capacity)
        storage = .allocate(capacity: self.capacity)
    }

    deinit {
        storage.deallocate()
    }

    /// Makes room for `byteCount` more bytes and returns where they go; valid until the next call of any method.
    public func reserve(_ byteCount: Int) -> UnsafeMutablePointer<UInt8> {
        precondition(byteCount >= 0, "\(byteCount) bytes asked")
        if capacity - count < byteCount { grow(to: count + byteCount) }
        // SAFETY: `count` <= `capacity`, the size of the storage.
        return storage + count
    }

    /// Takes in the bytes written from the pointer of the last `reserve` to `end`.
    public func extend(to end: UnsafeMutablePointer<UInt8>) {
        let newCount = end - storage
        precondition(newCount >= count && newCount <= capacity, "\(newCount) bytes, \(count) before, room \(capacity)")
        count = newCount
    }

    /// Appends `bytes`.
    public func append(_ bytes: some Collection<UInt8>) {
        let room = UnsafeMutableBufferPointer(start: reserve(bytes.count), count: bytes.count)
        // SAFETY: `room` has the size of the collection.
        _ = room.update(fromContentsOf: bytes)
        count += bytes.count
    }

    /// Forgets the bytes and keeps the memory.
    public func removeAll() {
        count = 0
    }

    /// The bytes, while `body` runs.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: storage, count: count))
    }

    private func grow(to needed: Int) {
        let newCapacity = max(needed, 2 * capacity)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
        // SAFETY: `count` bytes are in use, and the new storage is larger.
        larger.update(from: storage, count: count)
        storage.deallocate()
        (storage, capacity) = (larger, newCapacity)
    }
}
