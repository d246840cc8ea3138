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
    /// The last group of a plain column was read better without the kernel.
    private var readsPlain = false
    /// Cells of the block that fit no 31-bit integer, as far as they were counted.
    private var wideCount = 0

    /// Whether no cell can lie outside a range, as far as that shows without looking at one.
    func isWithin(_ minimum: Double, _ maximum: Double) -> Bool {
        // Integers of 31 bits over a power of ten that is 1 or more.
        isPlain ? minimum == -.infinity && maximum == .infinity : minimum <= -0x1p31 && maximum >= 0x1p31
    }

    /// Forgets the cells and keeps the room; after a block of mostly wide cells the next one begins with plain values.
    mutating func removeAll() {
        isPlain = wideCount > count / 4
        readsPlain = isPlain
        count = 0
        wideCount = 0
    }

    /// Adds the cells of one field of the indexed records.
    ///
    /// - Parameters:
    ///   - bytes: the text that the index speaks of.
    ///   - recordCount: how many records of the index, from the first.
    /// - Returns: how many cells must be `set`, each a missing one or 0 until then; their records' numbers are the first
    ///   elements of `index.exceptions`, rising.
    mutating func append(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: FieldIndex, field: Int, recordCount: Int,
        _ grammar: NumberGrammar
    ) -> Int {
        let rows = count..<count + recordCount
        if cells.count < rows.upperBound {
            cells.append(contentsOf: repeatElement(0, count: max(rows.upperBound - cells.count, cells.count)))
        }
        count += recordCount
        let exceptionCount: Int
        if isPlain, readsPlain || !grammar.isKernelSafe {
            exceptionCount = readValues(bytes, index, field: field, rows, grammar)
        } else if grammar.isKernelSafe {
            exceptionCount = cells.withUnsafeMutableBufferPointer { room in
                // SAFETY: the index holds `recordCount` records; cells and exceptions have room for as many.
                Int(
                    stratum_csv_parse_column(
                        bytes.baseAddress!, index.fields, UInt32(index.columnCount), UInt32(field),
                        UInt32(recordCount), Int32(scale), room.baseAddress! + rows.lowerBound, index.exceptions))
            }
            if isPlain { decode(rows) }
            readsPlain = exceptionCount > recordCount / 4
        } else {
            exceptionCount = readCells(bytes, index, field: field, rows, grammar)
        }
        return exceptionCount
    }

    /// Adds the cells of one field that holds words, as the method above does.
    mutating func append(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: FieldIndex, field: Int, recordCount: Int, _ words: WordTable
    ) -> Int {
        let first = count
        cells.append(contentsOf: repeatElement(.min, count: max(0, first + recordCount - cells.count)))
        count += recordCount
        if isPlain { growValues(to: count) }
        if let decimals = words.scale, !isPlain, scale < decimals { raiseScale(to: decimals) }
        let isScaled = !isPlain && words.scale == scale
        var exceptionCount = 0
        cells.withUnsafeMutableBufferPointer { cells in
            for record in 0..<recordCount {
                let text = NumberText.trimmed(
                    Self.content(UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: field)])))
                var cell = Int32.min
                if isScaled, let value = words.cell(text) {
                    cell = value
                } else if isPlain || !text.isEmpty {
                    // 0 until it is set.
                    index.exceptions[exceptionCount] = UInt32(record)
                    exceptionCount += 1
                    cell = 0
                }
                cells[first + record] = cell
            }
        }
        return exceptionCount
    }

    /// Reads cells at the current scale, as the kernel does, by the marks of any grammar.
    private mutating func readCells(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: FieldIndex, field: Int, _ rows: Range<Int>,
        _ grammar: NumberGrammar
    ) -> Int {
        let mark = grammar.decimalMark
        let hasNullValues = !grammar.nullValues.isEmpty
        let (scale, powers) = (scale, integerTenToThe)
        var exceptionCount = 0
        cells.withUnsafeMutableBufferPointer { cells in
            for record in 0..<rows.count {
                let text = Self.content(
                    UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: field)]))
                var cell = Int32.min
                if let number = PlainDecimal(text, mark: mark), number.decimals <= scale,
                    number.mantissa <= UInt64(Int32.max)
                {
                    let scaled = number.mantissa * UInt64(powers[scale - number.decimals])
                    if scaled <= UInt64(Int32.max), !(hasNullValues && grammar.nullValues.contains(number.value)) {
                        cell = number.isNegative ? -Int32(scaled) : Int32(scaled)
                    }
                }
                if cell == .min, !text.isEmpty {
                    index.exceptions[exceptionCount] = UInt32(record)
                    exceptionCount += 1
                    cell = 0
                }
                cells[rows.lowerBound + record] = cell
            }
        }
        return exceptionCount
    }

    /// Reads plain values, for columns whose cells mostly fit no 31-bit integer.
    private mutating func readValues(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: FieldIndex, field: Int, _ rows: Range<Int>,
        _ grammar: NumberGrammar
    ) -> Int {
        growValues(to: rows.upperBound)
        let mark = grammar.decimalMark
        let hasNullValues = !grammar.nullValues.isEmpty
        var exceptionCount = 0
        var wideCount = 0
        values.withUnsafeMutableBufferPointer { values in
            for record in 0..<rows.count {
                let text = Self.content(
                    UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: field)]))
                var value = Double.nan
                if let number = PlainDecimal(text, mark: mark) {
                    value = number.value
                    wideCount += number.mantissa > UInt64(Int32.max) || number.decimals > Self.scaleLimit ? 1 : 0
                    if hasNullValues, grammar.nullValues.contains(value) { value = .nan }
                }
                if value.isNaN, !text.isEmpty {
                    index.exceptions[exceptionCount] = UInt32(record)
                    exceptionCount += 1
                }
                values[rows.lowerBound + record] = value
            }
        }
        self.wideCount += wideCount
        return exceptionCount
    }

    /// A field without its outer quotes. Where more than quotes was quoted, no plain number is left either way.
    @inline(__always)
    private static func content(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard field.first == UInt8(ascii: "\""), field.count >= 2 else { return field }
        return UnsafeBufferPointer(rebasing: field[1..<field.count - 1])
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
            wideCount += 1
        case .missing, .rejected:
            if isPlain { values[row] = .nan } else { cells[row] = .min }
        }
    }

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
        growValues(to: rows.upperBound)
        let divisor = tenToThe[scale]
        for row in rows { values[row] = cells[row] == .min ? .nan : Double(cells[row]) / divisor }
    }

    private mutating func growValues(to rowCount: Int) {
        guard values.count < rowCount else { return }
        values.append(contentsOf: repeatElement(0, count: max(rowCount, cells.count) - values.count))
    }

    /// The value of a row, NaN if missing.
    func value(at row: Int) -> Double {
        if isPlain { return values[row] }
        return cells[row] == .min ? .nan : Double(cells[row]) / tenToThe[scale]
    }

    /// Whether any cell is missing.
    var hasMissing: Bool {
        isPlain ? values[..<count].contains(where: \.isNaN) : cells[..<count].contains(.min)
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
