import Synchronization

/// Room for bringing the rows of one part in order.
///
/// SAFETY: unchecked, since one part has it at a time.
final class PartScratch: @unchecked Sendable {
    private var rowCapacity = 1
    /// Where each row of the part goes.
    private var targets: UnsafeMutablePointer<UInt32>
    /// Rows of chunks, of stored parts, and both together.
    let fresh = RowColumns()
    let stored = RowColumns()
    let merged = RowColumns()
    private let cells: UnsafeMutablePointer<Int64>

    init() {
        // SAFETY: freed in deinit, and the first where it grows; all is written before it is read.
        targets = .allocate(capacity: 1)
        cells = .allocate(capacity: OpenChunk.rowCapacity)
    }

    deinit {
        targets.deallocate()
        cells.deallocate()
    }

    func reserve(_ rowCount: Int) {
        guard rowCount > rowCapacity else { return }
        rowCapacity = rowCount + rowCount / 8
        targets.deallocate()
        targets = .allocate(capacity: rowCapacity)
    }

    /// Notes the number of each row's customer.
    ///
    /// - Parameter otherCount: customers of the part's table.
    /// - Returns: the numbers, and how many rows each has: first the coded customers', then the others'.
    func number(_ chunks: [OrderPart.Chunk], otherCount: Int) throws -> (numbers: CustomerNumbers, rowCounts: [UInt32])
    {
        var numbers = CustomerNumbers(chunks)
        var first = 0
        for chunk in chunks where chunk.isCoded {
            try chunk.columns[0].decode(0..<chunk.rowCount, into: cells)
            numbers.number(cells, chunk.rowCount)
            for row in 0..<chunk.rowCount { targets[first &+ row] = UInt32(truncatingIfNeeded: cells[row]) }
            first += chunk.rowCount
        }
        let codedCount = Int64(numbers.codedCount)
        for chunk in chunks where !chunk.isCoded {
            try chunk.columns[0].decode(0..<chunk.rowCount, into: cells)
            for row in 0..<chunk.rowCount {
                targets[first &+ row] = UInt32(truncatingIfNeeded: cells[row] &+ codedCount)
            }
            first += chunk.rowCount
        }
        var counts = [UInt32](repeating: 0, count: numbers.codedCount + otherCount)
        counts.withUnsafeMutableBufferPointer { counts in
            for row in 0..<first { counts[Int(targets[row])] &+= 1 }
        }
        return (numbers, counts)
    }

    /// Finds each of the rows that were numbered its place, where the first row of each customer has the place given.
    func place(_ rowCount: Int, _ places: inout [UInt32]) {
        places.withUnsafeMutableBufferPointer { places in
            for row in 0..<rowCount {
                let number = Int(targets[row])
                targets[row] = places[number]
                places[number] &+= 1
            }
        }
    }

    /// Writes a field of all rows to a column, each to its place.
    func gather(
        _ chunks: [OrderPart.Chunk], field: Int, as scale: NumberScale, to column: UnsafeMutablePointer<Int64>
    ) throws {
        var first = 0
        // The order in which they were numbered.
        for chunk in chunks.filter(\.isCoded) + chunks.filter({ !$0.isCoded }) {
            try chunk.columns[field + 1].decode(0..<chunk.rowCount, into: cells)
            if chunk.scales[field] != scale { chunk.scales[field].convert(cells, chunk.rowCount, to: scale) }
            let targets = targets + first
            for row in 0..<chunk.rowCount { column[Int(targets[row])] = cells[row] }
            first += chunk.rowCount
        }
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
