/// A column's line of numbers, cut into cells that no rule tells apart inside.
///
/// Cell 0 is the missing value. Cell `i` from 1 on holds the values `x` with `starts[i - 1] <= x`, up to the start of
/// the next cell: a cut behind a value is a cut before the next greater number, so that one comparison finds the cell.
struct CellLine: Equatable, Sendable {
    /// Where cells begin, rising; the first begins at minus infinity.
    let starts: [Double]
    /// For each start the value as the rules have it, and whether that value itself lies before the start.
    let cuts: [Cut]
    /// The cells that hold a value which the column may have, cell 0 among them.
    let possible: [Bool]
    let column: RuleColumn

    /// A place on the line: before a value or just behind it.
    struct Cut: Equatable, Sendable {
        let value: Double
        let isBehind: Bool

        /// The first number behind the cut.
        var start: Double { isBehind ? value.nextUp : value }
    }

    init(_ column: RuleColumn, _ conditions: [Condition]) {
        let cuts = column.names.map { Self.cuts(between: $0) } ?? Self.cuts(of: conditions, column)
        let starts = cuts.map(\.start)
        self.cuts = cuts
        self.starts = starts
        self.column = column
        possible =
            [column.mayBeMissing]
            + starts.indices.map { place in
                let end = place + 1 < starts.count ? starts[place + 1] : .infinity
                return Self.example(from: starts[place], to: end, column) != nil
            }
    }

    /// Where rules begin or end, and what is known of the column.
    private static func cuts(of conditions: [Condition], _ column: RuleColumn) -> [Cut] {
        var found = conditions.flatMap { [$0.lower.lowerCut, $0.upper.upperCut] }.compactMap(\.self)
        if let minimum = column.minimum { found.append(Cut(value: minimum, isBehind: false)) }
        if let maximum = column.maximum { found.append(Cut(value: maximum, isBehind: true)) }
        // Zero and minus zero compare equal, and so they are one cut.
        return found.filter { $0.start.isFinite }.sorted { $0.start < $1.start }
            .reduce(into: [Cut(value: -.infinity, isBehind: false)]) {
                if $0[$0.count - 1].start != $1.start { $0.append($1) }
            }
    }

    /// A cell for each name, whatever the rules ask for.
    private static func cuts(between names: RuleNames) -> [Cut] {
        (0..<names.count).map { Cut(value: $0 == 0 ? -.infinity : Double($0), isBehind: false) }
    }

    /// Cells with the missing value's.
    var cellCount: Int { starts.count + 1 }

    /// For each cell whether its values satisfy the condition.
    func cells(of condition: Condition) -> [Bool] {
        if let names = column.names { return [false] + names.isChosen(condition.names) }
        let first = condition.lower.firstValue ?? -.infinity
        let end = condition.upper.firstValueBeyond ?? .infinity
        return [condition.takesMissing] + starts.map { condition.takesValues && $0 >= first && $0 < end }
    }

    /// A value of the cell, one that reads well; nil where the column has none. NaN for the missing value.
    func example(ofCell cell: Int) -> Double? {
        guard cell > 0 else { return column.mayBeMissing ? .nan : nil }
        return Self.example(from: starts[cell - 1], to: end(ofCell: cell), column)
    }

    /// Where a cell of values ends: the first number that is not its own.
    func end(ofCell cell: Int) -> Double { cell < starts.count ? starts[cell] : .infinity }

    /// A value `x` of the column with `start <= x < end`.
    private static func example(from start: Double, to end: Double, _ column: RuleColumn) -> Double? {
        let low = max(start, column.minimum ?? -.greatestFiniteMagnitude, -.greatestFiniteMagnitude)
        let beyond = min(end, column.maximum?.nextUp ?? .infinity)
        guard low < beyond else { return nil }
        // Whole numbers read best: the one nearest to where the cell begins or, if it begins nowhere, ends.
        let isOpen = start == -.infinity && column.minimum == nil
        let nearest = !isOpen ? low.rounded(.up) : beyond < .infinity ? beyond.rounded(.up) - 1 : 0
        for whole in [nearest, low.rounded(.up)] where whole >= low && whole < beyond { return whole }
        if column.isWhole { return nil }
        let middle = low + (beyond - low) / 2
        return middle >= low && middle < beyond ? middle : low
    }
}

extension Condition.Bound {
    /// Where a range begins that has this lower end; nil without one.
    fileprivate var lowerCut: CellLine.Cut? {
        switch self {
        case .none: nil
        case .including(let value): CellLine.Cut(value: value, isBehind: false)
        case .excluding(let value): CellLine.Cut(value: value, isBehind: true)
        }
    }

    /// Where a range ends that has this upper end; nil without one.
    fileprivate var upperCut: CellLine.Cut? {
        switch self {
        case .none: nil
        case .including(let value): CellLine.Cut(value: value, isBehind: true)
        case .excluding(let value): CellLine.Cut(value: value, isBehind: false)
        }
    }

    /// The first number of a range that begins here; nil without a beginning.
    var firstValue: Double? { lowerCut?.start }

    /// The first number behind a range that ends here; nil without an end.
    var firstValueBeyond: Double? { upperCut?.start }
}
