/// Numbers with a fixed count of decimals, correctly rounded: the decimal nearest to the exact binary value, and the
/// even one of two that are equally near. The text is that of `printf("%.*f")` in the C locale, but never `-0.000`.
///
/// Make one per column and keep it: it holds what depends on the count of decimals.
public struct FixedDecimal: Sendable {
    /// Digits after the point, 0...9.
    public let decimals: Int

    /// 10^decimals, as both kinds of number.
    let scale: Double
    let integerScale: UInt64
    /// ceil(2^(64 + shift) / integerScale): n / integerScale == high word of n x reciprocal, shifted, for n < 2^52
    /// (Granlund and Montgomery 1994: the error n x integerScale < 2^(52 + 30) stays below 2^(64 + shift)).
    private let reciprocal: UInt64
    private let shift: UInt64
    /// Fills the fraction up to a multiple of three digits.
    private let padding: UInt64
    // SAFETY: a table that is never written or freed.
    nonisolated(unsafe) private let groups: UnsafePointer<UInt32>

    /// Bytes of room that `write` needs for any finite value.
    public static let maximumByteCount = 328
    /// Bytes of room that `write` needs for values of magnitude below 10^15.
    public static let compactByteCount = 32

    /// Numbers with `decimals` digits after the point, 0...9.
    public init(decimals: Int) {
        precondition((0...9).contains(decimals), "\(decimals) decimals asked, 0...9 can be written")
        self.decimals = decimals
        var power: UInt64 = 1
        for _ in 0..<decimals { power *= 10 }
        integerScale = power
        scale = Double(power)
        shift = UInt64(63 - power.leadingZeroBitCount)
        // For decimals == 0 the quotient would be 2^64, which is never used.
        reciprocal = power == 1 ? 0 : power.dividingFullWidth((high: 1 << shift, low: 0)).quotient + 1
        var padding: UInt64 = 1
        for _ in decimals..<(decimals <= 3 ? 3 : 9) { padding *= 10 }
        self.padding = padding
        groups = DecimalDigits.groups
    }

    /// Writes `value` at `start` and returns the end of the text; a missing value (NaN) writes nothing.
    ///
    /// - Parameter start: room for `maximumByteCount` bytes, or `compactByteCount` when |value| < 10^15; bytes behind
    ///   the text may be overwritten.
    public func writeUnlessMissing(
        _ value: Double, to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        value.isNaN ? start : write(value, to: start)
    }

    /// Writes the finite `value` at `start` and returns the end of the text.
    ///
    /// - Parameter start: room as for `writeUnlessMissing`.
    public func write(_ value: Double, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let magnitude = value.magnitude
        let product = magnitude * scale
        guard product < 0x1p50 else { return writeLarge(value, to: start) }
        // Adding 2^52 rounds to an integer, half to even, and leaves it in the low bits of the pattern.
        let shifted = product + 0x1p52
        var units = shifted.bitPattern & 0xF_FFFF_FFFF_FFFF
        let rest = product - (shifted - 0x1p52)
        if rest.magnitude == 0.5 { units = Self.decideTie(magnitude, scale, product, even: units) }
        var start = start
        if value < 0 && units != 0 {
            // SAFETY: the sign, the digits of at most 2^50 and the fraction are within `compactByteCount`.
            start[0] = 0x2D
            start += 1
        }
        guard decimals > 0 else { return DecimalDigits.write(units, groups, to: start) }
        let integer = units.multipliedFullWidth(by: reciprocal).high &>> shift
        return writeFraction(units &- integer &* integerScale, to: DecimalDigits.write(integer, groups, to: start))
    }

