import TableIO

/// How the numbers of a column of figures are written: zeros at the end of decimals are left out, and a missing value is
/// an empty cell.
enum FigureForm: Sendable {
    /// Whole numbers within the range of Int.
    case integer
    /// Rounded to some decimals.
    case decimal(FixedDecimal)
    /// The fewest digits that read back as the same number.
    case shortest

    /// Some decimals; nil for the fewest digits.
    static func decimals(_ count: Int?) -> FigureForm {
        count.map { .decimal(FixedDecimal(decimals: $0)) } ?? .shortest
    }

    /// Writes a number, nothing for NaN; returns where it ends.
    func write(_ value: Double, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        if value.isNaN { return start }
        switch self {
        case .integer: return DecimalInteger.write(Int(value), to: start)
        case .shortest: return ShortestDecimal.write(value, to: start)
        case .decimal(let decimal):
            // Half of what is told of customers: no refunds, one purchase, a mean that is even.
            if let whole = Int(exactly: value) { return DecimalInteger.write(whole, to: start) }
            var end = decimal.write(value, to: start)
            guard decimal.decimals > 0 else { return end }
            // SAFETY: a point stands before the decimals, so the walk ends there at the latest.
            while end[-1] == 0x30 { end -= 1 }
            if end[-1] == 0x2E { end -= 1 }
            return end
        }
    }
}
