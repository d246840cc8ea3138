/// Count, missing, extremes, sum, mean and variance of a column, in one pass and exactly.
///
/// The sums of the values and of their squares are exact (see `ExactSum`), and the variance is rounded only when it
/// is read. So it has all its digits however far the values are from 0, and no chunking or order changes a bit.
public struct Moments: Sendable {
    /// Limb i of the sum of squares counts units of 2^(32 i - 2148); the highest that a square reaches is 130.
    private static let squareLimbCount = 134

    /// Values that are numbers.
    public private(set) var count = 0
    /// Values that are NaN or infinite.
    public private(set) var missingCount = 0
    private var lowest = Double.infinity
    private var highest = -Double.infinity
    private var exactSum = ExactSum()
    private var squareLimbs = [Int64](repeating: 0, count: squareLimbCount)

    /// The moments of no value.
    public init() {}

    /// Brings values in; a NaN or an infinity counts as missing.
    ///
    /// - Complexity: O(`values.count`), about 5 ns a value.
    public mutating func update(_ values: Span<Double>) {
        values.withUnsafeBufferPointer { update($0) }
    }

    /// Brings values in; a NaN or an infinity counts as missing.
    public mutating func update(_ values: UnsafeBufferPointer<Double>) {
        for start in stride(from: 0, to: values.count, by: ExactSum.blockSize) {
            // SAFETY: the range ends at or before values.count.
            updateBlock(UnsafeBufferPointer(rebasing: values[start..<min(values.count, start + ExactSum.blockSize)]))
        }
    }

    /// Brings one value in as often as `count` says: the same state as from so many updates with it.
    ///
    /// - Parameters:
    ///   - value: finite.
    ///   - count: 0 or more.
    /// - Complexity: O(binary digits of `count`)
    public mutating func update(_ value: Double, count valueCount: Int) {
        precondition(value.isFinite && valueCount >= 0, "\(valueCount) times \(value)")
        guard valueCount > 0 else { return }
        let parts = BinaryParts(value)
        exactSum.limbs.withUnsafeMutableBufferPointer { sumLimbs in
            squareLimbs.withUnsafeMutableBufferPointer { squareLimbs in
                for digit in 0..<63 where valueCount >> digit & 1 == 1 {
                    // SAFETY: shift + 62 is at most 2,107: limbs 65 and 66 of 67, and 129 to 132 of 134.
                    addExactly(parts, timesTwoTo: digit, to: sumLimbs.baseAddress!)
                    addSquareExactly(parts, timesTwoTo: digit, to: squareLimbs.baseAddress!)
                }
                FixedPoint.propagateCarries(squareLimbs)
            }
            FixedPoint.propagateCarries(sumLimbs)
        }
        lowest = min(lowest, value)
        highest = max(highest, value)
        count += valueCount
    }

    /// Counts missing values.
    public mutating func update(missingCount: Int) { self.missingCount += missingCount }

    /// Brings the moments of other values in.
    public mutating func combine(_ other: Moments) {
        count += other.count
        missingCount += other.missingCount
        lowest = min(lowest, other.lowest)
        highest = max(highest, other.highest)
        exactSum.combine(other.exactSum)
        for index in squareLimbs.indices { squareLimbs[index] &+= other.squareLimbs[index] }
        squareLimbs.withUnsafeMutableBufferPointer { FixedPoint.propagateCarries($0) }
    }

    /// The smallest value; nil if there is none. Never -0.
    public var minimum: Double? { count == 0 ? nil : lowest + 0.0 }

    /// The largest value; nil if there is none. Never -0.
    public var maximum: Double? { count == 0 ? nil : highest + 0.0 }

    /// The correctly rounded sum; 0 if there is no value, infinite if it is beyond the range of binary64.
    public var sum: Double { exactSum.value }

    /// The mean, within 1 unit in the last place, or nil if there is no value.
    public var mean: Double? {
        guard count > 0 else { return nil }
        let sum = exactSum.value
        if sum.isFinite { return sum / Double(count) }
        return exactSum.value(scaledByPowerOfTwo: -64) / Double(count) * 0x1p64
    }

