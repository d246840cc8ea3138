import Dispatch
import Synchronization

/// Unpacked bytes, made ahead of their reader by a thread of their own.
///
/// ```
/// file ──▶ XXH3 ──▶ inflate ──▶ 4 pieces of 1 MiB ──▶ read
///          └─── one thread ───┘  handed over in order
/// ```
///
/// The thread starts with the first read and waits when all pieces are full. It is gone when this object is: a wait for
/// a pipe is broken off; only an embedder's function is waited for.
final class ReadAhead: ByteStream {
    /// Bytes handed over at once.
    static let pieceByteCount = 1 << 20
    /// Pieces that are filled ahead.
    static let pieceCount = 4

    private let producer: Producer
    private let interruption: Interruption?
    private var hasStarted = false
    private var isHolding = false
    private var taken = 0
    private var position = 0
    private var current = Piece()

    /// The bytes of `content`, which unpacks `raw` and is used by nobody else.
    ///
    /// - Parameter interruption: breaks off a read of `raw` that waits for a pipe.
    init(
        _ content: any ByteStream, of raw: RawStream, path: String, limit: DecompressionLimit,
        interruption: Interruption?
    ) {
        producer = Producer(content, of: raw, path: path, limit: limit)
        self.interruption = interruption
    }

    deinit {
        guard hasStarted else { return }
        producer.isStopped.store(true, ordering: .relaxed)
        interruption?.raise()
        producer.empty.signal()
        producer.ended.wait()
    }

    /// What of the stored bytes had been taken when the piece read last was complete.
    var stored: StoredPart { current.stored }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        var filled = 0
        while filled < buffer.count {
            if position == current.count {
                if let failure = current.failure { throw failure }
                if current.isLast { break }
                takePiece()
                continue
            }
            let count = min(buffer.count - filled, current.count - position)
            // SAFETY: `count` is at most the room in `buffer` and what is left of the piece, which the thread does not
            // touch before it is given back.
            let bytes = UnsafeRawBufferPointer(
                rebasing: producer.storage[(taken - 1) % Self.pieceCount][position..<position + count])
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: bytes)
            filled += count
            position += count
        }
        return filled
    }

    /// Gives the used piece back and waits for the next.
    private func takePiece() {
        if !hasStarted {
            hasStarted = true
            producer.start()
        }
        if isHolding { producer.empty.signal() }
        producer.full.wait()
        current = producer.pieces[taken % Self.pieceCount]
        isHolding = true
        taken += 1
        position = 0
    }
}

/// Bytes and checksum of a compressed input up to some place.
struct StoredPart: Sendable {
    var byteCount = 0
    var checksum: UInt64 = 0
}

/// What is known of a filled piece.
private struct Piece {
    var count = 0
    /// What ended the stream after these bytes.
    var failure: TableIOError?
    var isLast = false
    var stored = StoredPart()
}

/// The thread's side of a `ReadAhead`.
private final class Producer: @unchecked Sendable {
    // SAFETY: unchecked, since a piece belongs to the thread between `empty` and `full` and to the reader from `full`
    // to `empty`; everything else is the thread's until `ended`.
    let storage: [UnsafeMutableRawBufferPointer]
    var pieces = UnsafeMutableBufferPointer<Piece>.allocate(capacity: ReadAhead.pieceCount)
    // Made with 0 and raised: a semaphore must not go below its first value before it is released.
    let empty = DispatchSemaphore(value: 0)
    let full = DispatchSemaphore(value: 0)
    let ended = DispatchSemaphore(value: 0)
    let isStopped = Atomic(false)
    private let content: any ByteStream
    private let raw: RawStream
    private let path: String
    private let limit: DecompressionLimit

    init(_ content: any ByteStream, of raw: RawStream, path: String, limit: DecompressionLimit) {
        self.content = content
        self.raw = raw
        self.path = path
        self.limit = limit
        storage = (0..<ReadAhead.pieceCount).map { _ in
            .allocate(byteCount: ReadAhead.pieceByteCount, alignment: 64)
        }
        pieces.initialize(repeating: Piece())
    }

    deinit {
        for piece in storage { piece.deallocate() }
        pieces.deinitialize().deallocate()
    }

    func start() {
        for _ in 0..<ReadAhead.pieceCount { empty.signal() }
        // A queue of its own has a thread also when all workers of the shared ones wait for these bytes.
        DispatchQueue(label: "stratum.read-ahead").async {
            self.work()
            self.ended.signal()
        }
    }

    private func work() {
        var number = 0
        var total = 0
        while true {
            empty.wait()
            if isStopped.load(ordering: .relaxed) { return }
            var piece = Piece()
            do throws(TableIOError) {
                piece.count = try content.read(into: storage[number % ReadAhead.pieceCount])
                total += piece.count
                try limit.check(total, from: raw.byteCount, path: path)
            } catch {
                piece.count = 0
                piece.failure = error
            }
            piece.isLast = piece.failure != nil || piece.count < ReadAhead.pieceByteCount
            piece.stored = StoredPart(byteCount: raw.byteCount, checksum: raw.checksum)
            pieces[number % ReadAhead.pieceCount] = piece
            full.signal()
            if piece.isLast { return }
            number += 1
        }
    }
}