    /// Writes the point and `fraction` < 10^decimals with leading zeros; decimals > 0.
    private func writeFraction(
        _ fraction: UInt64, to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        let digits = Int(truncatingIfNeeded: fraction &* padding)
        // SAFETY: padded to three or nine digits, each group is below 1000; at most 11 bytes are written.
        start[0] = 0x2E
        if decimals <= 3 {
            DecimalDigits.store(groups[digits], to: start + 1)
        } else {
            DecimalDigits.store(groups[digits / 1_000_000], to: start + 1)
            DecimalDigits.store(groups[digits / 1000 % 1000], to: start + 4)
            DecimalDigits.store(groups[digits % 1000], to: start + 7)
        }
        return start + (1 + decimals)
    }

    /// The integer nearest to the exact `magnitude` x `scale`, when that product rounded to `product`, which lies
    /// halfway between two integers; `even` is the even one of them.
    ///
    /// Any exact product off the half would have stayed on its side of it, so only the error of the product is asked.
    private static func decideTie(_ magnitude: Double, _ scale: Double, _ product: Double, even: UInt64) -> UInt64 {
        let error = (-product).addingProduct(magnitude, scale)
        return error == 0 ? even : UInt64(product) + (error > 0 ? 1 : 0)
    }

    /// Values whose scaled integer has over 50 bits: integer part and fraction are written apart.
    private func writeLarge(_ value: Double, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        precondition(value.isFinite, "\(value) has no decimal text")
        var end = start
        if value < 0 {
            // SAFETY: `maximumByteCount` is 1 + 309 + 1 + 9 bytes and slack for whole groups.
            end[0] = 0x2D
            end += 1
        }
        let magnitude = value.magnitude
        var fraction: UInt64 = 0
        if magnitude < 0x1p63 {
            var integer = UInt64(magnitude)
            // Exact: a value of at least 2^52 has no fraction, and below it the difference fits.
            let part = magnitude - Double(integer)
            let product = part * scale
            let below = UInt64(product)
            let rest = product - Double(below)
            // Without decimals the parity is that of the integer part; with decimals `integerScale` is even.
            let odd = (decimals == 0 ? integer : below) & 1
            fraction = rest > 0.5 || (rest == 0.5 && odd == 1) ? below + 1 : below
            if rest == 0.5 { fraction = Self.decideTie(part, scale, product, even: fraction) }
            if fraction == integerScale { (integer, fraction) = (integer + 1, 0) }
            end = DecimalDigits.write(integer, groups, to: end)
        } else {
            end = BigDecimal.write(magnitude, groups, to: end)
        }
        return decimals == 0 ? end : writeFraction(fraction, to: end)
    }
}

/// Integers of any size that a binary64 can hold.
enum BigDecimal {
    /// Writes `magnitude`, a finite integer of at least 2^63 (so at most 309 digits), and returns the end.
    static func write(
        _ magnitude: Double, _ groups: UnsafePointer<UInt32>, to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        // Little-endian limbs of 32 bits: the 53-bit significand, moved up.
        let exponent = Int(magnitude.exponent) - 52
        var significand = (magnitude.significandBitPattern | 1 << 52)
        var limbs = [UInt64](repeating: 0, count: exponent / 32 + 3)
        let offset = UInt64(exponent % 32)
        limbs[exponent / 32] = (significand << offset) & 0xFFFF_FFFF
        significand >>= 32 - offset
        limbs[exponent / 32 + 1] = significand & 0xFFFF_FFFF
        limbs[exponent / 32 + 2] = significand >> 32
        var thousands: [UInt64] = []
        while limbs.contains(where: { $0 != 0 }) {
            var remainder: UInt64 = 0
            for index in limbs.indices.reversed() {
                let part = remainder << 32 | limbs[index]
                limbs[index] = part / 1000
                remainder = part % 1000
            }
            thousands.append(remainder)
        }
        var end = DecimalDigits.write(thousands.removeLast(), groups, to: start)
        for group in thousands.reversed() {
            // SAFETY: 103 groups at most, within `FixedDecimal.maximumByteCount`.
            DecimalDigits.store(groups[Int(group)], to: end)
            end += 3
        }
        return end
    }
}
