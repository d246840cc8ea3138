/// Sorts keys by their bytes from the lowest to the highest; bytes that all keys share cost only the count.
///
/// - Parameters:
///   - keys: overwritten.
///   - scratch: as many elements.
/// - Returns: `keys` or `scratch`, whichever holds the sorted keys.
/// - Complexity: O(n)
func radixSort(
    _ keys: UnsafeMutableBufferPointer<UInt64>, scratch: UnsafeMutableBufferPointer<UInt64>
) -> UnsafeMutableBufferPointer<UInt64> {
    precondition(keys.count == scratch.count, "\(keys.count) keys, scratch for \(scratch.count)")
    guard keys.count > 1 else { return keys }
    let digitCount = 8
    let digitSize = 256
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: digitCount * digitSize) { counts in
        counts.initialize(repeating: 0)
        for key in keys {
            // SAFETY: digit * 256 + byte < 2,048, the number of counts.
            for digit in 0..<digitCount {
                counts[digit * digitSize + Int(truncatingIfNeeded: key >> (8 * digit)) & 255] += 1
            }
        }
        var from = keys
        var to = scratch
        for digit in 0..<digitCount {
            let shift = 8 * digit
            let places = UnsafeMutableBufferPointer(rebasing: counts[digit * digitSize..<(digit + 1) * digitSize])
            if places[Int(truncatingIfNeeded: from[0] >> shift) & 255] == from.count { continue }
            var place = 0
            for byte in 0..<digitSize {
                let count = places[byte]
                places[byte] = place
                place += count
            }
            for key in from {
                let byte = Int(truncatingIfNeeded: key >> shift) & 255
                // SAFETY: places of different bytes are disjoint and end at the number of keys.
                to[places[byte]] = key
                places[byte] += 1
            }
            swap(&from, &to)
        }
        return from
    }
}
