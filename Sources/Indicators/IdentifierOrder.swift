import Tables

extension Identifiers {
    /// The rows in rising order of their ids' bytes; equal ids in the order of their rows.
    ///
    /// Radix sort by the eight bytes behind what all ids share, then by comparison where these are equal.
    ///
    /// - Complexity: O(n) where eight bytes tell the ids apart, O(n log n) otherwise
    func rowsInOrder() -> [UInt32] {
        guard count > 1 else { return count == 0 ? [] : [0] }
        var rows = [UInt32](repeating: 0, count: count)
        var scratchRows = rows
        var keys = [UInt64](repeating: 0, count: count)
        var scratchKeys = keys
        let shared = sharedByteCount()
        bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<count {
                rows[row] = UInt32(truncatingIfNeeded: row)
                keys[row] = Self.word(bytes, range(of: row), skipping: shared)
            }
        }
        var differing: UInt64 = 0
        for key in keys { differing |= key ^ keys[0] }
        for digit in 0..<8 where (differing &>> UInt64(8 * digit)) & 0xFF != 0 {
            Self.distribute(keys, rows, by: UInt64(8 * digit), to: &scratchKeys, &scratchRows)
            swap(&keys, &scratchKeys)
            swap(&rows, &scratchRows)
        }
        sortTies(&rows, keys)
        return rows
    }

    /// The ids of all rows, in the order given.
    func inOrder(_ rows: [UInt32]) -> Identifiers {
        precondition(rows.count == count, "\(rows.count) rows of \(count)")
        var sortedEnds = [UInt32](repeating: 0, count: count)
        let sortedBytes = [UInt8](unsafeUninitializedCapacity: bytes.count) { room, end in
            bytes.withUnsafeBufferPointer { bytes in
                ends.withUnsafeBufferPointer { ends in
                    for (place, row) in rows.enumerated() {
                        let start = row == 0 ? 0 : Int(ends[Int(row) - 1])
                        // SAFETY: each row comes once, so that all ids together have as many bytes as there is room.
                        for byte in start..<Int(ends[Int(row)]) {
                            room[end] = bytes[byte]
                            end &+= 1
                        }
                        sortedEnds[place] = UInt32(truncatingIfNeeded: end)
                    }
                }
            }
        }
        return Identifiers(bytes: sortedBytes, ends: sortedEnds)
    }

    /// Sorts by the byte at `shift`, equal ones in the order they have.
    private static func distribute(
        _ keys: [UInt64], _ rows: [UInt32], by shift: UInt64, to sortedKeys: inout [UInt64],
        _ sortedRows: inout [UInt32]
    ) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
            places.initialize(repeating: 0)
            for key in keys { places[Int(truncatingIfNeeded: (key &>> shift) & 0xFF)] &+= 1 }
            var place = 0
            for byte in 0..<256 { (places[byte], place) = (place, place + places[byte]) }
            sortedKeys.withUnsafeMutableBufferPointer { sortedKeys in
                sortedRows.withUnsafeMutableBufferPointer { sortedRows in
                    for (key, row) in zip(keys, rows) {
                        let byte = Int(truncatingIfNeeded: (key &>> shift) & 0xFF)
                        sortedKeys[places[byte]] = key
                        sortedRows[places[byte]] = row
                        places[byte] &+= 1
                    }
                }
            }
        }
    }

    /// Sorts runs of rows with equal keys by all their bytes.
    private func sortTies(_ rows: inout [UInt32], _ keys: [UInt64]) {
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, keys[end] == keys[start] { end += 1 }
            if end - start > 1 {
                let sorted = rows[start..<end].sorted { one, other in
                    precedes(Int(one), Int(other)) || (!precedes(Int(other), Int(one)) && one < other)
                }
                rows.replaceSubrange(start..<end, with: sorted)
            }
            start = end
        }
    }

    private func precedes(_ one: Int, _ other: Int) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            bytes[range(of: one)].lexicographicallyPrecedes(bytes[range(of: other)])
        }
    }

    /// How many first bytes all ids have in common.
    private func sharedByteCount() -> Int {
        let first = range(of: 0)
        return bytes.withUnsafeBufferPointer { bytes in
            var shared = first.count
            for row in 1..<count where shared > 0 {
                let range = range(of: row)
                var same = 0
                let limit = Swift.min(shared, range.count)
                while same < limit, bytes[range.lowerBound + same] == bytes[first.lowerBound + same] { same += 1 }
                shared = same
            }
            return shared
        }
    }

    /// Eight bytes of an id from a place on, the first in the highest byte, zeros behind its end.
    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, skipping: Int) -> UInt64 {
        let start = range.lowerBound + skipping
        if start + 8 <= bytes.count {
            // SAFETY: eight bytes from the start are inside `bytes`; those behind the id are cut off.
            let word = UInt64(
                bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: start, as: UInt64.self))
            // A smart shift: by 64 bits nothing is left.
            return word & ~(UInt64.max >> UInt64(8 * Swift.min(8, range.upperBound - start)))
        }
        var word: UInt64 = 0
        for place in 0..<8 { word = word << 8 | (start + place < range.upperBound ? UInt64(bytes[start + place]) : 0) }
        return word
    }
}