    /// The sample variance (divided by `count - 1`), within 2 units in the last place; nil for fewer than 2 values.
    ///
    /// Infinite if it is beyond the range of binary64, which takes values beyond 1e154.
    public var variance: Double? { count < 2 ? nil : variance(dividedBy: count - 1).value }

    /// The square root of `variance`; finite for all values.
    public var standardDeviation: Double? { count < 2 ? nil : variance(dividedBy: count - 1).squareRoot }

    /// The standard deviation with `count` for divisor; nil if there is no value.
    public var populationStandardDeviation: Double? { count < 1 ? nil : variance(dividedBy: count).squareRoot }

    /// (n * sum of squares - square of the sum) / n / divisor, where the difference is exact.
    private func variance(dividedBy divisor: Int) -> ScaledNumber {
        let n = [UInt64(count) & 0xffff_ffff, UInt64(count) &>> 32]
        let sum = FixedPoint.magnitude(of: exactSum.limbs).limbs
        let squares = FixedPoint.magnitude(of: squareLimbs).limbs
        let difference = FixedPoint.difference(FixedPoint.product(squares, n), FixedPoint.product(sum, sum))
        let (significand, exponent) = FixedPoint.rounded(difference)
        return ScaledNumber(significand: significand / Double(count) / Double(divisor), exponent: exponent - 2_148)
    }

    private mutating func updateBlock(_ values: UnsafeBufferPointer<Double>) {
        var missing = 0
        var lowest = self.lowest
        var highest = self.highest
        exactSum.limbs.withUnsafeMutableBufferPointer { sumLimbs in
            squareLimbs.withUnsafeMutableBufferPointer { squareLimbs in
                for value in values {
                    let parts = BinaryParts(value)
                    guard parts.isFinite else {
                        missing += 1
                        continue
                    }
                    lowest = value < lowest ? value : lowest
                    highest = value > highest ? value : highest
                    // SAFETY: shift is at most 2,045: limbs 63 and 64 of 67, and 127 to 130 of 134.
                    addExactly(parts, to: sumLimbs.baseAddress!)
                    addSquareExactly(parts, to: squareLimbs.baseAddress!)
                }
                FixedPoint.propagateCarries(squareLimbs)
            }
            FixedPoint.propagateCarries(sumLimbs)
        }
        self.lowest = lowest
        self.highest = highest
        missingCount += missing
        count += values.count - missing
    }
}

/// `significand * 2^exponent` for numbers whose square root may be in range when they are not.
private struct ScaledNumber {
    let significand: Double
    let exponent: Int

    var value: Double { Double(sign: .plus, exponent: exponent, significand: significand) }

    var squareRoot: Double {
        // An even exponent halves without loss; & rounds down for negative ones too.
        let odd = exponent & 1
        let root = (odd == 1 ? 2 * significand : significand).squareRoot()
        return Double(sign: .plus, exponent: (exponent - odd) / 2, significand: root)
    }
}

/// Adds the square of a number to limbs of units 2^(32 i - 2148); four limbs change, each by less than 2^42.
private func addSquareExactly(
    _ parts: BinaryParts, timesTwoTo power: Int = 0, to limbs: UnsafeMutablePointer<Int64>
) {
    let (high, low) = parts.significand.multipliedFullWidth(by: parts.significand)
    let position = 2 &* parts.shift &+ power
    let shift = UInt64(truncatingIfNeeded: position & 31)
    let mask: UInt64 = 0xffff_ffff
    // SAFETY: the caller's limbs reach beyond (4,152 >> 5) + 3.
    let limb = limbs + (position &>> 5)
    limb[0] &+= Int64(truncatingIfNeeded: (low &<< shift) & mask)
    limb[1] &+= Int64(truncatingIfNeeded: (low &>> (32 &- shift)) & mask)
    // Two steps, since a shift by 64 of a 64-bit word would be a shift by 0.
    limb[2] &+= Int64(truncatingIfNeeded: (((low &>> 32) &>> (32 &- shift)) | (high &<< shift)) & mask)
    limb[3] &+= Int64(truncatingIfNeeded: high &>> (32 &- shift))
}
