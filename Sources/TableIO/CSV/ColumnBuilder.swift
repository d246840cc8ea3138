internal import CKernels
internal import Tables

/// The cells of one column of the block being parsed, in the narrowest form that has held all of them so far.
///
/// Starts as integers scaled by a power of ten; a cell with more decimals raises the scale of all, and one that no
/// 31-bit integer holds turns the column into plain values for the rest of the block. None of this changes a value.
struct ColumnBuilder {
    static let scaleLimit = 9

    private(set) var count = 0
    /// Decimals of the integer cells; kept from block to block as the likely one.
    private(set) var scale = 0
    private var cells: [Int32] = []
    private var values: [Double] = []
    private var isPlain = false

    /// Forgets the cells and keeps the room.
    mutating func removeAll() {
        count = 0
        isPlain = false
    }

    /// Adds `recordCount` cells that the kernel `parse` writes at the current scale.
    ///
    /// - Parameter parse: called with the scale and room for `recordCount` cells.
    mutating func append(recordCount: Int, parse: (Int, UnsafeMutablePointer<Int32>) -> Void) {
        if cells.count < count + recordCount {
            cells.append(contentsOf: repeatElement(0, count: max(count + recordCount - cells.count, cells.count)))
        }
        cells.withUnsafeMutableBufferPointer { room in
            // SAFETY: the room was grown to count + recordCount above.
            parse(scale, room.baseAddress! + count)
        }
        if isPlain { decode(count..<count + recordCount) }
        count += recordCount
    }

    /// Sets the cell of a row among those already added.
    mutating func set(_ number: NumberText, at row: Int) {
        switch number {
        case .fixed(let mantissa, let decimals):
            if isPlain {
                values[row] = Double(mantissa) / tenToThe[decimals]
                return
            }
            if decimals > scale { raiseScale(to: decimals) }
            if isPlain {
                values[row] = Double(mantissa) / tenToThe[decimals]
                return
            }
            let (scaled, overflow) = mantissa.multipliedReportingOverflow(by: integerTenToThe[scale - decimals])
            if overflow || scaled == .min {
                turnPlain()
                values[row] = Double(mantissa) / tenToThe[decimals]
            } else {
                cells[row] = scaled
            }
        case .double(let value):
            if !isPlain { turnPlain() }
            values[row] = value
        case .missing, .rejected:
            if isPlain { values[row] = .nan } else { cells[row] = .min }
        }
    }

    /// Whether a cell with this many decimals would raise the scale.
    func wouldRaiseScale(_ decimals: Int) -> Bool { !isPlain && decimals > scale }

    private mutating func raiseScale(to decimals: Int) {
        let factor = integerTenToThe[decimals - scale]
        var fits = true
        for row in 0..<count where cells[row] != .min {
            fits = fits && !cells[row].multipliedReportingOverflow(by: factor).overflow
        }
        guard fits else {
            turnPlain()
            return
        }
        for row in 0..<count where cells[row] != .min { cells[row] *= factor }
        scale = decimals
    }

    private mutating func turnPlain() {
        isPlain = true
        decode(0..<count)
    }

    private mutating func decode(_ rows: Range<Int>) {
        if values.count < rows.upperBound {
            values.append(
                contentsOf: repeatElement(0, count: max(rows.upperBound, cells.count) - values.count))
        }
        let divisor = tenToThe[scale]
        for row in rows { values[row] = cells[row] == .min ? .nan : Double(cells[row]) / divisor }
    }

    /// The value of a row, NaN if missing.
    func value(at row: Int) -> Double {
        if isPlain { return values[row] }
        return cells[row] == .min ? .nan : Double(cells[row]) / tenToThe[scale]
    }

    /// Keeps the rows whose flag is false, in order.
    mutating func remove(where isRejected: [Bool]) {
        var kept = 0
        for row in 0..<count where !isRejected[row] {
            if isPlain { values[kept] = values[row] } else { cells[kept] = cells[row] }
            kept += 1
        }
        count = kept
    }

    /// The column so far, packed.
    func finished() -> NumberColumn {
        if isPlain { return NumberColumn(storage: .float64(Array(values[..<count])), scale: 0) }
        var fits = true
        let narrow = [Int16](unsafeUninitializedCapacity: count) { room, initialized in
            cells.withUnsafeBufferPointer { cells in
                // SAFETY: both hold at least `count` elements; the kernel writes exactly `count`.
                if count > 0 { fits = stratum_narrow_int16(cells.baseAddress!, count, room.baseAddress!) != 0 }
            }
            initialized = count
        }
        if fits { return NumberColumn(storage: .int16(narrow), scale: scale) }
        return NumberColumn(storage: .int32(Array(cells[..<count])), scale: scale)
    }
}

private let tenToThe: [Double] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
private let integerTenToThe: [Int32] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
]
