/// Gives rows the code of the first rule that applies, block by block and a column at a time.
///
/// A value's cell is the number of cuts that it has passed; each cell carries the alternatives that it satisfies as
/// bits; the bits that are left over all columns begin with the alternative that wins. So a row costs a comparison a
/// cut and a look-up a column, however many rules there are.
///
/// ```swift
/// var classifier = RuleClassifier(rules)
/// let codes = classifier.codes(of: [days, orders])
/// ```
///
/// A value of its own for each worker.
public struct RuleClassifier: Sendable {
    /// The most rows of a block.
    public static let rowCapacity = 2048

    /// The rules.
    public let rules: OrderedRules
    /// Each column's line, cut by the rules alone: a value that its column should not have is still a value.
    private let lines: [CellLine]
    /// Alternatives are taken 64 at a time.
    private let groupCount: Int
    /// For each column the alternatives that each cell satisfies, cells of the first group first.
    private let tables: [[UInt64]]
    /// For each alternative its rule.
    private let codes: [UInt8]
    private var rowCount = 0
    private var cells: [Int64]
    /// The alternatives that are left of each row, `rowCapacity` rows a group.
    private var left: [UInt64]

    /// A classifier with room for a block.
    public init(_ rules: OrderedRules) {
        let alternatives = rules.rules.enumerated().flatMap { rule, its in its.alternatives.map { (rule, $0) } }
        let groupCount = (alternatives.count + 63) / 64
        self.rules = rules
        self.groupCount = groupCount
        codes = alternatives.map { UInt8($0.0) }
        var lines: [CellLine] = []
        var tables: [[UInt64]] = []
        for column in rules.columns {
            let conditions = alternatives.map { $1.first { $0.column.utf8.elementsEqual(column.name.utf8) } }
            let known = column.names.map { RuleColumn(column.name, names: $0) } ?? RuleColumn(column.name)
            let line = CellLine(known, conditions.compactMap(\.self))
            var table = [UInt64](repeating: 0, count: groupCount * line.cellCount)
            for (place, condition) in conditions.enumerated() {
                let taken = condition.map { line.cells(of: $0) }
                for cell in 0..<line.cellCount where taken?[cell] ?? true {
                    table[place / 64 * line.cellCount + cell] |= 1 << UInt64(place % 64)
                }
            }
            lines.append(line)
            tables.append(table)
        }
        neededColumns = lines.indices.filter { column in
            rules.rules.contains { $0.names(rules.columns[column].name) }
        }
        self.lines = lines
        self.tables = tables
        cells = Array(repeating: 0, count: Self.rowCapacity)
        left = Array(repeating: 0, count: Self.rowCapacity * groupCount)
    }

    /// The columns that some rule asks for; others need not be read.
    public let neededColumns: [Int]

    /// Begins a block of rows; at most `rowCapacity`.
    public mutating func begin(rowCount: Int) {
        precondition(rowCount <= Self.rowCapacity, "\(rowCount) rows, room for \(Self.rowCapacity)")
        self.rowCount = rowCount
        for group in 0..<groupCount {
            let all: UInt64 = codes.count >= group * 64 + 64 ? .max : (1 << UInt64(codes.count % 64)) - 1
            for row in 0..<rowCount { left[group * Self.rowCapacity + row] = all }
        }
    }

    /// Drops the alternatives that a column's values do not satisfy.
    ///
    /// - Parameter values: a value for each row of the block, NaN where missing.
    public mutating func read(column: Int, _ values: UnsafeBufferPointer<Double>) {
        precondition(values.count == rowCount, "\(values.count) values, \(rowCount) rows")
        let (count, starts, table) = (rowCount, lines[column].starts, tables[column])
        let cellCount = lines[column].cellCount
        let groupCount = groupCount
        cells.withUnsafeMutableBufferPointer { cells in
            Self.locate(values, starts, cells)
            left.withUnsafeMutableBufferPointer { left in
                table.withUnsafeBufferPointer { table in
                    for group in 0..<groupCount {
                        // SAFETY: `locate` gives cells below `cellCount`, and there is a table of so many a group.
                        let table = table.baseAddress! + group * cellCount
                        let left = left.baseAddress! + group * Self.rowCapacity
                        for row in 0..<count { left[row] &= table[Int(truncatingIfNeeded: cells[row])] }
                    }
                }
            }
        }
    }

    /// Drops the alternatives that a column's names do not satisfy.
    ///
    /// - Parameter places: for each row of the block the place of its name; one that the column does not have satisfies
    ///   no condition.
    public mutating func read(column: Int, places: UnsafeBufferPointer<UInt16>) {
        precondition(places.count == rowCount, "\(places.count) places, \(rowCount) rows")
        let cellCount = lines[column].cellCount
        for group in 0..<groupCount {
            let table = tables[column][group * cellCount..<(group + 1) * cellCount]
            let start = group * Self.rowCapacity
            table.withUnsafeBufferPointer { table in
                left.withUnsafeMutableBufferPointer { left in
                    for row in places.indices {
                        // Cell 0 is that of no name.
                        let cell = Int(places[row]) + 1
                        left[start + row] &= table[cell < cellCount ? cell : 0]
                    }
                }
            }
        }
    }

    /// The cell of each value: the number of starts that it has reached, none for NaN.
    private static func locate(
        _ values: UnsafeBufferPointer<Double>, _ starts: [Double], _ room: UnsafeMutableBufferPointer<Int64>
    ) {
        let cells = UnsafeMutableBufferPointer(rebasing: room[..<values.count])
        for row in cells.indices { cells[row] = 0 }
        for start in starts {
            for row in cells.indices { cells[row] &+= values[row] >= start ? 1 : 0 }
        }
    }

    /// Ends the block and writes the code of each row, `OrderedRules.uncovered` where no rule applies.
    public func finish(into result: UnsafeMutableBufferPointer<UInt8>) {
        precondition(result.count == rowCount, "room for \(result.count) codes, not \(rowCount)")
        codes.withUnsafeBufferPointer { codes in
            left.withUnsafeBufferPointer { left in
                for row in result.indices {
                    var code = OrderedRules.uncovered
                    for group in 0..<groupCount {
                        let bits = left[group * Self.rowCapacity + row]
                        if bits != 0 {
                            code = codes[group * 64 + bits.trailingZeroBitCount]
                            break
                        }
                    }
                    result[row] = code
                }
            }
        }
    }

    /// The codes of whole columns.
    ///
    /// - Parameter columns: values for each column of the rules, all of one count.
    public mutating func codes(of columns: [[Double]]) -> [UInt8] {
        precondition(columns.count == rules.columns.count, "\(columns.count) columns, not \(rules.columns.count)")
        var codes = [UInt8](repeating: 0, count: columns.first?.count ?? 0)
        codes.withUnsafeMutableBufferPointer { codes in
            for start in stride(from: 0, to: codes.count, by: Self.rowCapacity) {
                let rows = start..<min(codes.count, start + Self.rowCapacity)
                begin(rowCount: rows.count)
                for column in neededColumns {
                    columns[column].withUnsafeBufferPointer {
                        read(column: column, UnsafeBufferPointer(rebasing: $0[rows]))
                    }
                }
                finish(into: UnsafeMutableBufferPointer(rebasing: codes[rows]))
            }
        }
        return codes
    }
}

extension Rule {
    /// Whether a condition is on the column of this name.
    fileprivate func names(_ column: String) -> Bool {
        alternatives.contains { $0.contains { $0.column.utf8.elementsEqual(column.utf8) } }
    }
}
