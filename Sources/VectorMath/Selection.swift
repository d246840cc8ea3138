/// The k-th smallest of `values`, k from 0; the values are reordered around it.
///
/// No NaN among them. Hoare's quickselect with a pivot from three values; should the ranges not shrink as they ought
/// to, the rest is sorted, so that no input is quadratic.
///
/// - Complexity: O(`values.count`) for all but adversarial orders, at most O(n log n).
func selectValue(atRank rank: Int, in values: UnsafeMutableBufferPointer<Double>) -> Double {
    precondition(values.indices.contains(rank), "rank \(rank) of \(values.count) values")
    var low = 0
    var high = values.count - 1
    var roundsLeft = 2 * (Int.bitWidth - values.count.leadingZeroBitCount)
    while low < high {
        guard roundsLeft > 0 else {
            var rest = UnsafeMutableBufferPointer(rebasing: values[low...high])
            rest.sort()
            break
        }
        roundsLeft -= 1
        let pivot = median(values[low], values[low + (high - low) / 2], values[high])
        var i = low - 1
        var j = high + 1
        while true {
            // SAFETY: a value at or beyond the pivot stops each scan before it leaves low...high.
            repeat { i += 1 } while values[i] < pivot
            repeat { j -= 1 } while values[j] > pivot
            if i >= j { break }
            values.swapAt(i, j)
        }
        if rank <= j { high = j } else { low = j + 1 }
    }
    return values[rank]
}

private func median(_ a: Double, _ b: Double, _ c: Double) -> Double {
    max(min(a, b), min(max(a, b), c))
}
