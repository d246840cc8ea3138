/// How many different values there are: exact for up to 16,384 of them, else estimated with a standard error of 0.8 %.
///
/// Keeps the k = 16,384 least hashes met. More than that, and the k-th least of them, as a share of the range of
/// hashes, tells how densely they lie. The state depends on the set of values alone: not on their order, on how often
/// each comes, or on how they are divided among states that are combined.
///
/// Source: Bar-Yossef et al., "Counting distinct elements in a data stream", RANDOM 2002, with the unbiased estimator
/// (k - 1) / U of Beyer et al., "On synopses for distinct-value estimation", SIGMOD 2007, eq. (4); its standard error
/// is 1 / sqrt(k - 2).
public struct DistinctSketch: Sendable, Equatable {
    /// Least hashes kept; up to so many values are counted exactly.
    public static let capacity = 16_384
    /// The relative standard error of an estimate.
    public static let standardError = 0.0078126

    /// Open addressing by the low bits; 0 is a free slot. At most half full.
    private var slots = [UInt64](repeating: 0, count: 64)
    private var heldCount = 0
    /// Hashes above it are not among the least; `max` as long as none had to go.
    private var limit = UInt64.max

    /// A sketch of no value.
    public init() {}

    /// Brings values in; NaN is none, and -0 is 0.
    ///
    /// - Complexity: O(`values.count`), 1 to 4 ns a value.
    public mutating func update(_ values: UnsafeBufferPointer<Double>) {
        var last = UInt64(0)
        for value in values {
            let hash = Self.hash(value)
            // A run of one value is frequent, and NaN has to be left out anyway.
            guard hash <= limit, hash != last, value == value else { continue }
            last = hash
            insert(hash)
        }
    }

    /// Brings one value in; NaN is none.
    public mutating func update(_ value: Double) {
        guard value == value else { return }
        update(hash: Self.hash(value))
    }

    /// Brings in what has this hash: 64 bits that differ where the things do, as good as random.
    public mutating func update(hash: UInt64) {
        guard hash <= limit else { return }
        insert(max(1, hash))
    }

    /// Brings what another sketch has seen in.
    public mutating func combine(_ other: DistinctSketch) {
        if other.limit < limit { cut(to: other.limit) }
        for hash in other.slots where hash != 0 && hash <= limit { insert(hash) }
    }

    /// Whether `count` is exact.
    public var isExact: Bool { limit == .max && heldCount <= Self.capacity }

    /// The number of different values, or the estimate of it.
    public var count: Int {
        if isExact { return heldCount }
        let (limit, belowCount) = bucketOfLast
        let bucket = slots.filter { $0 != 0 && $0 <= limit.upperBound && $0 >= limit.lowerBound }.sorted()
        let share = Double(bucket[Self.capacity - 1 - belowCount]) * 0x1p-64
        return Int((Double(Self.capacity - 1) / share).rounded())
    }

    /// Two sketches are equal when they say the same of any further values.
    public static func == (one: DistinctSketch, other: DistinctSketch) -> Bool {
        one.isExact == other.isExact && one.leastHashes == other.leastHashes
    }

    /// The least hashes, rising; at most `capacity`.
    private var leastHashes: [UInt64] { Array(slots.filter { $0 != 0 }.sorted().prefix(Self.capacity)) }

    /// The bits through the finaliser of MurmurHash3, which is one to one; only a NaN has the hash 0.
    private static func hash(_ value: Double) -> UInt64 {
        var word = (value + 0.0).bitPattern ^ 0x7ff8_5bd1_e995_9d2b
        word = (word ^ (word &>> 33)) &* 0xff51_afd7_ed55_8ccd
        word = (word ^ (word &>> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return word ^ (word &>> 33)
    }

    private mutating func insert(_ hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] == hash { return }
            slot = (slot + 1) & mask
        }
        slots[slot] = hash
        heldCount += 1
        guard heldCount > slots.count / 2 else { return }
        if slots.count < 4 * Self.capacity {
            rebuild(slots.filter { $0 != 0 }, slotCount: 2 * slots.count)
        } else {
            cut(to: bucketOfLast.hashes.upperBound)
        }
    }

    /// A narrow range that holds the `capacity`-th least hash, and how many lie below it; so many are held.
    private var bucketOfLast: (hashes: ClosedRange<UInt64>, belowCount: Int) {
        let shift = UInt64(max(0, 52 - limit.leadingZeroBitCount))
        var counts = [Int](repeating: 0, count: 4_096)
        for hash in slots where hash != 0 { counts[Int(hash &>> shift)] += 1 }
        var (bucket, belowCount) = (0, 0)
        while belowCount + counts[bucket] < Self.capacity {
            belowCount += counts[bucket]
            bucket += 1
        }
        let first = UInt64(bucket) &<< shift
        return (first...(first | (1 &<< shift &- 1)), belowCount)
    }

    /// Forgets the hashes above a limit.
    private mutating func cut(to limit: UInt64) {
        self.limit = limit
        rebuild(slots.filter { $0 != 0 && $0 <= limit }, slotCount: 4 * Self.capacity)
    }

    private mutating func rebuild(_ hashes: [UInt64], slotCount: Int) {
        slots = [UInt64](repeating: 0, count: slotCount)
        heldCount = hashes.count
        for hash in hashes {
            var slot = Int(truncatingIfNeeded: hash) & (slotCount - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = hash
        }
    }
}
