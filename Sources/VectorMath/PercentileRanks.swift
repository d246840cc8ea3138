/// The percentile rank of every value among all of them, exactly.
///
/// The percentile of a value is 100 (b + e / 2) / n: b values are below it, e are equal to it (itself among them), n
/// are present. Equal values share the mid-rank; the mean percentile is 50. NaN stays NaN and is not in n.
///
/// Values are divided into buckets by a monotone map, each bucket is sorted in cache, and ranks are written back to
/// the rows. The result is the same for any number of threads.
///
/// - Complexity: about O(n); O(n log n) for values that crowd together on every scale. 24 bytes a value at the peak.
public struct PercentileRanks: Sendable {
    /// The percentile of each value, 0...100, in the order of the values; NaN where the value is NaN.
    public let percentiles: [Double]
    /// The same as a table that a model keeps and that ranks values not seen here.
    public let table: RankTable

    /// Ranks `values`: finite, or NaN where missing; fewer than 2^32.
    public init(_ values: [Double], _ workers: Workers) {
        precondition(values.count < 1 << 32, "\(values.count) values are too many to rank")
        var table: RankTable?
        percentiles = [Double](unsafeUninitializedCapacity: values.count) { percentiles, initializedCount in
            adviseHugePages(percentiles)
            let partition = BucketPartition(values, missingRowsTo: percentiles, workers)
            partition.writePercentiles(to: percentiles, workers)
            table = RankTable(sorted: partition.sortedValues)
            initializedCount = values.count
        }
        self.table = table!
    }
}

/// Values with their rows, sorted bucket by bucket.
private final class BucketPartition {
    /// Rows of one task; a constant, as chunks are everywhere.
    private static let chunkSize = 131_072

    private let map: BucketMap
    private let values: UnsafeMutableBufferPointer<Double>
    private let rows: UnsafeMutableBufferPointer<UInt32>
    /// Where each bucket starts in `values` and `rows`, and after them where the last one ends.
    private var bucketStarts: [Int]

    /// All present values in ascending order.
    var sortedValues: UnsafeBufferPointer<Double> { UnsafeBufferPointer(rebasing: values[..<bucketStarts.last!]) }

    /// Divides `source` into buckets and writes NaN to `percentiles` for each row without a value.
    init(_ source: [Double], missingRowsTo percentiles: UnsafeMutableBufferPointer<Double>, _ workers: Workers) {
        let chunks = stride(from: 0, to: source.count, by: Self.chunkSize).map { start in
            start..<min(source.count, start + Self.chunkSize)
        }
        let map = BucketMap(source, chunks, workers)
        self.map = map

        var offsets = workers.map(chunkCount: chunks.count) { chunk in
            var counts = [Int](repeating: 0, count: BucketMap.bucketCount + 1)
            for value in source[chunks[chunk]] { counts[map.bucket(of: value)] += 1 }
            return counts
        }
        var position = 0
        bucketStarts = []
        for bucket in 0..<BucketMap.bucketCount {
            bucketStarts.append(position)
            for chunk in offsets.indices {
                let count = offsets[chunk][bucket]
                offsets[chunk][bucket] = position
                position += count
            }
        }
        bucketStarts.append(position)

        values = .allocate(capacity: position)
        rows = .allocate(capacity: position)
        adviseHugePages(values)
        adviseHugePages(rows)
        // SAFETY: the counts above give every chunk its own places in every bucket, all below `position`; rows of
        // `percentiles` are those of the chunk.
        nonisolated(unsafe) let (values, rows, percentiles) = (values, rows, percentiles)
        let starts = offsets
        workers.forEach(chunkCount: chunks.count) { chunk in
            var places = starts[chunk]
            places.withUnsafeMutableBufferPointer { places in
                for row in chunks[chunk] {
                    let bucket = map.bucket(of: source[row])
                    if bucket == BucketMap.bucketCount {
                        (percentiles.baseAddress! + row).initialize(to: .nan)
                        continue
                    }
                    let place = places[bucket]
                    places[bucket] = place + 1
                    (values.baseAddress! + place).initialize(to: source[row])
                    (rows.baseAddress! + place).initialize(to: UInt32(truncatingIfNeeded: row))
                }
            }
        }
    }

