/// Natural numbers of any length as 32-bit limbs, lowest first, each in a UInt64 for room to carry.
///
/// Only what exact sums and variances need at their end, once per column: schoolbook loops, no speed.
enum FixedPoint {
    /// Brings signed limbs of any size into 0..<2^32, all but the last, which keeps the sign.
    static func propagateCarries(_ limbs: UnsafeMutableBufferPointer<Int64>) {
        var carry: Int64 = 0
        for index in 0..<limbs.count - 1 {
            // SAFETY: index is below count - 1, and the last limb is touched after the loop by the same bound.
            let limb = limbs[index] &+ carry
            limbs[index] = limb & 0xffff_ffff
            carry = limb &>> 32
        }
        limbs[limbs.count - 1] &+= carry
    }

    /// The sign and the magnitude of a number given as signed limbs of any size.
    static func magnitude(of limbs: [Int64]) -> (isNegative: Bool, limbs: [UInt64]) {
        var limbs = limbs
        limbs.withUnsafeMutableBufferPointer { propagateCarries($0) }
        let isNegative = limbs[limbs.count - 1] < 0
        if isNegative {
            for index in limbs.indices { limbs[index] = 0 &- limbs[index] }
            limbs.withUnsafeMutableBufferPointer { propagateCarries($0) }
        }
        let last = UInt64(limbs[limbs.count - 1])
        return (isNegative, limbs.dropLast().map { UInt64($0) } + [last & 0xffff_ffff, last &>> 32])
    }

    /// The product; as long as both factors together.
    static func product(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var result = [UInt64](repeating: 0, count: a.count + b.count)
        for i in a.indices where a[i] != 0 {
            var carry: UInt64 = 0
            for j in b.indices {
                // (2^32 - 1)^2 + 2 (2^32 - 1) is 2^64 - 1: no overflow.
                let sum = a[i] * b[j] + result[i + j] + carry
                result[i + j] = sum & 0xffff_ffff
                carry = sum &>> 32
            }
            result[i + b.count] = carry
        }
        return result
    }

    /// `a - b`, which is not negative; as long as the longer of the two.
    static func difference(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var result = a + [UInt64](repeating: 0, count: max(0, b.count - a.count))
        var borrow: UInt64 = 0
        for index in result.indices {
            let subtrahend = (index < b.count ? b[index] : 0) + borrow
            borrow = result[index] < subtrahend ? 1 : 0
            result[index] = (result[index] &- subtrahend) & 0xffff_ffff
        }
        precondition(borrow == 0, "the difference of \(a.count) and \(b.count) limbs is negative")
        return result
    }

    /// The number rounded to 53 bits, ties to even: `significand * 2^exponent` with a whole `significand` <= 2^53.
    static func rounded(_ limbs: [UInt64]) -> (significand: Double, exponent: Int) {
        guard let top = limbs.lastIndex(where: { $0 != 0 }) else { return (0, 0) }
        func limb(_ index: Int) -> UInt64 { index < 0 ? 0 : limbs[index] }
        // 64 leading bits of the highest three limbs, the first of them set; everything below goes into a sticky bit.
        let shift = UInt64(limbs[top].leadingZeroBitCount - 32)
        let lowest = limb(top - 2) &<< shift
        let high = (((limbs[top] &<< 32) | limb(top - 1)) &<< shift) | (lowest &>> 32)
        let lostBits = lowest & 0xffff_ffff != 0 || (top >= 3 && limbs[..<(top - 2)].contains { $0 != 0 })
        let fraction = high & 0x7ff
        var kept = high &>> 11
        if fraction > 0x400 || (fraction == 0x400 && (lostBits || kept & 1 == 1)) { kept += 1 }
        return (Double(kept), 32 * (top - 1) - Int(shift) + 11)
    }
}
