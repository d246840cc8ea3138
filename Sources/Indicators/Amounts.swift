import VectorMath

/// The amounts of consecutive rows, and sums of them that no order of the rows can change.
protocol Amounts {
    associatedtype Sum
    /// The sum of nothing.
    static var zero: Sum { get }
    /// Whether the amount of a row is below 0.
    func isNegative(_ row: Int) -> Bool
    /// Brings the amount of a row into a sum.
    func add(_ row: Int, to sum: inout Sum)
    /// A sum as a number.
    func value(_ sum: Sum) -> Double
}

/// A whole number of 128 bits, two's complement: what Int128 is, whose conversion to Double takes 100 times as long.
struct WideInteger {
    private var low: UInt64 = 0
    private var high: Int64 = 0

    init() {}

    @inline(__always)
    init(_ value: Int64) {
        low = UInt64(bitPattern: value)
        high = value &>> 63
    }

    @inline(__always)
    mutating func add(_ value: Int64) {
        let (sum, carries) = low.addingReportingOverflow(UInt64(bitPattern: value))
        low = sum
        high &+= (value &>> 63) &+ (carries ? 1 : 0)
    }

    /// Adds a product of two 64-bit numbers.
    mutating func add(_ value: Int64, times factor: Int64) {
        let product = value.multipliedFullWidth(by: factor)
        let (sum, carries) = low.addingReportingOverflow(product.low)
        low = sum
        high &+= product.high &+ (carries ? 1 : 0)
    }

    /// The quotient by a power of ten of at most 10^9, correctly rounded.
    @inline(__always)
    func quotient(by divisor: Double) -> Double {
        let narrow = Int64(bitPattern: low)
        // Two numbers that binary64 holds: the division rounds once.
        if high == narrow &>> 63, narrow.magnitude <= 1 << 53 { return Double(narrow) / divisor }
        return wideQuotient(by: divisor)
    }

    @inline(never)
    private func wideQuotient(by divisor: Double) -> Double {
        let magnitude = Int128(_low: low, _high: high).magnitude
        let shift = magnitude.leadingZeroBitCount
        // A dividend of 128 bits leaves a quotient of at least 98: 64 bits for the rounding, and the rest for what is
        // odd about it.
        let (quotient, remainder) = (magnitude << shift).quotientAndRemainder(dividingBy: UInt128(divisor))
        let excess = 64 - quotient.leadingZeroBitCount
        let isExact = remainder == 0 && quotient.trailingZeroBitCount >= excess
        let significand = UInt64(truncatingIfNeeded: quotient >> excess) | (isExact ? 0 : 1)
        return Double(sign: high < 0 ? .minus : .plus, exponent: excess - shift, significand: Double(significand))
    }
}

/// Amounts in units of 10^-decimals: summed exactly, divided at the end and rounded once.
struct DecimalAmounts: Amounts {
    let cells: UnsafePointer<Int64>
    let divisor: Double

    static var zero: WideInteger { WideInteger() }

    @inline(__always)
    func isNegative(_ row: Int) -> Bool { cells[row] < 0 }

    @inline(__always)
    func add(_ row: Int, to sum: inout WideInteger) { sum.add(cells[row]) }

    @inline(__always)
    func value(_ sum: WideInteger) -> Double { sum.quotient(by: divisor) }
}

/// Amounts beside which some are no decimals of 9 digits.
///
/// Decimals are summed as decimals here too, so that a sum depends on its own amounts alone, and on none that happens to
/// be stored with them. The others have the exact sum of the binary64 numbers.
struct BinaryAmounts: Amounts {
    struct Sum {
        /// In units of 10^-9.
        var decimals = WideInteger()
        /// Of the others; nil while there is none.
        var others: ExactSum?
    }

    let cells: UnsafePointer<Int64>

    static var zero: Sum { Sum() }

    private func amount(_ row: Int) -> Double { Double(bitPattern: UInt64(bitPattern: cells[row])) }

    func isNegative(_ row: Int) -> Bool { amount(row) < 0 }

    func add(_ row: Int, to sum: inout Sum) {
        let amount = amount(row)
        if let number = NumberScale.exactDecimal(amount) {
            sum.decimals.add(number.units, times: integerPowersOfTen[NumberScale.decimalLimit - number.decimals])
        } else {
            sum.others = sum.others ?? ExactSum()
            sum.others?.update(amount)
        }
    }

    func value(_ sum: Sum) -> Double {
        let decimals = sum.decimals.quotient(by: powersOfTen[NumberScale.decimalLimit])
        guard var others = sum.others else { return decimals }
        others.update(decimals)
        return others.value
    }
}