    deinit {
        values.deallocate()
        rows.deallocate()
    }

    /// Sorts every bucket and writes the percentile of each row that has a value.
    func writePercentiles(to percentiles: UnsafeMutableBufferPointer<Double>, _ workers: Workers) {
        let presentCount = Double(bucketStarts.last!)
        // SAFETY: buckets are disjoint in values and rows, and every row is in one bucket only.
        nonisolated(unsafe) let (values, rows, percentiles) = (values, rows, percentiles)
        let bucketStarts = bucketStarts
        workers.forEach(chunkCount: BucketMap.bucketCount) { bucket in
            let range = bucketStarts[bucket]..<bucketStarts[bucket + 1]
            guard !range.isEmpty else { return }
            let bucketValues = UnsafeMutableBufferPointer(rebasing: values[range])
            let bucketRows = UnsafeMutableBufferPointer(rebasing: rows[range])
            ValueRowSort(bucketValues, bucketRows).sort()

            var start = 0
            while start < range.count {
                let value = bucketValues[start]
                var end = start + 1
                while end < range.count && bucketValues[end] == value { end += 1 }
                // 100 (b + e / 2) / n with one rounding: 2 b + e and its 50-fold are below 2^53.
                let doubledMidRank = 2 * range.lowerBound + start + end
                let percentile = Double(50 * doubledMidRank) / presentCount
                for index in start..<end {
                    (percentiles.baseAddress! + Int(bucketRows[index])).initialize(to: percentile)
                }
                start = end
            }
        }
    }
}

/// A monotone map of values to buckets that divides both even and skewed columns well.
///
/// The distance to the minimum, lifted by 2^-14 of the range, is cut by the leading bits of its binary64 form: 14
/// octaves, each in equal steps. What crowds together nevertheless is divided further in `ValueRowSort`.
private struct BucketMap: Sendable {
    static let bucketCount = 2_048

    private let minimum: Double
    private let lift: Double
    private let lowestBits: UInt64
    private let shift: UInt64

    init(_ values: [Double], _ chunks: [Range<Int>], _ workers: Workers) {
        let extremes = workers.map(chunkCount: chunks.count) { chunk in
            // Four at a time: one chain of comparisons would wait for itself.
            var lowest = SIMD4<Double>(repeating: .infinity)
            var highest = -lowest
            let rows = chunks[chunk]
            for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 4) {
                let last = rows.upperBound - 1
                let next = SIMD4(
                    values[row], values[min(last, row + 1)], values[min(last, row + 2)], values[min(last, row + 3)])
                // NaN is in no order and replaces nothing.
                lowest.replace(with: next, where: next .< lowest)
                highest.replace(with: next, where: next .> highest)
            }
            return (lowest.min(), highest.max())
        }
        let lowest = extremes.reduce(.infinity) { min($0, $1.0) }
        let highest = extremes.reduce(-.infinity) { max($0, $1.1) }
        minimum = lowest.isFinite ? lowest : 0
        // Halves: the distance between two finite values may be out of range.
        let range = lowest < highest ? highest / 2 - lowest / 2 : 0
        lift = range * 0x1p-14
        lowestBits = lift.bitPattern
        let span = (range + lift).bitPattern - lowestBits
        shift = UInt64(max(0, 53 - span.leadingZeroBitCount))
    }

    /// 0..<`bucketCount`, rising with the value; `bucketCount` for NaN.
    func bucket(of value: Double) -> Int {
        guard value == value else { return BucketMap.bucketCount }
        // Subtraction, addition and the order of positive binary64 bits are monotone: no rounding turns an order.
        let lifted = (value / 2 - minimum / 2) + lift
        return Int(min(UInt64(BucketMap.bucketCount - 1), (lifted.bitPattern &- lowestBits) &>> shift))
    }
}
