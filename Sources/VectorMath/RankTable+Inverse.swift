extension RankTable {
    /// The smallest value of at least this percentile, 0...100, as `percentile(of:)` interpolates; nil if the table is
    /// empty.
    ///
    /// - Complexity: O(log of the knots)
    public func smallestValue(from percentile: Double) -> Double? {
        guard let last = values.last, let top = percentiles.last else { return nil }
        if percentile > top { return last.nextUp }
        let knot = firstKnot { percentiles[$0] >= percentile }
        guard knot > 0 else { return values[0] }
        return interpolated(percentile, before: knot)
    }

    /// The largest value of at most this percentile, likewise.
    public func largestValue(upTo percentile: Double) -> Double? {
        guard let first = values.first, let bottom = percentiles.first else { return nil }
        if percentile < bottom { return first.nextDown }
        let knot = firstKnot { percentiles[$0] > percentile }
        guard knot < values.count else { return values[knot - 1] }
        return interpolated(percentile, before: knot)
    }

    private func interpolated(_ percentile: Double, before knot: Int) -> Double {
        let rise = percentiles[knot] - percentiles[knot - 1]
        guard rise > 0 else { return values[knot] }
        let share = (percentile - percentiles[knot - 1]) / rise
        // Halves, as the distance between two knots may be out of range.
        return values[knot - 1] + 2 * (share * (values[knot] / 2 - values[knot - 1] / 2))
    }

    /// The first knot that fulfils what all later ones do too; the count of knots if none does.
    private func firstKnot(_ isBeyond: (Int) -> Bool) -> Int {
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
