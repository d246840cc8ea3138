import CKernels

/// Centroids as one pass over the matrix needs them: for distances, for scores, and with the bounds on the error of
/// both.
///
/// A score is |c|^2 / 2 - x . c: one multiplication and addition for each feature where a distance needs two
/// operations. In Float, with u = 2^-24, r at least |x| and b at least |c|, its error is at most ((d + 3) u + 2^-19)
/// (b^2 / 2 + r b): d + 1 roundings of sums whose terms stay below b^2 / 2 + r b, one of |c|^2 / 2, and 4 bits that
/// give way to the centroid's number. A distance that the plain algorithm finds is off by a factor 1 + g with |g| <= (d
/// + 3) u, so two of them are in true order if their scores are apart by more than (d + 3) u (r + b)^2. Hence two
/// scores that differ by more than `tie` (r + b)^2 are in the order of the distances, and others are decided by the
/// distances themselves.
struct PassCentroids: Sendable {
    let packed: PackedCentroids
    /// Packed in groups of 4: |c|^2 / 2, then -c; where there is no centroid 2^126, which no score reaches, then 0.
    let lines: [Float]
    /// At least the norm of each centroid.
    let reach: Float
    let tie: Float
    /// Twice the relative error of a distance, which is the root of what `tie` is about, and of its root.
    let relative: Float

    /// Row-major values; a cluster that is not in `active` is infinitely far from every row.
    init(featureCount: Int, rowMajor: [Float], active: [Bool]) {
        packed = PackedCentroids(featureCount: featureCount, rowMajor: rowMajor, active: active)
        let lineCount = featureCount + 1
        var lines = [Float](repeating: 0, count: packed.groupCount * lineCount * 4)
        var largest = 0.0
        for slot in 0..<packed.groupCount * 4 {
            let first = slot / 4 * lineCount * 4 + slot % 4
            guard slot < active.count, active[slot] else {
                lines[first] = 0x1p126
                continue
            }
            var square = 0.0
            for feature in 0..<featureCount {
                let c = rowMajor[slot * featureCount + feature]
                square += Double(c) * Double(c)
                lines[first + 4 * (feature + 1)] = -c
            }
            lines[first] = Float(square / 2)
            largest = max(largest, square)
        }
        self.lines = lines
        reach = Float(largest.squareRoot() * (1 + 0x1p-20)) + 0x1p-60
        // Rounding in the test itself is covered by 1 %; with more features than this the bound would mean nothing.
        let d = Double(featureCount)
        tie = featureCount > 1 << 20 ? .infinity : Float(((2 * d + 8) * 0x1p-24 + 0x1p-19) * 1.01)
        relative = Float((d + 8) * 0x1p-23)
    }
}
