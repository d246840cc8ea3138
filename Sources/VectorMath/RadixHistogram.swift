/// Narrows the brackets of order statistics by counting the leading bits of the order keys: what always works.
///
/// `OrderStatistics` needs this only where brackets from a sample have failed, so it is plain rather than fast: each
/// pass divides a bracket into 65,536 buckets, and at most four passes reach single values.
struct RadixHistogram: Sendable {
    /// A closed range of order keys with the number of values below it.
    struct Interval: Hashable, Sendable {
        var lower: UInt64
        var upper: UInt64
        var belowCount = 0
        var count = Int.max

        /// Order keys per bucket, as a power of 2.
        var shift: UInt64 { UInt64(max(0, 48 - (upper - lower).leadingZeroBitCount)) }
    }

    private let intervals: [Interval]
    private var counts: [[Int]]

    init(_ intervals: [Interval]) {
        self.intervals = intervals
        counts = intervals.map { [Int](repeating: 0, count: Int(($0.upper - $0.lower) >> $0.shift) + 1) }
    }

    mutating func update(_ values: UnsafeBufferPointer<Double>) {
        for (index, interval) in intervals.enumerated() {
            counts[index].withUnsafeMutableBufferPointer { counts in
                for value in values where value == value {
                    let key = orderKey(of: value)
                    guard interval.lower <= key && key <= interval.upper else { continue }
                    counts[Int((key - interval.lower) >> interval.shift)] += 1
                }
            }
        }
    }

    mutating func combine(_ other: RadixHistogram) {
        for index in counts.indices {
            for bucket in counts[index].indices { counts[index][bucket] += other.counts[index][bucket] }
        }
    }

    /// The bucket in which a rank lies, as an interval; nil if no interval holds it.
    func interval(ofRank rank: Int) -> Interval? {
        for (interval, counts) in zip(intervals, counts) where rank >= interval.belowCount {
            var below = interval.belowCount
            for (bucket, count) in counts.enumerated() {
                if rank < below + count {
                    let lower = interval.lower + UInt64(bucket) << interval.shift
                    let upper = min(interval.upper, lower + (1 << interval.shift - 1))
                    return Interval(lower: lower, upper: upper, belowCount: below, count: count)
                }
                below += count
            }
        }
        return nil
    }

    /// The brackets that hold the wanted ranks of a column, each of one value or of at most `limit` values.
    ///
    /// - Throws: what the source's `read` throws.
    static func brackets(
        ofRanks ranks: [Int], column: Int, of source: ColumnSource, keepingAtMost limit: Int, _ workers: Workers
    ) throws -> [RankSieve.Bracket] {
        let pieces = source.pieces
        var intervals = [Interval(lower: orderKey(of: -.infinity), upper: orderKey(of: .infinity))]
        while intervals.contains(where: { $0.count > limit && $0.lower < $0.upper }) {
            let wide = intervals
            let histogram = try workers.reduce(chunkCount: pieces.count) {
                RadixHistogram(wide)
            } update: { histogram, piece in
                try source.forEachBlock(of: pieces[piece], column: column) { histogram.update($0) }
            } combine: {
                $0.combine($1)
            }
            intervals = Array(Set(ranks.compactMap { histogram.interval(ofRank: $0) }))
        }
        return intervals.sorted { $0.lower < $1.lower }
            .map { RankSieve.Bracket(lower: value(ofOrderKey: $0.lower), upper: value(ofOrderKey: $0.upper)) }
    }
}

/// Bits that order as the numbers do; the same for 0 and -0.
func orderKey(of value: Double) -> UInt64 {
    let bits = (value + 0.0).bitPattern
    return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
}

/// The number with a given order key.
func value(ofOrderKey key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 1 ? key ^ (1 << 63) : ~key) + 0.0
}
