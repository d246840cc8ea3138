/// Numbers of rows with the hashes of their histories.
struct HashedRows: Sendable {
    private(set) var hashes: [UInt64]
    private(set) var rows: [UInt32]
    /// Where the rows of each value of the leading bits begin, and where the last ones end.
    private var starts: [Int]

    /// More in a bucket than this are many with one history, or with few: then insertion could take the square of them.
    private static let insertionLimit = 24
    private static let rowsPerBucket = 4

    /// Consecutive rows in the order of the leading bits of their hashes, and of the rows where these are equal.
    init(hashes: [UInt64], firstRow: Int, bits: Int) {
        starts = Self.starts(of: 1 << bits) { count in
            for hash in hashes { count(Self.leading(hash, bits)) }
        }
        var next = starts
        var ordered = [UInt64](repeating: 0, count: hashes.count)
        var rows = [UInt32](repeating: 0, count: hashes.count)
        for (index, hash) in hashes.enumerated() {
            let value = Self.leading(hash, bits)
            let place = next[value]
            next[value] = place + 1
            ordered[place] = hash
            rows[place] = UInt32(truncatingIfNeeded: firstRow + index)
        }
        (self.hashes, self.rows) = (ordered, rows)
    }

    /// The rows of all chunks with one value of the leading bits, in the order of the next bits.
    init(part: Int, of chunks: [HashedRows], partBits: Int) {
        let count = chunks.reduce(0) { $0 + $1.starts[part + 1] - $1.starts[part] }
        let bits = Int.bitWidth - max(1, count / Self.rowsPerBucket).leadingZeroBitCount - 1
        starts = Self.starts(of: 1 << bits) { count in
            for chunk in chunks {
                for index in chunk.starts[part]..<chunk.starts[part + 1] {
                    count(Self.leading(chunk.hashes[index] &<< UInt64(partBits), bits))
                }
            }
        }
        var next = starts
        var hashes = [UInt64](repeating: 0, count: count)
        var rows = [UInt32](repeating: 0, count: count)
        for chunk in chunks {
            for index in chunk.starts[part]..<chunk.starts[part + 1] {
                let hash = chunk.hashes[index]
                let bucket = Self.leading(hash &<< UInt64(partBits), bits)
                let place = next[bucket]
                next[bucket] = place + 1
                hashes[place] = hash
                rows[place] = chunk.rows[index]
            }
        }
        (self.hashes, self.rows) = (hashes, rows)
    }

    /// The same in the order of the whole hashes; `isBefore` decides between rows of one.
    func sorted(_ isBefore: (UInt32, UInt32) -> Bool) -> HashedRows {
        var (orderedHashes, orderedRows) = (self.hashes, self.rows)
        var hashes = orderedHashes.mutableSpan
        var rows = orderedRows.mutableSpan
        for bucket in 0..<starts.count - 1 {
            let (first, end) = (starts[bucket], starts[bucket + 1])
            if end - first > Self.insertionLimit {
                var keys: [(hash: UInt64, row: UInt32)] = []
                for place in first..<end { keys.append((hashes[place], rows[place])) }
                keys.sort { $0.hash != $1.hash ? $0.hash < $1.hash : isBefore($0.row, $1.row) }
                for (index, key) in keys.enumerated() {
                    hashes[first + index] = key.hash
                    rows[first + index] = key.row
                }
                continue
            }
            var index = first + 1
            while index < end {
                let (hash, row) = (hashes[index], rows[index])
                var place = index
                while place > first {
                    let before = hashes[place - 1]
                    guard hash < before || hash == before && isBefore(row, rows[place - 1]) else { break }
                    hashes[place] = before
                    rows[place] = rows[place - 1]
                    place -= 1
                }
                hashes[place] = hash
                rows[place] = row
                index += 1
            }
        }
        var sorted = self
        (sorted.hashes, sorted.rows) = (orderedHashes, orderedRows)
        return sorted
    }

    /// The first `bits` bits, 0...62; two shifts, since one by the whole width is none.
    private static func leading(_ hash: UInt64, _ bits: Int) -> Int {
        Int(truncatingIfNeeded: (hash &>> 1) &>> UInt64(63 - bits))
    }

    private static func starts(of valueCount: Int, counting: ((Int) -> Void) -> Void) -> [Int] {
        var starts = [Int](repeating: 0, count: valueCount + 1)
        counting { starts[$0 + 1] += 1 }
        for value in 0..<valueCount { starts[value + 1] += starts[value] }
        return starts
    }
}

/// A step of SplitMix64.
func mixed(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9e37_79b9_7f4a_7c15
    word = (word ^ (word &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word &>> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word &>> 31)
}
