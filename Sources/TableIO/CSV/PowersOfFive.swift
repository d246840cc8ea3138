/// The powers of five as 128-bit mantissas: what decimal numbers are multiplied by to become binary ones.
///
/// The mantissa of 5^q has its highest bit set. For q >= 0 it is cut off after 128 bits; for q < 0 it is that of the
/// reciprocal of 5^-q, rounded up for q >= -27 and cut off below, as Eisel and Lemire's proof wants it (Lemire 2021,
/// "Number Parsing at a Gigabyte per Second", section 5).
enum PowersOfFive {
    /// The powers that a decimal number of up to 19 digits can need without being zero or too large.
    static let exponents = -342...308

    /// For each exponent, in order, the upper and the lower 64 bits. Exact integer arithmetic at first use, well under
    /// a millisecond.
    static let mantissas: [UInt64] = {
        var words: [UInt64] = []
        words.reserveCapacity(2 * exponents.count)
        // 2^1024 / 5^k loses nothing that its first 128 bits show: dividing a floor again gives the floor of the whole.
        var reciprocal = BigNatural(1)
        reciprocal.shiftLeft(1024)
        var reversed: [(high: UInt64, low: UInt64)] = []
        for k in 1 ... -exponents.lowerBound {
            reciprocal.divideByFive()
            var (high, low) = reciprocal.leading128Bits
            if k <= 27 {
                low &+= 1
                if low == 0 { high += 1 }
            }
            reversed.append((high, low))
        }
        for (high, low) in reversed.reversed() { words += [high, low] }
        var power = BigNatural(1)
        for _ in 0...exponents.upperBound {
            let (high, low) = power.leading128Bits
            words += [high, low]
            power.multiply(by: 5, adding: 0)
        }
        return words
    }()
}
