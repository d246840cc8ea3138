import Synchronization

/// Rows of one part that are not packed yet: ids with their hashes, and the fields as 64-bit integers.
///
/// SAFETY: unchecked, since one part holds a chunk at a time.
final class OpenChunk: @unchecked Sendable {
    /// Rows that fit: enough that looking their ids up finds the part's table in the cache most of the time.
    static let rowCapacity = 32_768

    private(set) var rowCount = 0
    var scales: [NumberScale] = []
    let identifierEnds: UnsafeMutablePointer<UInt32>
    let hashes: UnsafeMutablePointer<UInt64>
    /// Column-major, `rowCapacity` cells a column: room for the customers' numbers, then the fields.
    let columns: UnsafeMutablePointer<Int64>
    private(set) var identifierBytes: UnsafeMutablePointer<UInt8>
    private var byteCount = 0
    private var byteCapacity = 16 * rowCapacity
    private let fieldCount: Int

    init(fieldCount: Int) {
        self.fieldCount = fieldCount
        // SAFETY: sized for `rowCapacity` rows, freed in deinit; cells are written before they are read.
        identifierEnds = .allocate(capacity: Self.rowCapacity)
        hashes = .allocate(capacity: Self.rowCapacity)
        columns = .allocate(capacity: Self.rowCapacity * (fieldCount + 1))
        identifierBytes = .allocate(capacity: byteCapacity)
    }

    deinit {
        identifierEnds.deallocate()
        hashes.deallocate()
        columns.deallocate()
        identifierBytes.deallocate()
    }

    func removeAll() {
        rowCount = 0
        byteCount = 0
    }

    /// Adds rows of a batch, as many as fit.
    func append(_ rows: UnsafeBufferPointer<UInt32>, of batch: OrderBatch) {
        precondition(rows.count <= Self.rowCapacity - rowCount, "\(rows.count) rows, \(rowCount) there")
        appendIdentifiers(rows, of: batch)
        let hashes = hashes + rowCount
        for place in 0..<rows.count { hashes[place] = batch.hashes[Int(rows[place])] }
        for field in 0..<fieldCount {
            // SAFETY: columns have `rowCapacity` cells, of which `rowCount` are in use.
            let cells = columns + (Self.rowCapacity * (field + 1) + rowCount)
            let values = batch.cells[field]
            for place in 0..<rows.count { cells[place] = values[Int(rows[place])] }
        }
        rowCount += rows.count
    }

    private func appendIdentifiers(_ rows: UnsafeBufferPointer<UInt32>, of batch: OrderBatch) {
        let ends = identifierEnds + rowCount
        var end = byteCount
        for place in 0..<rows.count {
            let row = Int(rows[place])
            let start = row == 0 ? 0 : Int(batch.identifierEnds[row - 1])
            let count = Int(batch.identifierEnds[row]) - start
            if end + count + 16 > byteCapacity { reserve(end + count + 16, keeping: end) }
            // SAFETY: room was made for the id and 16 bytes more; the id lies in the batch's bytes, and so do 16 bytes
            // from its start where they are copied.
            if count <= 16, start + 16 <= batch.identifierByteCount {
                UnsafeMutableRawPointer(identifierBytes + end).storeBytes(
                    of: UnsafeRawPointer(batch.identifierBytes + start).loadUnaligned(as: SIMD16<UInt8>.self),
                    as: SIMD16<UInt8>.self)
            } else {
                (identifierBytes + end).update(from: batch.identifierBytes + start, count: count)
            }
            end += count
            ends[place] = UInt32(truncatingIfNeeded: end)
        }
        byteCount = end
    }

    private func reserve(_ needed: Int, keeping count: Int) {
        precondition(needed <= Int(UInt32.max), "\(needed) bytes of ids in one chunk")
        byteCapacity = max(needed, 2 * byteCapacity)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: byteCapacity)
        // SAFETY: `count` bytes are in use, and the new storage is larger.
        larger.update(from: identifierBytes, count: count)
        identifierBytes.deallocate()
        identifierBytes = larger
    }
}

/// Empty chunks, used again and again.
final class OpenChunkPool: Sendable {
    private let fieldCount: Int
    private let free = Mutex<[OpenChunk]>([])

    init(fieldCount: Int) { self.fieldCount = fieldCount }

    func take() -> OpenChunk {
        free.withLock { $0.popLast() } ?? OpenChunk(fieldCount: fieldCount)
    }

    func give(_ chunk: OpenChunk) {
        chunk.removeAll()
        free.withLock { $0.append(chunk) }
    }
}
