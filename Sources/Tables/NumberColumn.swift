internal import CKernels

/// The numbers of one column in one batch, packed without loss.
///
/// Exports hold mostly counts and amounts with few decimals, so a cell is kept as the integer that its digits spell
/// and the column's `scale` says where the decimal point stood: the value of a cell `m` is `m / 10^scale`, which is the
/// correctly rounded binary64 of the decimal text as long as `|m| < 2^53` and `scale <= 22`. A column whose cells do
/// not fit is kept as binary64. 12 indicators of a typical customer take 30 bytes this way, not 96.
///
/// An empty cell is the smallest integer of the storage, or NaN; decoded it is NaN. No other cell is ever NaN.
public struct NumberColumn: Sendable {
    /// How the cells are kept.
    public enum Storage: Sendable {
        /// Scaled integers; `Int16.min` is missing.
        case int16([Int16])
        /// Scaled integers; `Int32.min` is missing.
        case int32([Int32])
        /// Plain values; NaN is missing.
        case float64([Double])
    }

    /// The cells, in row order.
    public let storage: Storage
    /// Decimal digits after the point of an integer cell, 0...22; 0 for `float64`.
    public let scale: Int

    /// A column over ready storage.
    public init(storage: Storage, scale: Int) {
        precondition((0...22).contains(scale), "scale \(scale) is not in 0...22")
        self.storage = storage
        self.scale = scale
    }

    /// A column of plain values; NaN marks a missing one.
    public init(values: [Double]) {
        self.init(storage: .float64(values), scale: 0)
    }

    /// The number of cells.
    public var count: Int {
        switch storage {
        case .int16(let cells): cells.count
        case .int32(let cells): cells.count
        case .float64(let cells): cells.count
        }
    }

    /// Writes the values of `rows` to `values`, NaN where a cell is missing.
    ///
    /// - Parameter values: at least `rows.count` elements.
    /// - Complexity: O(`rows.count`)
    public func decode(_ rows: Range<Int>, into values: UnsafeMutableBufferPointer<Double>) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows \(rows) of a column of \(count)")
        precondition(values.count >= rows.count, "room for \(values.count) values, \(rows.count) asked")
        guard let start = values.baseAddress, !rows.isEmpty else { return }
        // SAFETY: the rows lie inside the cells and their number inside `values`; both were checked above.
        switch storage {
        case .int16(let cells):
            cells.withUnsafeBufferPointer {
                stratum_decode_int16($0.baseAddress! + rows.lowerBound, rows.count, powersOfTen[scale], start)
            }
        case .int32(let cells):
            cells.withUnsafeBufferPointer {
                stratum_decode_int32($0.baseAddress! + rows.lowerBound, rows.count, powersOfTen[scale], start)
            }
        case .float64(let cells):
            cells.withUnsafeBufferPointer { start.update(from: $0.baseAddress! + rows.lowerBound, count: rows.count) }
        }
    }

    /// The least and largest value, NaN if there is none, and the number of missing cells.
    ///
    /// - Complexity: O(`count`)
    public var extremes: (minimum: Double, maximum: Double, missingCount: Int) {
        let found: stratum_extremes
        switch storage {
        case .int16(let cells):
            found = cells.withUnsafeBufferPointer { stratum_extremes_int16($0.baseAddress!, $0.count) }
        case .int32(let cells):
            found = cells.withUnsafeBufferPointer { stratum_extremes_int32($0.baseAddress!, $0.count) }
        case .float64(let cells):
            var extremes = (minimum: Double.nan, maximum: Double.nan, missingCount: 0)
            for cell in cells {
                extremes.missingCount += cell.isNaN ? 1 : 0
                extremes.minimum = Double.minimum(extremes.minimum, cell)
                extremes.maximum = Double.maximum(extremes.maximum, cell)
            }
            return extremes
        }
        guard found.missing < count else { return (.nan, .nan, count) }
        let divisor = powersOfTen[scale]
        return (Double(found.least) / divisor, Double(found.greatest) / divisor, found.missing)
    }

    /// The least and greatest present cell of a column of 16-bit cells; nil if all are missing or wider.
    public var cellExtremes: ClosedRange<Int16>? {
        guard case .int16(let cells) = storage, !cells.isEmpty else { return nil }
        // SAFETY: the cells are not empty, so they have an address.
        let found = cells.withUnsafeBufferPointer { stratum_extremes_int16($0.baseAddress!, $0.count) }
        return found.missing == cells.count ? nil : Int16(found.least)...Int16(found.greatest)
    }

    /// The cells of some rows, in the order given.
    public func selecting(_ rows: [Int]) -> NumberColumn {
        switch storage {
        case .int16(let cells): NumberColumn(storage: .int16(rows.map { cells[$0] }), scale: scale)
        case .int32(let cells): NumberColumn(storage: .int32(rows.map { cells[$0] }), scale: scale)
        case .float64(let cells): NumberColumn(storage: .float64(rows.map { cells[$0] }), scale: scale)
        }
    }

    /// The value in one row, NaN if missing.
    public subscript(row: Int) -> Double {
        switch storage {
        case .int16(let cells): cells[row] == .min ? .nan : Double(cells[row]) / powersOfTen[scale]
        case .int32(let cells): cells[row] == .min ? .nan : Double(cells[row]) / powersOfTen[scale]
        case .float64(let cells): cells[row]
        }
    }
}

/// 10^0 to 10^22: the powers of ten that binary64 holds exactly.
let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]
