internal import CKernels
internal import CXXHash
internal import Tables

/// The ids of a batch in 96 bits each, to be compared in their place.
///
/// An id of at most 11 bytes is its own fingerprint, so it is compared exactly; of a longer one 88 bits of XXH3 are
/// kept, and the chance that any two of a billion different ids meet is below 2 in 10^9.
struct IdentifierFingerprints: Sendable {
    /// The first 64 bits of each.
    private(set) var lows: [UInt64]
    /// 24 more under a byte that is the length + 1 of a short id, or 255; never 0.
    private(set) var highs: [UInt32]

    /// - Complexity: O(bytes of the ids)
    init(_ identifiers: Identifiers) {
        let count = identifiers.count
        lows = []
        highs = []
        lows.reserveCapacity(count)
        highs.reserveCapacity(count)
        identifiers.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<count {
                let range = identifiers.range(of: row)
                let id = UnsafeBufferPointer(rebasing: bytes[range])
                if id.count > 11 {
                    let hash = XXH3_128bits(id.baseAddress, id.count)
                    lows.append(hash.low64)
                    highs.append(UInt32(truncatingIfNeeded: hash.high64) & 0x00FF_FFFF | 0xFF00_0000)
                } else if range.lowerBound + 16 <= bytes.count {
                    // SAFETY: 16 bytes from the id's start on are inside `bytes`; those past the id are shifted out.
                    let start = UnsafeRawPointer(bytes.baseAddress! + range.lowerBound)
                    let (first, second) = (
                        start.loadUnaligned(as: UInt64.self), start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                    )
                    let firstCount = min(id.count, 8)
                    let secondCount = id.count - firstCount
                    // Smart shifts: by 64 bits nothing is left.
                    lows.append(first & ~(UInt64.max << UInt64(8 * firstCount)))
                    let rest = UInt32(truncatingIfNeeded: second & ~(UInt64.max << UInt64(8 * secondCount)))
                    highs.append(rest | UInt32(id.count + 1) << 24)
                } else {
                    var (low, high) = (UInt64(0), UInt32(id.count + 1) << 24)
                    for (place, byte) in id.enumerated() {
                        if place < 8 { low |= UInt64(byte) << UInt64(8 * place) }
                        if place >= 8 { high |= UInt32(byte) << UInt32(8 * (place - 8)) }
                    }
                    lows.append(low)
                    highs.append(high)
                }
            }
        }
    }
}

/// Ids seen so far, to find a second one: 16 bytes an id at most, whatever its length.
///
/// Parts grow one after the other, each when it is 90 % full, by 35 %: together they are 77 % full at any time, which is
/// 15.6 bytes an id, and the new room of one of 64 parts beside it.
final class IdentifierSet: @unchecked Sendable {
    // SAFETY: unchecked, since one caller at a time inserts, in input order. The parts own their storage and free it.
    private static let partCount = Int(STRATUM_ID_PART_COUNT)
    private let parts: UnsafeMutablePointer<stratum_id_part>

    private let path: String

    /// - Parameter path: the input, for messages.
    init(path: String) {
        self.path = path
        parts = .allocate(capacity: Self.partCount)
        parts.initialize(repeating: stratum_id_part(), count: Self.partCount)
    }

    deinit {
        for part in 0..<Self.partCount { stratum_id_free(parts + part) }
        parts.deallocate()
    }

    /// Adds the ids and returns the rows whose id was there before, rising.
    ///
    /// - Throws: `outOfMemory`
    /// - Complexity: O(number of ids), amortized
    func insert(_ fingerprints: IdentifierFingerprints) throws(TableIOError) -> [Int] {
        let count = fingerprints.lows.count
        var seenCount = 0
        var failure: TableIOError?
        let seen = [UInt32](unsafeUninitializedCapacity: count) { seen, initializedCount in
            fingerprints.lows.withUnsafeBufferPointer { lows in
                fingerprints.highs.withUnsafeBufferPointer { highs in
                    var row = 0
                    while row < count {
                        // SAFETY: `seen` has room for every row, and lows and highs have `count` elements.
                        row = stratum_id_insert(
                            parts, lows.baseAddress!, highs.baseAddress!, row, count, seen.baseAddress!, &seenCount)
                        guard row < count else { break }
                        if !grow(Int(stratum_id_part_of(lows[row], highs[row]))) {
                            failure = TableIOError(.outOfMemory, path: path, detail: "to tell ids apart")
                            break
                        }
                    }
                }
            }
            initializedCount = seenCount
        }
        if let failure { throw failure }
        return seen.map(Int.init)
    }

    /// Room in bytes.
    var byteCount: Int { (0..<Self.partCount).reduce(0) { $0 + 12 * Int(parts[$1].capacity) } }

    private func grow(_ part: Int) -> Bool {
        var grown = stratum_id_part()
        // From 100 to 135 at first, so that all are at different points of their growth.
        let first = 100 + UInt64(35 * part / Self.partCount)
        let capacity = max(first, parts[part].capacity * 135 / 100)
        guard stratum_id_allocate(&grown, capacity) != 0 else { return false }
        stratum_id_move(parts + part, &grown)
        stratum_id_free(parts + part)
        parts[part] = grown
        return true
    }
}
