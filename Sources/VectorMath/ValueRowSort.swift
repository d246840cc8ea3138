/// Sorts values, ascending, together with the rows that they came from; rows of equal values come in no set order.
///
/// A linear map divides the values into about as many buckets as there are values; buckets of a few are sorted by
/// insertion, larger ones divided again. Linear time unless values crowd together on every scale.
struct ValueRowSort {
    /// Below this insertion is quicker than another division.
    private static let insertionLimit = 24
    /// Divisions of one another before the plain sort; each one that leaves a large bucket has narrowed its range.
    private static let depthLimit = 8

    private let values: UnsafeMutableBufferPointer<Double>
    private let rows: UnsafeMutableBufferPointer<UInt32>

    /// A sort in place of finite `values` and as many `rows`.
    init(_ values: UnsafeMutableBufferPointer<Double>, _ rows: UnsafeMutableBufferPointer<UInt32>) {
        precondition(values.count == rows.count, "\(values.count) values and \(rows.count) rows")
        self.values = values
        self.rows = rows
    }

    func sort() {
        sort(0..<values.count, depth: 0)
    }

    private func sort(_ range: Range<Int>, depth: Int) {
        if range.count <= Self.insertionLimit { return sortByInsertion(range) }
        var lowest = values[range.lowerBound]
        var highest = lowest
        for index in range {
            let value = values[index]
            lowest = value < lowest ? value : lowest
            highest = value > highest ? value : highest
        }
        guard lowest < highest else { return }
        // A power of 2 above the count: half a value to one value a bucket, so that few have to be moved afterwards.
        let bucketCount = 1 << min(20, Int.bitWidth - range.count.leadingZeroBitCount)
        let scale = Double(bucketCount - 1) / (highest - lowest)
        guard depth < Self.depthLimit, scale > 0, scale.isFinite else { return sortByComparison(range) }
        divide(range, lowest: lowest, scale: scale, bucketCount: bucketCount, depth: depth)
    }

    private func divide(_ range: Range<Int>, lowest: Double, scale: Double, bucketCount: Int, depth: Int) {
        let count = range.count
        // SAFETY: buckets are below bucketCount by min; places are below count, being running totals of all values.
        let starts = UnsafeMutablePointer<UInt32>.allocate(capacity: bucketCount + 1)
        let dividedValues = UnsafeMutablePointer<Double>.allocate(capacity: count)
        let dividedRows = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
        defer {
            starts.deallocate()
            dividedValues.deallocate()
            dividedRows.deallocate()
        }
        func bucket(of value: Double) -> Int {
            // Rounds to a whole number in the low bits, monotone like a conversion but without its range checks.
            let shifted = (value - lowest) * scale + 0x1p52
            return min(bucketCount - 1, Int(truncatingIfNeeded: shifted.bitPattern & 0xf_ffff_ffff_ffff))
        }
        starts.initialize(repeating: 0, count: bucketCount + 1)
        for index in range { starts[bucket(of: values[index]) + 1] &+= 1 }
        for index in 1...bucketCount { starts[index] &+= starts[index - 1] }
        for index in range {
            let bucket = bucket(of: values[index])
            let place = Int(starts[bucket])
            starts[bucket] &+= 1
            (dividedValues + place).initialize(to: values[index])
            (dividedRows + place).initialize(to: rows[index])
        }
        (values.baseAddress! + range.lowerBound).update(from: dividedValues, count: count)
        (rows.baseAddress! + range.lowerBound).update(from: dividedRows, count: count)
        // Each start has moved to the end of its bucket.
        var start = 0
        for bucket in 0..<bucketCount {
            let end = Int(starts[bucket])
            if end - start > Self.insertionLimit {
                sort(range.lowerBound + start..<range.lowerBound + end, depth: depth + 1)
            }
            start = end
        }
        // One pass for all small buckets: no value has to leave its bucket.
        sortByInsertion(range)
    }

    private func sortByInsertion(_ range: Range<Int>) {
        // SAFETY: index is in range, and place is in range.lowerBound + 1...index where place - 1 is read.
        let values = self.values.baseAddress!
        let rows = self.rows.baseAddress!
        for index in range.dropFirst() {
            let value = values[index]
            guard values[index - 1] > value else { continue }
            let row = rows[index]
            var place = index
            repeat {
                values[place] = values[place - 1]
                rows[place] = rows[place - 1]
                place -= 1
            } while place > range.lowerBound && values[place - 1] > value
            values[place] = value
            rows[place] = row
        }
    }

    private func sortByComparison(_ range: Range<Int>) {
        let pairs = range.map { (values[$0], rows[$0]) }.sorted { $0.0 < $1.0 }
        for (index, pair) in zip(range, pairs) { (values[index], rows[index]) = pair }
    }
}
