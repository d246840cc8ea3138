import Scoring

/// Where an export finds the numbers of one of the plan's columns.
enum ExportColumn: Equatable, Sendable {
    /// Among the columns that it is given.
    case input(Int)
    /// Among those that it computes.
    case derived(Int)
}

/// The columns that an export is given, and those that it computes from them.
struct ExportColumns: Sendable {
    /// A column of the table of customers.
    struct Input: Sendable {
        /// The plan's name of the column.
        let name: String
        /// What stands there.
        let content: Content
    }

    /// What stands in a column.
    enum Content: Sendable {
        /// Numbers, and which are accepted.
        case numbers(Plan.AdmissibleRange)
        /// Words, and the numbers that they stand for.
        case words(Normalization.GradeWords)
        /// The names of groups that have cut-offs of their own.
        case groups
    }

    /// A derived column.
    struct Computation: Sendable {
        let expression: Expression
        /// For each column of the expression where its numbers are, among computations an earlier one.
        let operands: [ExportColumn]
    }

    /// The columns that are given, in the order in which they were asked for.
    private(set) var inputs: [Input] = []
    /// The columns that are computed, each after those that it reads.
    private(set) var computations: [Computation] = []
    private let plan: ResolvedPlan
    /// For each computation its number among the plan's derived columns.
    private var numbers: [Int] = []

    init(_ plan: ResolvedPlan) { self.plan = plan }

    /// The place of one of the plan's columns, which is taken in if it is new.
    mutating func place(of column: Int) -> ExportColumn { place(named: plan.columns[column]) }

    /// The place of the column of groups, which counts as another than a column of numbers with its name.
    mutating func groupPlace(named name: String) -> Int {
        inputs.append(Input(name: name, content: .groups))
        return inputs.count - 1
    }

    private mutating func place(named name: String) -> ExportColumn {
        guard let number = plan.derived.number(of: name) else { return .input(inputPlace(name)) }
        for next in plan.derived.order(for: [name]) where !numbers.contains(next) {
            let expression = plan.derived.expressions[next]
            // Derived columns among them came earlier in this order, so that this goes one deep only.
            let operands = expression.columns.map { place(named: $0) }
            numbers.append(next)
            computations.append(Computation(expression: expression, operands: operands))
        }
        return .derived(numbers.firstIndex(of: number) ?? 0)
    }

    private mutating func inputPlace(_ name: String) -> Int {
        // Bytes, not Characters: two spellings of one name are two columns.
        func isSame(_ other: String) -> Bool { other.utf8.elementsEqual(name.utf8) }
        if let known = inputs.firstIndex(where: { isSame($0.name) }) { return known }
        let range = plan.columns.firstIndex(where: isSame).map { plan.admissible[$0] } ?? Plan.AdmissibleRange()
        let words = plan.plan.gradeWords(ofColumn: name)
        inputs.append(Input(name: name, content: words.map { .words($0) } ?? .numbers(range)))
        return inputs.count - 1
    }
}

extension Normalization.GradeWords {
    /// The words with upper-case letters of ASCII made small, by rising bytes, and what they stand for.
    var folded: [(word: String, number: Double)] {
        words.map { word in
            let bytes = word.word.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            return (String(decoding: bytes, as: UTF8.self), word.score)
        }.sorted { $0.word.utf8.lexicographicallyPrecedes($1.word.utf8) }
    }
}
