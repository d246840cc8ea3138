/// A natural number of any size, with the few operations that an exact look at a decimal number takes.
struct BigNatural {
    /// From the lowest; the last is not 0.
    private var limbs: [UInt64]

    init(_ value: UInt64) { limbs = value == 0 ? [] : [value] }

    /// Makes this `self * factor + term`.
    mutating func multiply(by factor: UInt64, adding term: UInt64) {
        var carry = term
        for index in limbs.indices {
            let (high, low) = limbs[index].multipliedFullWidth(by: factor)
            let (sum, overflow) = low.addingReportingOverflow(carry)
            limbs[index] = sum
            carry = high + (overflow ? 1 : 0)
        }
        if carry != 0 { limbs.append(carry) }
    }

    /// Makes this `self * 5^exponent`.
    mutating func multiplyByFive(toThe exponent: Int) {
        var left = exponent
        while left >= 27 {
            multiply(by: 7_450_580_596_923_828_125, adding: 0)  // 5^27, the greatest that 64 bits hold
            left -= 27
        }
        var factor: UInt64 = 1
        for _ in 0..<left { factor *= 5 }
        multiply(by: factor, adding: 0)
    }

    /// Makes this `self * 2^bitCount`.
    mutating func shiftLeft(_ bitCount: Int) {
        guard !limbs.isEmpty else { return }
        multiply(by: 1 << UInt64(bitCount % 64), adding: 0)
        limbs.insert(contentsOf: repeatElement(0, count: bitCount / 64), at: 0)
    }

    /// Makes this the whole part of `self / 5`.
    mutating func divideByFive() {
        var remainder: UInt64 = 0
        for index in limbs.indices.reversed() {
            (limbs[index], remainder) = UInt64(5).dividingFullWidth((remainder, limbs[index]))
        }
        while limbs.last == 0 { limbs.removeLast() }
    }

    /// The first 128 bits of a number that is not 0, from its highest set bit; zeros follow where it has fewer.
    var leading128Bits: (high: UInt64, low: UInt64) {
        func limb(_ back: Int) -> UInt64 { back <= limbs.count ? limbs[limbs.count - back] : 0 }
        let shift = UInt64(limb(1).leadingZeroBitCount)
        // A shift by 64 gives 0, as wanted.
        return (limb(1) << shift | limb(2) >> (64 - shift), limb(2) << shift | limb(3) >> (64 - shift))
    }

    /// -1, 0 or 1 as this is less than, equal to or greater than `other`.
    func compare(_ other: BigNatural) -> Int {
        if limbs.count != other.limbs.count { return limbs.count < other.limbs.count ? -1 : 1 }
        for index in limbs.indices.reversed() where limbs[index] != other.limbs[index] {
            return limbs[index] < other.limbs[index] ? -1 : 1
        }
        return 0
    }
}
