import VectorMath

// Parallel sort of binary64 by order-preserving bits: a sample cuts the values into 256 ranges, and each range is sorted
// on its own, in the near cache, by a radix sort. The result is the sorted values whatever the cuts are, so it is the
// same for any number of threads. What must change together: `key(of:)` and `value(of:)`.

/// The values of active customers that are not NaN, rising; -0.0 counts as 0.0.
///
/// - Parameters:
///   - values: in any order.
///   - standings: as many as values; nil if all are active.
///   - floor: values below are raised to it.
/// - Complexity: O(n), spread over the workers; up to 3 n words of memory.
func sortedValues(
    _ values: [Double], standings: [Standing]? = nil, raisedTo floor: Double = -.infinity, workers: Workers
) -> [Double] {
    checkEqualCount(values, standings)
    guard values.count >= smallestParallelSort else {
        return values.indices.lazy.filter { !values[$0].isNaN && (standings?[$0] ?? .active) == .active }
            .map { max(values[$0], floor) + 0.0 }.sorted()
    }
    let keys = keys(of: values, standings, raisedTo: floor, workers: workers)
    let splitters = splitters(of: keys)
    let (parted, ends) = parted(keys, at: splitters, workers: workers)
    return sorted(parted, rangesEndingAt: ends, workers: workers)
}

/// Below this many values the start of parallel work costs more than it saves.
let smallestParallelSort = 20_000

/// 10 million values make ranges of 40 thousand: with their scratch space they fit a cache of 1 MB.
private let rangeCount = 256

/// Keys looked at for each range, so that ranges come out about equal.
private let samplesPerRange = 64

/// Left out of the result: the key of no number.
private let noKey = UInt64.max

/// Order-preserving bits: of two numbers the larger has the larger key.
private func key(of value: Double) -> UInt64 {
    let bits = (value + 0.0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
}

private func value(of key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
}

private func chunkRows(_ chunk: Int, of count: Int) -> Range<Int> {
    chunk * chunkRowCount..<min(count, (chunk + 1) * chunkRowCount)
}

private func chunkCount(_ count: Int) -> Int { (count + chunkRowCount - 1) / chunkRowCount }

private func keys(
    of values: [Double], _ standings: [Standing]?, raisedTo floor: Double, workers: Workers
) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: values.count) { keys, initializedCount in
        // SAFETY: each chunk writes its own rows.
        nonisolated(unsafe) let keys = keys
        workers.forEach(chunkCount: chunkCount(values.count)) { chunk in
            for row in chunkRows(chunk, of: values.count) {
                let isRanked = !values[row].isNaN && (standings?[row] ?? .active) == .active
                keys[row] = isRanked ? key(of: max(values[row], floor)) : noKey
            }
        }
        initializedCount = values.count
    }
}

/// 255 rising keys that cut a sample taken at equal steps into equal parts.
private func splitters(of keys: [UInt64]) -> [UInt64] {
    let sampleCount = min(keys.count, rangeCount * samplesPerRange)
    let sample = (0..<sampleCount).map { keys[$0 * (keys.count / sampleCount)] }.sorted()
    return (1..<rangeCount).map { sample[$0 * sampleCount / rangeCount] }
}

/// The keys range by range, those left out at the end without a range; and where each range ends.
private func parted(_ keys: [UInt64], at splitters: [UInt64], workers: Workers) -> ([UInt64], ends: [Int]) {
    let chunkCount = chunkCount(keys.count)
    // One more part holds `noKey`.
    let partCount = rangeCount + 1
    var counts = [Int](repeating: 0, count: chunkCount * partCount)
    let parts = [UInt16](unsafeUninitializedCapacity: keys.count) { parts, initializedCount in
        counts.withUnsafeMutableBufferPointer { counts in
            // SAFETY: each chunk writes its own rows and its own counts.
            nonisolated(unsafe) let parts = parts
            nonisolated(unsafe) let counts = counts
            workers.forEach(chunkCount: chunkCount) { chunk in
                splitters.withUnsafeBufferPointer { splitters in
                    for row in chunkRows(chunk, of: keys.count) {
                        let part = keys[row] == noKey ? rangeCount : rangeIndex(of: keys[row], splitters)
                        parts[row] = UInt16(part)
                        counts[chunk * partCount + part] += 1
                    }
                }
            }
        }
        initializedCount = keys.count
    }

    // Counts become the places where each chunk writes each part: part by part, chunks in order.
    var ends: [Int] = []
    var place = 0
    for part in 0..<partCount {
        for chunk in 0..<chunkCount {
            let count = counts[chunk * partCount + part]
            counts[chunk * partCount + part] = place
            place += count
        }
        if part < rangeCount { ends.append(place) }
    }
    let starts = counts
    let result = [UInt64](unsafeUninitializedCapacity: keys.count) { result, initializedCount in
        // SAFETY: the places of all chunks and parts are disjoint and fill the result.
        nonisolated(unsafe) let result = result
        workers.forEach(chunkCount: chunkCount) { chunk in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: partCount) { places in
                _ = places.initialize(from: starts[chunk * partCount..<(chunk + 1) * partCount])
                for row in chunkRows(chunk, of: keys.count) {
                    let part = Int(parts[row])
                    result[places[part]] = keys[row]
                    places[part] += 1
                }
            }
        }
        initializedCount = keys.count
    }
    return (result, ends)
}

/// How many of the 255 splitters are at or below the key: a binary search of eight steps without branches.
private func rangeIndex(of key: UInt64, _ splitters: UnsafeBufferPointer<UInt64>) -> Int {
    var index = 0
    var step = rangeCount / 2
    while step > 0 {
        // A product and not a branch: half of such branches would be predicted wrong.
        // SAFETY: index + step - 1 <= 254, the last splitter.
        let isPast = splitters[index &+ step &- 1] <= key ? 1 : 0
        index &+= isPast &* step
        step /= 2
    }
    return index
}

/// Sorts each range and turns keys back into values.
private func sorted(_ keys: [UInt64], rangesEndingAt ends: [Int], workers: Workers) -> [Double] {
    let count = ends[ends.count - 1]
    return [Double](unsafeUninitializedCapacity: count) { values, initializedCount in
        // SAFETY: each range writes its own places.
        nonisolated(unsafe) let values = values
        workers.forEach(chunkCount: ends.count) { range in
            let places = (range == 0 ? 0 : ends[range - 1])..<ends[range]
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * places.count) { scratch in
                let first = UnsafeMutableBufferPointer(rebasing: scratch[..<places.count])
                let second = UnsafeMutableBufferPointer(rebasing: scratch[places.count...])
                _ = first.initialize(from: keys[places])
                second.initialize(repeating: 0)
                let sorted = radixSort(first, scratch: second)
                for index in 0..<places.count { values[places.lowerBound + index] = value(of: sorted[index]) }
            }
        }
        initializedCount = count
    }
}
