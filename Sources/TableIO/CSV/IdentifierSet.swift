internal import CXXHash
internal import Tables

/// Ids seen so far, to find a second one: about 16 bytes an id, whatever its length.
///
/// An id of at most 11 bytes is its own fingerprint, so it is compared exactly; of a longer one 88 bits of XXH3 are
/// kept, and the chance that any two of a billion different ids meet is below 2 in 10^9.
struct IdentifierSet {
    private static let partitionCount = 256
    private var partitions = [Partition](repeating: Partition(), count: partitionCount)

    /// 96 bits: 64 in `low`, and in `high` 24 more under a byte that is the length + 1 of a short id, or 255.
    struct Fingerprint: Hashable {
        var low: UInt64
        var high: UInt32

        init(_ id: UnsafeBufferPointer<UInt8>) {
            if id.count <= 11 {
                low = 0
                high = UInt32(id.count + 1) << 24
                for (index, byte) in id.enumerated() {
                    if index < 8 {
                        low |= UInt64(byte) << UInt64(8 * index)
                    } else {
                        high |= UInt32(byte) << UInt32(8 * (index - 8))
                    }
                }
            } else {
                let hash = XXH3_128bits(id.baseAddress, id.count)
                low = hash.low64
                high = UInt32(truncatingIfNeeded: hash.high64) & 0x00FF_FFFF | 0xFF00_0000
            }
        }

        /// A well-mixed word for placing it; not a measure of equality.
        var mixed: UInt64 {
            // Two rounds of the finalizer of SplitMix64 (Steele, Lea & Flood 2014).
            var word = low ^ UInt64(high) &* 0x9E37_79B9_7F4A_7C15
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
    }

    /// Open addressing with linear probing; `high` is never 0 in a taken slot.
    private struct Partition {
        var lows: [UInt64] = []
        var highs: [UInt32] = []
        var count = 0

        mutating func insert(_ print: Fingerprint, mixed: UInt64) -> Bool {
            if count * 100 >= lows.count * 85 { grow() }
            let slot = place(print, mixed: mixed)
            if highs[slot] != 0 { return false }
            lows[slot] = print.low
            highs[slot] = print.high
            count += 1
            return true
        }

        /// The slot that holds the fingerprint, or the free one where it belongs.
        private func place(_ print: Fingerprint, mixed: UInt64) -> Int {
            // The upper 8 bits chose the partition; the rest spread evenly over a capacity that is no power of two.
            var slot = Int((mixed << 8).multipliedFullWidth(by: UInt64(lows.count)).high)
            while highs[slot] != 0, !(lows[slot] == print.low && highs[slot] == print.high) {
                slot += 1
                if slot == lows.count { slot = 0 }
            }
            return slot
        }

        private mutating func grow() {
            let oldLows = lows
            let oldHighs = highs
            let capacity = max(16, lows.count * 13 / 10)
            lows = Array(repeating: 0, count: capacity)
            highs = Array(repeating: 0, count: capacity)
            for slot in oldHighs.indices where oldHighs[slot] != 0 {
                var print = Fingerprint(UnsafeBufferPointer(start: nil, count: 0))
                print.low = oldLows[slot]
                print.high = oldHighs[slot]
                let new = place(print, mixed: print.mixed)
                lows[new] = print.low
                highs[new] = print.high
            }
        }
    }

    /// Adds the ids and returns the rows whose id was there before.
    ///
    /// - Complexity: O(number of ids), amortized
    mutating func insert(_ identifiers: Identifiers) -> [Int] {
        var seen: [Int] = []
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<identifiers.count {
                let print = Fingerprint(UnsafeBufferPointer(rebasing: bytes[identifiers.range(of: row)]))
                let mixed = print.mixed
                if !partitions[Int(mixed >> 56)].insert(print, mixed: mixed) { seen.append(row) }
            }
        }
        return seen
    }
}
