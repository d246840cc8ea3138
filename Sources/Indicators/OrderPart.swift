internal import CKernels
import Synchronization

/// The rows of the customers whose ids hash into one part of a log.
///
/// Rows gather in an open chunk as they are. When it is full the ids are looked up all at once, while the part's
/// customers stay in the second-level cache, and the chunk is packed. Nothing depends on the order in which rows come:
/// customers get their numbers as they come, and are put in order by `CustomerPart`.
///
/// SAFETY: unchecked, since `open` is used under `lock` and the rest under `tableLock`, or by one thread after the last
/// row.
final class OrderPart: @unchecked Sendable {
    /// A full chunk: the customer and the fields of each row.
    struct Chunk: Sendable {
        let columns: [PackedIntegers]
        /// For each field its scale; `decimals(0)` for what is no number.
        let scales: [NumberScale]
        /// Whether customers are told by what is left of their codes, not by numbers of the part's table.
        var isCoded = false

        var rowCount: Int { columns[0].count }
    }

    private let lock = Mutex(())
    private let tableLock = Mutex(())
    private var open: OpenChunk?
    private(set) var customers = stratum_customers()
    private(set) var chunks: [Chunk] = []
    /// Parts of stored logs.
    private(set) var settled: [SettledPart] = []
    /// Which part of the log this is.
    let number: Int
    let fieldCount: Int
    let spill: OrderSpill?

    init(number: Int, fieldCount: Int, spill: OrderSpill?) {
        self.number = number
        self.fieldCount = fieldCount
        self.spill = spill
    }

    deinit { stratum_customers_free(&customers) }

    /// The rows that were packed.
    var rowCount: Int { chunks.reduce(0) { $0 + $1.rowCount } }

    /// Adds rows of a batch.
    ///
    /// - Throws: `IndicatorsError` of kind `outOfMemory`, what the spill throws
    func append(_ rows: UnsafeBufferPointer<UInt32>, of batch: OrderBatch, _ pool: OpenChunkPool) throws {
        var full: [OpenChunk] = []
        lock.withLock { _ in
            if let open, open.rowCount > 0, open.scales != batch.scales {
                full.append(open)
                self.open = nil
            }
            var first = 0
            while first < rows.count {
                let chunk = open ?? pool.take()
                open = chunk
                chunk.scales = batch.scales
                let count = min(rows.count - first, OpenChunk.rowCapacity - chunk.rowCount)
                chunk.append(UnsafeBufferPointer(rebasing: rows[first..<first + count]), of: batch)
                if chunk.rowCount == OpenChunk.rowCapacity {
                    full.append(chunk)
                    open = nil
                }
                first += count
            }
        }
        // Others may add rows meanwhile.
        for chunk in full {
            try pack(chunk)
            pool.give(chunk)
        }
    }

    private func pack(_ chunk: OpenChunk) throws {
        try tableLock.withLock { _ in
            // SAFETY: the chunk has as many ids, hashes and rows of the first column as it says.
            let isIn = stratum_customers_resolve(
                &customers, chunk.identifierBytes, chunk.identifierEnds, chunk.rowCount, chunk.hashes,
                chunk.columns)
            guard isIn != 0 else { throw IndicatorsError(.outOfMemory) }
            let columns = try (0...fieldCount).map { column in
                try PackedIntegers(
                    UnsafeBufferPointer(start: chunk.columns + column * OpenChunk.rowCapacity, count: chunk.rowCount),
                    spill)
            }
            chunks.append(Chunk(columns: columns, scales: chunk.scales))
        }
    }

    /// Adds packed rows.
    func add(_ chunk: Chunk) { tableLock.withLock { _ in chunks.append(chunk) } }

    /// Adds a part of a stored log.
    func add(_ part: SettledPart) { tableLock.withLock { _ in settled.append(part) } }

    /// Packs what is left and frees what only adding needs.
    ///
    /// - Throws: as `append`
    func close() throws {
        defer {
            open = nil
            stratum_customers_seal(&customers)
        }
        guard let open, open.rowCount > 0 else { return }
        try pack(open)
    }

    /// Frees the rows and the ids.
    func removeAll() {
        chunks = []
        settled = []
        stratum_customers_free(&customers)
    }
}

/// The rows of one batch as a part takes them: pointers that are valid for the call.
struct OrderBatch {
    var identifierBytes: UnsafePointer<UInt8>
    var identifierByteCount: Int
    var identifierEnds: UnsafePointer<UInt32>
    var hashes: UnsafePointer<UInt64>
    /// For each field its cells.
    var cells: [UnsafePointer<Int64>]
    var scales: [NumberScale]
}
