/// A sum of binary64 numbers without any rounding until it is read.
///
/// The state is one long fixed-point number over the whole range of binary64, so values may come in any order and any
/// chunking: the state, and the correctly rounded `value`, are the same to the last bit.
///
/// Source: Neal, "Fast exact summation using small and large superaccumulators", arXiv:1505.05571 (2015), the small
/// superaccumulator: limbs of 32 bits in 64-bit words, carries propagated once per 1,024 values.
public struct ExactSum: Sendable {
    /// Limb i counts units of 2^(32 i - 1074). 2,098 bits for a value, 64 for the count of values, rounded up.
    static let limbCount = 67
    /// A value adds below 2^52 to a limb, so 2,047 of them fit into 63 bits beside what a limb holds.
    static let blockSize = 1_024

    var limbs = [Int64](repeating: 0, count: limbCount)
    /// Values added since the carries were propagated.
    private var pendingCount = 0
    /// The sum of the NaNs and infinities met; 0 if none.
    private var nonFiniteSum = 0.0

    /// An empty sum: 0.
    public init() {}

    /// Brings one value in.
    public mutating func update(_ value: Double) {
        withUnsafePointer(to: value) { update(UnsafeBufferPointer(start: $0, count: 1)) }
    }

    /// Brings values in.
    ///
    /// - Complexity: O(`values.count`), 2 to 4 ns a value.
    public mutating func update(_ values: Span<Double>) {
        values.withUnsafeBufferPointer { update($0) }
    }

    /// Brings values in.
    public mutating func update(_ values: UnsafeBufferPointer<Double>) {
        var start = 0
        while start < values.count {
            let end = min(values.count, start + ExactSum.blockSize - pendingCount)
            pendingCount += end - start
            // SAFETY: start..<end is within values by the two lines above.
            updateBlock(UnsafeBufferPointer(rebasing: values[start..<end]))
            if pendingCount == ExactSum.blockSize { propagateCarries() }
            start = end
        }
    }

    /// Brings another sum in.
    public mutating func combine(_ other: ExactSum) {
        propagateCarries()
        var other = other
        other.propagateCarries()
        for index in limbs.indices { limbs[index] &+= other.limbs[index] }
        propagateCarries()
        nonFiniteSum += other.nonFiniteSum
    }

    /// The correctly rounded sum (to nearest, ties to even); infinite if it is beyond the range of binary64.
    ///
    /// If a NaN or an infinity was brought in, what IEEE 754 says for that: NaN or an infinity.
    public var value: Double { value(scaledByPowerOfTwo: 0) }

    /// The sum times 2^`power`, rounded once: for means of sums that are themselves out of range.
    func value(scaledByPowerOfTwo power: Int) -> Double {
        guard nonFiniteSum == 0 else { return nonFiniteSum }
        let (isNegative, magnitude) = FixedPoint.magnitude(of: limbs)
        let (significand, exponent) = FixedPoint.rounded(magnitude)
        let result = Double(sign: .plus, exponent: exponent - 1_074 + power, significand: significand)
        return isNegative ? -result : result
    }

    private mutating func propagateCarries() {
        limbs.withUnsafeMutableBufferPointer { FixedPoint.propagateCarries($0) }
        pendingCount = 0
    }

    private mutating func updateBlock(_ values: UnsafeBufferPointer<Double>) {
        var nonFinite = 0.0
        limbs.withUnsafeMutableBufferPointer { limbs in
            for value in values {
                let parts = BinaryParts(value)
                guard parts.isFinite else {
                    nonFinite += value
                    continue
                }
                // SAFETY: parts.shift is at most 2,045, so that the two limbs are at most 63 and 64 of 67.
                addExactly(parts, to: limbs.baseAddress!)
            }
        }
        nonFiniteSum += nonFinite
    }
}

/// A binary64 number as `significand * 2^(shift - 1074)`.
struct BinaryParts {
    /// 0..<2^53.
    let significand: UInt64
    /// 0...2045; 2046 for NaN and the infinities.
    let shift: Int
    /// -1 for negative numbers, else 0.
    let signMask: Int64

    var isFinite: Bool { shift < 2_046 }

    init(_ value: Double) {
        let bits = value.bitPattern
        let exponent = (bits &>> 52) & 0x7ff
        // Subnormals have no leading 1 and the exponent of the smallest normals.
        let leadingBit: UInt64 = exponent == 0 ? 0 : 1
        significand = (bits & 0xf_ffff_ffff_ffff) | (leadingBit &<< 52)
        shift = Int(truncatingIfNeeded: exponent &- leadingBit)
        signMask = Int64(bitPattern: bits) &>> 63
    }
}

/// Adds a number to limbs of units 2^(32 i - 1074); two limbs change, the higher by less than 2^52.
func addExactly(_ parts: BinaryParts, timesTwoTo power: Int = 0, to limbs: UnsafeMutablePointer<Int64>) {
    let position = parts.shift &+ power
    let shift = UInt64(truncatingIfNeeded: position & 31)
    let low = Int64(truncatingIfNeeded: (parts.significand &<< shift) & 0xffff_ffff)
    let high = Int64(truncatingIfNeeded: parts.significand &>> (32 &- shift))
    // SAFETY: the caller's limbs reach beyond (2,107 >> 5) + 1.
    let limb = limbs + (position &>> 5)
    limb[0] &+= (low ^ parts.signMask) &- parts.signMask
    limb[1] &+= (high ^ parts.signMask) &- parts.signMask
}
