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

/// Amounts in units of 10^-decimals: exact in 128 bits, divided at the end. The quotient is correctly rounded as long as
/// a sum has at most 53 bits (9 10^15 units), and within one unit in the last place beyond.
struct DecimalAmounts: Amounts {
    let cells: UnsafePointer<Int64>
    let divisor: Double

    static var zero: Int128 { 0 }

    @inline(__always)
    func isNegative(_ row: Int) -> Bool { cells[row] < 0 }

    @inline(__always)
    func add(_ row: Int, to sum: inout Int128) { sum &+= Int128(cells[row]) }

    @inline(__always)
    func value(_ sum: Int128) -> Double { Double(sum) / divisor }
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
