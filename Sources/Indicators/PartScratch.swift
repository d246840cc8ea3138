import Synchronization

/// Room for bringing the rows of one part in order.
///
/// SAFETY: unchecked, since one part has it at a time.
final class PartScratch: @unchecked Sendable {
    private var rowCapacity = 1
    /// Where each row of the part goes.
    private var targets: UnsafeMutablePointer<UInt32>
    private var column: UnsafeMutablePointer<Int64>
    private let cells: UnsafeMutablePointer<Int64>

    init() {
        // SAFETY: freed in deinit, and the first two where they grow; all is written before it is read.
        targets = .allocate(capacity: 1)
        column = .allocate(capacity: 1)
        cells = .allocate(capacity: OpenChunk.rowCapacity)
    }

    deinit {
        targets.deallocate()
        column.deallocate()
        cells.deallocate()
    }

    func reserve(_ rowCount: Int) {
        guard rowCount > rowCapacity else { return }
        rowCapacity = rowCount + rowCount / 8
        targets.deallocate()
        column.deallocate()
        targets = .allocate(capacity: rowCapacity)
        column = .allocate(capacity: rowCapacity)
    }

    /// Finds each row its place, customer by customer.
    ///
    /// - Parameter order: the customers' numbers in the order they are to have.
    /// - Returns: for each of them the number of rows up to its last.
    func place(_ chunks: [OrderPart.Chunk], _ order: [UInt32]) throws -> [UInt32] {
        var places = [UInt32](repeating: 0, count: order.count)
        for (place, customer) in order.enumerated() { places[Int(customer)] = UInt32(truncatingIfNeeded: place) }
        // Rows are counted by customer, then handed out row by row.
        var ends = [UInt32](repeating: 0, count: order.count + 1)
        try places.withUnsafeBufferPointer { places in
            try ends.withUnsafeMutableBufferPointer { ends in
                var first = 0
                for chunk in chunks {
                    try chunk.columns[0].decode(0..<chunk.rowCount, into: cells)
                    for row in 0..<chunk.rowCount {
                        let place = places[Int(truncatingIfNeeded: cells[row])]
                        targets[first &+ row] = place
                        ends[Int(place) &+ 1] &+= 1
                    }
                    first += chunk.rowCount
                }
                for customer in 0..<order.count { ends[customer + 1] += ends[customer] }
                for row in 0..<first {
                    let customer = Int(targets[row])
                    targets[row] = ends[customer]
                    ends[customer] &+= 1
                }
            }
        }
        // Each count has moved up by its rows, so it tells now where its customer ends.
        ends.removeLast()
        return ends
    }

    /// A field of all rows, each in its place; valid until the next call.
    func gather(_ chunks: [OrderPart.Chunk], field: Int, as scale: NumberScale) throws -> UnsafePointer<Int64> {
        var first = 0
        for chunk in chunks {
            try chunk.columns[field + 1].decode(0..<chunk.rowCount, into: cells)
            if chunk.scales[field] != scale { chunk.scales[field].convert(cells, chunk.rowCount, to: scale) }
            let targets = targets + first
            for row in 0..<chunk.rowCount { column[Int(targets[row])] = cells[row] }
            first += chunk.rowCount
        }
        return UnsafePointer(column)
    }
}

/// Scratch that is used again and again.
final class PartScratchPool: Sendable {
    private let free = Mutex<[PartScratch]>([])

    func with<Result>(_ body: (PartScratch) throws -> Result) rethrows -> Result {
        let scratch = free.withLock { $0.popLast() } ?? PartScratch()
        defer { free.withLock { $0.append(scratch) } }
        return try body(scratch)
    }
}
