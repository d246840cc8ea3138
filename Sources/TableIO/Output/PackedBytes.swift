import Dispatch

/// Bytes on their way to a compressed output: cut into pieces of constant size, packed side by side, handed on in order.
///
/// The result depends on the bytes alone, neither on the number of threads nor on how the bytes came in. One caller at a
/// time; `store` is called on its thread, so an error of writing reaches whoever appends.
final class PackedBytes {
    /// Bytes that are packed as one.
    static let pieceByteCount = 1 << 20
    /// Threads that pack, at most.
    private static let laneLimit = 4

    private let compression: OutputCompression
    private let lanes: [Lane]
    private let pieces: [PackedPiece]
    private var frame = GzipFrame()
    private var hasHeader = false
    /// Pieces handed to a lane so far, and those of them handed on.
    private var begun = 0
    private var stored = 0

    /// - Parameters:
    ///   - path: the output, for messages.
    ///   - threadCount: threads that the caller may use.
    /// - Throws: `outOfMemory`
    init(_ compression: OutputCompression, path: String, threadCount: Int) throws(TableIOError) {
        self.compression = compression
        let laneCount = max(1, min(threadCount, Self.laneLimit))
        lanes = try (0..<laneCount).map { _ throws(TableIOError) in try Lane(compression, path: path) }
        // A multiple of the lanes, so that a piece always meets the same one: a lane has one job at a time.
        pieces = (0..<2 * laneCount).map { _ in PackedPiece(byteCount: Self.pieceByteCount) }
    }

    deinit {
        while stored < begun { _ = takeOldest() }
    }

    /// Takes in `bytes` and hands on what is packed when there is no room for more.
    func append(
        _ bytes: UnsafeRawBufferPointer, store: (UnsafeRawBufferPointer) throws(TableIOError) -> Void
    ) throws(TableIOError) {
        if compression == .gzip { frame.update(bytes) }
        var position = 0
        while position < bytes.count {
            let piece = pieces[begun % pieces.count]
            position += piece.fill(UnsafeRawBufferPointer(rebasing: bytes[position...]))
            if piece.isFull { try begin(store) }
        }
    }

    /// Hands on the rest and the end of the format; nothing may follow.
    func finish(store: (UnsafeRawBufferPointer) throws(TableIOError) -> Void) throws(TableIOError) {
        // No bytes at all are one empty frame.
        if !pieces[begun % pieces.count].isEmpty || (begun == 0 && compression == .zstd) { try begin(store) }
        while stored < begun { try storeOldest(store) }
        guard compression == .gzip else { return }
        try storeHeader(store)
        try Self.store(frame.trailer, store)
    }

    /// Hands the piece being filled to its lane, and makes sure that the next one is free.
    private func begin(_ store: (UnsafeRawBufferPointer) throws(TableIOError) -> Void) throws(TableIOError) {
        let piece = pieces[begun % pieces.count]
        let lane = lanes[begun % lanes.count]
        begun += 1
        lane.queue.async { piece.pack(by: lane) }
        if begun - stored == pieces.count { try storeOldest(store) }
    }

    private func takeOldest() -> PackedPiece {
        let piece = pieces[stored % pieces.count]
        piece.packed.wait()
        stored += 1
        return piece
    }

    private func storeOldest(_ store: (UnsafeRawBufferPointer) throws(TableIOError) -> Void) throws(TableIOError) {
        let piece = takeOldest()
        defer { piece.removeAll() }
        try storeHeader(store)
        try store(piece.result)
    }

    private func storeHeader(_ store: (UnsafeRawBufferPointer) throws(TableIOError) -> Void) throws(TableIOError) {
        guard compression == .gzip, !hasHeader else { return }
        hasHeader = true
        try Self.store(GzipFrame.header, store)
    }

    private static func store(
        _ bytes: [UInt8], _ store: (UnsafeRawBufferPointer) throws(TableIOError) -> Void
    ) throws(TableIOError) {
        try bytes.withUnsafeBytes { bytes in Result { () throws(TableIOError) in try store(bytes) } }.get()
    }
}

/// A thread that packs, and what it packs with.
private final class Lane: @unchecked Sendable {
    // SAFETY: unchecked, since the packer is used on the queue only, one job after the other.
    let queue = DispatchQueue(label: "stratum.pack")
    let packer: PiecePacker

    init(_ compression: OutputCompression, path: String) throws(TableIOError) {
        packer = try PiecePacker(compression, path: path)
    }
}

/// A piece of an output, before and after it is packed.
private final class PackedPiece: @unchecked Sendable {
    // SAFETY: unchecked, since a piece is the caller's until it is handed to a lane, the lane's until `packed` is raised
    // and the caller's again then.
    let packed = DispatchSemaphore(value: 0)
    private let bytes: UnsafeMutableRawBufferPointer
    private let room: UnsafeMutableRawBufferPointer
    private var count = 0
    private var resultCount = 0

    init(byteCount: Int) {
        bytes = .allocate(byteCount: byteCount, alignment: 64)
        room = .allocate(byteCount: PiecePacker.packedByteCount(byteCount), alignment: 64)
    }

    deinit {
        bytes.deallocate()
        room.deallocate()
    }

    var isFull: Bool { count == bytes.count }
    var isEmpty: Bool { count == 0 }
    var result: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[..<resultCount]) }

    /// Copies as many of `source` as there is room for; returns how many.
    func fill(_ source: UnsafeRawBufferPointer) -> Int {
        let added = min(source.count, bytes.count - count)
        UnsafeMutableRawBufferPointer(rebasing: bytes[count...]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: source[..<added]))
        count += added
        return added
    }

    func pack(by lane: Lane) {
        resultCount = lane.packer.pack(UnsafeRawBufferPointer(rebasing: bytes[..<count]), into: room)
        packed.signal()
    }

    func removeAll() { count = 0 }
}
