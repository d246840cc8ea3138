internal import CXXHash
internal import Synchronization
public import Tables
public import VectorMath

/// Ids of many rows, to find the row of one again: compared byte by byte, whatever their length.
///
/// Ids lie end to end; a table of slots, two thirds full at most, holds for each 32 bits of its hash and its row. That
/// makes the bytes of the id and 16 to 28 more. Who asks for ids in about the order in which they were added is answered
/// by a look at the next one, without the table.
public final class IdentifierIndex: Sendable {
    private let bytes: [UInt8]
    /// For each row where its id ends, from the base of its run of rows.
    private let ends: [UInt32]
    /// For each run of rows where its first id starts.
    private let bases: [Int]
    /// Nil until somebody asks out of order.
    private let table: Mutex<Table?>
    private let workers: Workers

    /// So many ids of 1 MiB end within 4 GiB of the first.
    private static let runLength = 2_048
    private static let partCount = 16
    /// The most rows that a slot can tell.
    public static let rowLimit = Int(UInt32.max) - 1

    /// An index of ids that are all different.
    ///
    /// - Parameter batches: at most `rowLimit` rows together.
    /// - Complexity: O(bytes); the slots are filled when they are first needed.
    public init(_ batches: [Identifiers], workers: Workers) {
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        var bases: [Int] = []
        let rowCount = batches.reduce(0) { $0 + $1.count }
        precondition(rowCount <= Self.rowLimit, "\(rowCount) rows, at most \(Self.rowLimit)")
        bytes.reserveCapacity(batches.reduce(0) { $0 + $1.bytes.count } + 16)
        ends.reserveCapacity(rowCount)
        for batch in batches {
            let start = bytes.count
            bytes += batch.bytes
            for row in 0..<batch.count {
                let range = batch.range(of: row)
                if ends.count % Self.runLength == 0 { bases.append(start + range.lowerBound) }
                ends.append(UInt32(start + range.upperBound - bases[bases.count - 1]))
            }
        }
        (self.bytes, self.ends, self.bases) = (bytes, ends, bases)
        self.workers = workers
        table = Mutex(nil)
    }

    /// Where hashes lie, in parts that are filled side by side.
    private struct Table: Sendable {
        /// Row + 1 below 32 bits of the hash; 0 is free.
        let slots: [UInt64]
        /// For each part where its slots begin, and the end.
        let starts: [Int]
    }

    /// The number of ids.
    public var count: Int { ends.count }

    private func range(of row: Int) -> Range<Int> {
        let base = bases[row / Self.runLength]
        let start = row % Self.runLength == 0 ? base : base + Int(ends[row - 1])
        return start..<base + Int(ends[row])
    }

    private func isEqual(_ row: Int, _ id: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = range(of: row)
        guard range.count == id.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            for place in 0..<id.count where bytes[range.lowerBound + place] != id[place] { return false }
            return true
        }
    }

    /// Calls `body` with each row of a batch and the row here that has its id, nil for none, in order.
    ///
    /// Safe to call from several threads.
    ///
    /// - Parameter hint: the row here that the first id is likely to have.
    public func find(_ identifiers: Identifiers, near hint: Int = 0, _ body: (_ row: Int, _ found: Int?) -> Void) {
        var next = hint
        var table: Table?
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<identifiers.count {
                let id = UnsafeBufferPointer(rebasing: bytes[identifiers.range(of: row)])
                if next < count, isEqual(next, id) {
                    body(row, next)
                    next += 1
                    continue
                }
                if table == nil { table = filledTable() }
                let found = lookUp(id, in: table!)
                body(row, found)
                if let found { next = found + 1 }
            }
        }
    }

    private static func hash(_ id: UnsafeBufferPointer<UInt8>) -> UInt64 {
        // SAFETY: the function reads `count` bytes from the start; of nothing it reads none.
        XXH3_64bits(id.baseAddress, id.count)
    }

    private static func part(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash & UInt64(partCount - 1)) }

    /// The slot where the search for a hash begins, by its upper bits.
    private static func place(of hash: UInt64, in slotCount: Int) -> Int {
        Int(truncatingIfNeeded: ((hash >> 4) & 0xFFFF_FFFF).multipliedFullWidth(by: UInt64(slotCount) << 32).high)
    }

    private func lookUp(_ id: UnsafeBufferPointer<UInt8>, in table: borrowing Table) -> Int? {
        let hash = Self.hash(id)
        let part = Self.part(of: hash)
        let (start, end) = (table.starts[part], table.starts[part + 1])
        var place = start + Self.place(of: hash, in: end - start)
        while table.slots[place] != 0 {
            if table.slots[place] >> 32 == hash >> 32 {
                let row = Int(truncatingIfNeeded: table.slots[place] & 0xFFFF_FFFF) - 1
                if isEqual(row, id) { return row }
            }
            place = place + 1 == end ? start : place + 1
        }
        return nil
    }

    /// The table, filled by the first who asks; others wait.
    private func filledTable() -> Table {
        table.withLock { table in
            if let table { return table }
            let made = makeTable()
            table = made
            return made
        }
    }

    private func makeTable() -> Table {
        let runCount = (count + Self.runLength - 1) / Self.runLength
        let hashes = workers.map(chunkCount: runCount) { run in
            (run * Self.runLength..<min(count, (run + 1) * Self.runLength)).map { row in
                bytes.withUnsafeBufferPointer { Self.hash(UnsafeBufferPointer(rebasing: $0[range(of: row)])) }
            }
        }
        var sizes = [Int](repeating: 0, count: Self.partCount)
        for run in hashes {
            for hash in run { sizes[Self.part(of: hash)] += 1 }
        }
        // A free slot more than ids, so that every search ends.
        let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 * 3 / 2 + 1) }
        let slotCount = starts[Self.partCount]
        let slots = [UInt64](unsafeUninitializedCapacity: slotCount) { slots, initializedCount in
            // SAFETY: each part writes its own slots, and `forEach` returns after all have.
            nonisolated(unsafe) let slots = slots
            workers.forEach(chunkCount: Self.partCount) { part in
                let (start, end) = (starts[part], starts[part + 1])
                slots[start..<end].update(repeating: 0)
                var row: UInt64 = 0
                for run in hashes {
                    for hash in run {
                        row += 1
                        guard Self.part(of: hash) == part else { continue }
                        var place = start + Self.place(of: hash, in: end - start)
                        while slots[place] != 0 { place = place + 1 == end ? start : place + 1 }
                        slots[place] = hash & 0xFFFF_FFFF_0000_0000 | row
                    }
                }
            }
            initializedCount = slotCount
        }
        return Table(slots: slots, starts: starts)
    }
}
