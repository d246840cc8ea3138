internal import CXXHash
internal import Synchronization
public import Tables
public import VectorMath

/// Ids of many rows, to find the row of one again: compared byte by byte, whatever their length.
///
/// Ids lie end to end; a table of slots, two thirds full at most, holds for each 32 bits of its hash and its row. That
/// makes the bytes of the id and 16 to 28 more, and 12 while the table is filled. Who asks for ids in about the order in
/// which they were added is answered by a look at the next one, without the table; who does not, for many at a time.
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
    /// The slots of a part of ten million ids fit into a core's cache while they are filled.
    private static let partCount = 128
    /// Runs whose hashes are put in the order of their parts together.
    private static let chunkRunCount = 64
    /// Ids that are looked up together: what is read for them stays in the nearest cache until it is read again.
    private static let groupSize = 256
    /// Ids of a group that may lie out of order before the rest of it is looked up together.
    private static let strayLimit = 4
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
            let one = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[range]))
            let other = UnsafeRawBufferPointer(id)
            guard id.count >= 8 else { return one.elementsEqual(other) }
            // SAFETY: words inside both ids, the last of them perhaps over bytes that were compared before.
            for start in stride(from: 0, to: id.count - 7, by: 8)
            where one.loadUnaligned(fromByteOffset: start, as: UInt64.self)
                != other.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            {
                return false
            }
            return one.loadUnaligned(fromByteOffset: id.count - 8, as: UInt64.self)
                == other.loadUnaligned(fromByteOffset: id.count - 8, as: UInt64.self)
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
        var group = Group()
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            func id(_ row: Int) -> UnsafeBufferPointer<UInt8> {
                UnsafeBufferPointer(rebasing: bytes[identifiers.range(of: row)])
            }
            for start in stride(from: 0, to: identifiers.count, by: Self.groupSize) {
                var row = start
                let end = min(identifiers.count, start + Self.groupSize)
                var strayCount = 0
                while row < end, strayCount < Self.strayLimit {
                    let id = id(row)
                    if next < count, isEqual(next, id) {
                        body(row, next)
                        next += 1
                    } else {
                        strayCount += 1
                        if table == nil { table = filledTable() }
                        let found = lookUp(id, in: table!)
                        body(row, found)
                        if let found { next = found + 1 }
                    }
                    row += 1
                }
                guard row < end, let table else { continue }
                lookUp((row..<end).map(id), in: table, &group)
                for (place, row) in (row..<end).enumerated() {
                    let found = group.rows[place]
                    body(row, found < 0 ? nil : found)
                    if found >= 0 { next = found + 1 }
                }
            }
        }
    }

    /// What is found of ids that are looked up together.
    private struct Group {
        var hashes = [UInt64](repeating: 0, count: IdentifierIndex.groupSize)
        var places = [Int](repeating: 0, count: IdentifierIndex.groupSize)
        /// For each id its row, below 0 for none.
        var rows = [Int](repeating: 0, count: IdentifierIndex.groupSize)
        /// What was read to have it near when it is needed.
        var touched = [UInt64](repeating: 0, count: IdentifierIndex.groupSize)
    }

    /// Looks ids up together: each step reads from memory for all of them before the next needs what was read, so that
    /// the core waits for many reads at a time.
    private func lookUp(_ ids: [UnsafeBufferPointer<UInt8>], in table: borrowing Table, _ group: inout Group) {
        for (place, id) in ids.enumerated() {
            let hash = Self.hash(id)
            let part = Self.part(of: hash)
            let start = table.starts[part]
            group.hashes[place] = hash
            group.places[place] = start + Self.place(of: hash, in: table.starts[part + 1] - start)
        }
        for place in ids.indices { group.touched[place] = table.slots[group.places[place]] }
        for place in ids.indices {
            group.rows[place] = row(group.hashes[place], from: group.places[place], in: table) { _ in true } ?? -1
        }
        for place in ids.indices where group.rows[place] >= 0 {
            group.touched[place] = UInt64(ends[group.rows[place]])
        }
        for place in ids.indices where group.rows[place] >= 0 {
            let range = range(of: group.rows[place])
            if !range.isEmpty { group.touched[place] = UInt64(bytes[range.lowerBound]) }
        }
        for (place, id) in ids.enumerated() {
            let row = group.rows[place]
            if row >= 0, !isEqual(row, id) { group.rows[place] = lookUp(id, in: table) ?? -1 }
        }
    }

    private static func hash(_ id: UnsafeBufferPointer<UInt8>) -> UInt64 {
        // SAFETY: the function reads `count` bytes from the start; of nothing it reads none.
        XXH3_64bits(id.baseAddress, id.count)
    }

    private static func part(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash & UInt64(partCount - 1)) }

    /// The slot where the search for a hash begins, by its upper bits.
    private static func place(of hash: UInt64, in slotCount: Int) -> Int {
        Int(truncatingIfNeeded: ((hash >> 7) & 0xFFFF_FFFF).multipliedFullWidth(by: UInt64(slotCount) << 32).high)
    }

    private func lookUp(_ id: UnsafeBufferPointer<UInt8>, in table: borrowing Table) -> Int? {
        let hash = Self.hash(id)
        let part = Self.part(of: hash)
        let start = table.starts[part]
        let place = start + Self.place(of: hash, in: table.starts[part + 1] - start)
        return row(hash, from: place, in: table) { isEqual($0, id) }
    }

    /// The first row from a slot on that has the hash's upper half and is admitted; nil for none.
    private func row(
        _ hash: UInt64, from place: Int, in table: borrowing Table, isAdmitted: (Int) -> Bool
    ) -> Int? {
        let part = Self.part(of: hash)
        var place = place
        while table.slots[place] != 0 {
            if table.slots[place] >> 32 == hash >> 32 {
                let row = Int(truncatingIfNeeded: table.slots[place] & 0xFFFF_FFFF) - 1
                if isAdmitted(row) { return row }
            }
            place = place + 1 == table.starts[part + 1] ? table.starts[part] : place + 1
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
        let rowCount = Self.runLength * Self.chunkRunCount
        let chunks = workers.map(chunkCount: (count + rowCount - 1) / rowCount) { chunk in
            hashedChunk(chunk * rowCount..<min(count, (chunk + 1) * rowCount))
        }
        let sizes = (0..<Self.partCount).map { part in chunks.reduce(0) { $0 + $1.range(ofPart: part).count } }
        // A free slot more than ids, so that every search ends.
        let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 * 3 / 2 + 1) }
        let slotCount = starts[Self.partCount]
        let slots = [UInt64](unsafeUninitializedCapacity: slotCount) { slots, initializedCount in
            // SAFETY: each part writes its own slots, and `forEach` returns after all have.
            nonisolated(unsafe) let slots = slots
            workers.forEach(chunkCount: Self.partCount) { part in
                let (start, end) = (starts[part], starts[part + 1])
                slots[start..<end].update(repeating: 0)
                for chunk in chunks {
                    for index in chunk.range(ofPart: part) {
                        let hash = chunk.hashes[index]
                        var place = start + Self.place(of: hash, in: end - start)
                        while slots[place] != 0 { place = place + 1 == end ? start : place + 1 }
                        slots[place] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(chunk.rows[index]) + 1
                    }
                }
            }
            initializedCount = slotCount
        }
        return Table(slots: slots, starts: starts)
    }

    /// Hashes of consecutive rows in the order of their parts.
    private struct HashedChunk: Sendable {
        var hashes: [UInt64]
        var rows: [UInt32]
        /// For each part where its rows begin, and the end.
        var starts: [Int]

        func range(ofPart part: Int) -> Range<Int> { starts[part]..<starts[part + 1] }
    }

    private func hashedChunk(_ rows: Range<Int>) -> HashedChunk {
        let hashes = bytes.withUnsafeBufferPointer { bytes in
            rows.map { Self.hash(UnsafeBufferPointer(rebasing: bytes[range(of: $0)])) }
        }
        var sizes = [Int](repeating: 0, count: Self.partCount)
        for hash in hashes { sizes[Self.part(of: hash)] += 1 }
        var chunk = HashedChunk(
            hashes: [UInt64](repeating: 0, count: rows.count), rows: [UInt32](repeating: 0, count: rows.count),
            starts: sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) })
        var places = chunk.starts
        for (offset, hash) in hashes.enumerated() {
            let part = Self.part(of: hash)
            chunk.hashes[places[part]] = hash
            chunk.rows[places[part]] = UInt32(rows.lowerBound + offset)
            places[part] += 1
        }
        return chunk
    }
}
