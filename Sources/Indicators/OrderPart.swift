internal import CKernels
import Synchronization

/// The rows of the customers whose ids hash into one part of a log.
///
/// Rows gather in an open chunk as plain 64-bit integers; a full one is packed. Nothing depends on the order in which
/// rows come: customers get their numbers as they come, and are put in order by `grouped`.
///
/// SAFETY: unchecked, since everything is used under `lock`, or by one thread after the last row.
final class OrderPart: @unchecked Sendable {
    /// Rows of a full chunk.
    static let chunkRowCount = 2048

    /// A full chunk: the customer's number and the fields of each row.
    struct Chunk: Sendable {
        let columns: [PackedIntegers]
        /// For each field its scale; `decimals(0)` for what is no number.
        let scales: [NumberScale]

        var rowCount: Int { columns[0].count }
    }

    private let lock = Mutex(())
    private(set) var customers = stratum_customers()
    private(set) var chunks: [Chunk] = []
    private(set) var rowCount = 0
    let fieldCount: Int
    private var open: UnsafeMutablePointer<Int64>?
    private var openCount = 0
    private var openScales: [NumberScale] = []

    init(fieldCount: Int) { self.fieldCount = fieldCount }

    deinit {
        open?.deallocate()
        stratum_customers_free(&customers)
    }

    /// Adds rows of a batch.
    ///
    /// - Parameter indices: room for as many numbers as there are rows.
    /// - Returns: false if there is no memory left.
    func append(
        _ rows: UnsafeBufferPointer<UInt32>, of batch: OrderBatch, indices: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        lock.withLock { _ in
            // SAFETY: rows are below the batch's row count, and the ids' bytes and ends are those of the batch.
            let isIn = stratum_customers_resolve(
                &customers, batch.identifierBytes, batch.identifierEnds, UInt32(batch.rowCount), batch.hashes,
                rows.baseAddress!, rows.count, indices)
            guard isIn != 0 else { return false }
            if openScales != batch.scales {
                seal()
                openScales = batch.scales
            }
            var first = 0
            while first < rows.count {
                let count = min(rows.count - first, Self.chunkRowCount - openCount)
                fill(UnsafeBufferPointer(rebasing: rows[first..<first + count]), indices + first, of: batch)
                if openCount == Self.chunkRowCount { seal() }
                first += count
            }
            rowCount += rows.count
            return true
        }
    }

    private func fill(
        _ rows: UnsafeBufferPointer<UInt32>, _ indices: UnsafePointer<UInt32>, of batch: OrderBatch
    ) {
        let room = Self.chunkRowCount
        if open == nil { open = .allocate(capacity: room * (fieldCount + 1)) }
        guard let open else { return }
        // SAFETY: a column of the open chunk has room for `chunkRowCount` rows, `openCount` of them in use.
        let start = open + openCount
        for place in 0..<rows.count { start[place] = Int64(indices[place]) }
        for field in 0..<fieldCount {
            let cells = start + room * (field + 1)
            let values = batch.cells[field]
            for place in 0..<rows.count { cells[place] = values[Int(rows[place])] }
        }
        openCount += rows.count
    }

    /// Packs the open chunk.
    private func seal() {
        guard let open, openCount > 0 else { return }
        let columns = (0...fieldCount).map { column in
            PackedIntegers(UnsafeBufferPointer(start: open + column * Self.chunkRowCount, count: openCount))
        }
        chunks.append(Chunk(columns: columns, scales: openScales))
        openCount = 0
    }

    /// Packs what is left and frees what only adding needs.
    func close() {
        seal()
        open?.deallocate()
        open = nil
        stratum_customers_seal(&customers)
    }

    /// Frees the rows and the ids.
    func removeAll() {
        chunks = []
        stratum_customers_free(&customers)
    }
}

/// The rows of one batch as a part takes them: pointers that are valid for the call.
struct OrderBatch {
    var rowCount: Int
    var identifierBytes: UnsafePointer<UInt8>
    var identifierEnds: UnsafePointer<UInt32>
    var hashes: UnsafePointer<UInt64>
    /// For each field its cells.
    var cells: [UnsafePointer<Int64>]
    var scales: [NumberScale]
}
