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

    @inline(__always)
    mutating func add(_ value: Int64) {
        let (sum, carries) = low.addingReportingOverflow(UInt64(bitPattern: value))
        low = sum
        high &+= (value &>> 63) &+ (carries ? 1 : 0)
    }

    /// Correctly rounded where it fits 64 bits, else within one unit in the last place.
    @inline(__always)
    var value: Double {
        let narrow = Int64(bitPattern: low)
        if high == narrow &>> 63 { return Double(narrow) }
        return Double(high) * 0x1p64 + Double(low)
    }
}

/// Amounts in units of 10^-decimals: summed exactly, divided at the end. The quotient is correctly rounded as long as a
/// sum has at most 53 bits (9 10^15 units), and within one unit in the last place or two beyond.
struct DecimalAmounts: Amounts {
    let cells: UnsafePointer<Int64>
    let divisor: Double

    static var zero: WideInteger { WideInteger() }

    @inline(__always)
    func isNegative(_ row: Int) -> Bool { cells[row] < 0 }

    @inline(__always)
    func add(_ row: Int, to sum: inout WideInteger) { sum.add(cells[row]) }

    @inline(__always)
    func value(_ sum: WideInteger) -> Double { sum.value / divisor }
}

/// Amounts of which some are no decimals of 9 digits: the exact sum of the binary64 numbers, rounded once.
struct BinaryAmounts: Amounts {
    let cells: UnsafePointer<Int64>

    static var zero: ExactSum { ExactSum() }

    private func amount(_ row: Int) -> Double { Double(bitPattern: UInt64(bitPattern: cells[row])) }

    func isNegative(_ row: Int) -> Bool { amount(row) < 0 }

    func add(_ row: Int, to sum: inout ExactSum) { sum.update(amount(row)) }

    func value(_ sum: ExactSum) -> Double { sum.value }
}
