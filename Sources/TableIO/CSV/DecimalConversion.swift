/// From decimal digits to the nearest binary64, ties to the even one: correctly rounded for every input.
///
/// Three steps, each for what the one before cannot settle: products and quotients of numbers that binary64 holds
/// exactly (Clinger 1990, "How to Read Floating Point Numbers Accurately"); a product by a power of five of 128 bits
/// (Lemire 2021, "Number Parsing at a Gigabyte per Second", which needs no way back for up to 19 digits: Mushtak and
/// Lemire 2023, "Fast Number Parsing Without Fallback"); for more digits than 19 whose first 19 leave two neighbors
/// open, an exact comparison with the point halfway between these.
enum DecimalConversion {
    /// The most digits of a mantissa that always fits `UInt64`.
    static let digitLimit = 19

    /// `mantissa * 10^power`, infinity beyond the range.
    static func value(_ mantissa: UInt64, power: Int) -> Double {
        if mantissa < 1 << 53, -22...22 ~= power {
            return power < 0
                ? Double(mantissa) / exactPowersOfTen[-power] : Double(mantissa) * exactPowersOfTen[power]
        }
        return rounded(mantissa, power: power)
    }

    /// The same for a mantissa of which only the first 19 significant digits are in `leading`.
    ///
    /// - Parameters:
    ///   - digits: the whole mantissa; bytes that are no digits mean nothing.
    ///   - power: the power of ten of `leading`.
    ///   - digitPower: the power of ten of `digits`.
    static func value(
        leading: UInt64, power: Int, digits: UnsafeBufferPointer<UInt8>, digitPower: Int
    ) -> Double {
        let low = rounded(leading, power: power)
        if low == rounded(leading + 1, power: power) { return low }
        // The mantissa is between `leading` and the next, so the value rounds to `low` or to the next number up.
        var (mantissa, exponent) = significand(digits, power: digitPower)
        var halfway = BigNatural(
            2 * (low.isNormal ? low.significandBitPattern | 1 << 52 : low.significandBitPattern) + 1)
        let halfwayExponent = max(Int(low.exponentBitPattern), 1) - 1075 - 1
        if exponent >= 0 {
            mantissa.multiplyByFive(toThe: exponent)
        } else {
            halfway.multiplyByFive(toThe: -exponent)
        }
        exponent -= halfwayExponent
        if exponent >= 0 { mantissa.shiftLeft(exponent) } else { halfway.shiftLeft(-exponent) }
        let order = mantissa.compare(halfway)
        return order < 0 || (order == 0 && low.significandBitPattern & 1 == 0) ? low : low.nextUp
    }

    /// The digits as one number, and its power of ten.
    ///
    /// No number halfway between neighbors has more than 767 significant digits, so of those past 800 it matters only
    /// whether one is not 0; a single 1 stands for them.
    private static func significand(_ digits: UnsafeBufferPointer<UInt8>, power: Int) -> (BigNatural, Int) {
        var number = BigNatural(0)
        var count = 0
        var droppedCount = 0
        var isSticky = false
        for byte in digits {
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9, count > 0 || digit != 0 else { continue }
            if count < 800 {
                number.multiply(by: 10, adding: UInt64(digit))
                count += 1
            } else {
                droppedCount += 1
                isSticky = isSticky || digit != 0
            }
        }
        guard isSticky else { return (number, power + droppedCount) }
        number.multiply(by: 10, adding: 1)
        return (number, power + droppedCount - 1)
    }

    /// The algorithm of Eisel and Lemire; the comments name the steps of the paper's algorithm 1.
    private static func rounded(_ mantissa: UInt64, power: Int) -> Double {
        if mantissa == 0 || power < PowersOfFive.exponents.lowerBound { return 0 }
        if power > PowersOfFive.exponents.upperBound { return .infinity }
        let leadingZeros = mantissa.leadingZeroBitCount
        let normalized = mantissa << UInt64(leadingZeros)
        let table = PowersOfFive.mantissas
        let place = 2 * (power - PowersOfFive.exponents.lowerBound)
        // The lower half of the power counts only where the upper product's 9 last bits could all turn over.
        var (high, low) = normalized.multipliedFullWidth(by: table[place])
        if high & 0x1FF == 0x1FF {
            let carry = normalized.multipliedFullWidth(by: table[place + 1]).high
            low &+= carry
            if low < carry { high &+= 1 }
        }
        let upperBit = Int(high >> 63)
        let shift = UInt64(upperBit + 9)
        var bits = high >> shift  // 54 bits: the 53 of the result and one to round by
        // floor(log2(10^power)) by a product that is exact for these powers; 1023 is the bias.
        var exponent = ((152_170 + 65_536) * power) >> 16 + 63 + upperBit - leadingZeros + 1023
        if exponent <= 0 {
            // Subnormal: never halfway here, so a plain rounding of the bits that are left is right.
            guard 1 - exponent < 64 else { return 0 }
            bits >>= UInt64(1 - exponent)
            bits = (bits + (bits & 1)) >> 1
            // With 2^52 reached, the bit pattern is that of the least normal number.
            return Double(bitPattern: bits)
        }
        // Exactly halfway is only possible for small powers, and shows in a product without a rest: then to even.
        if low <= 1, -4...23 ~= power, bits & 3 == 1, bits << shift == high { bits &= ~1 }
        bits = (bits + (bits & 1)) >> 1
        if bits >= 1 << 53 {
            bits = 1 << 52
            exponent += 1
        }
        guard exponent < 0x7FF else { return .infinity }
        return Double(bitPattern: UInt64(exponent) << 52 | bits & ~(1 << 52))
    }

    /// 10^0 to 10^22: the powers of ten that binary64 holds exactly.
    private static let exactPowersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
