/// Rules of which the first that applies gives a customer its name.
///
/// ```swift
/// let rules = try OrderedRules(
///     columns: [RuleColumn("days"), RuleColumn("orders", minimum: 0, isWhole: true)],
///     rules: [
///         Rule("lost", when: [Condition("days", above: 365)]),
///         Rule("loyal", when: [Condition("orders", atLeast: 6)]),
///         Rule("other"),
///     ])
/// let coverage = try rules.check()
/// print(coverage.isComplete)
/// ```
///
/// `check()` proves before any data is there that every customer gets a name; a `RuleClassifier` gives it.
public struct OrderedRules: Equatable, Sendable {
    /// The most rules that codes of eight bits tell apart, beside `uncovered`.
    public static let greatestCount = 255
    /// The code of a row that no rule applies to.
    public static let uncovered: UInt8 = 255

    /// The columns that conditions may name.
    public let columns: [RuleColumn]
    /// The rules; the code of a rule is its place here.
    public let rules: [Rule]
    /// Each column's line, cut where some rule begins or ends.
    let lines: [CellLine]
    /// For each alternative in order its rule and the cells that it takes.
    let alternatives: [(rule: Int, box: CellBox)]

    /// - Throws: `RulesError` for everything but a coverage that is not complete, which `check` reports.
    public init(columns: [RuleColumn], rules: [Rule]) throws(RulesError) {
        try Self.checkList(rules)
        var places: [[UInt8]: Int] = [:]
        // Bytes, not Characters: two spellings of one name are two columns.
        for (place, column) in columns.enumerated() { places[Array(column.name.utf8)] = place }
        for (index, rule) in rules.enumerated() {
            for (place, conditions) in rule.alternatives.enumerated() {
                try Self.checkConditions(conditions, columns, places, rule: index, alternative: place)
            }
        }
        let conditions = rules.flatMap { $0.alternatives.flatMap { $0 } }
        let lines = columns.map { column in
            CellLine(column, conditions.filter { $0.column.utf8.elementsEqual(column.name.utf8) })
        }
        let universe = CellBox(lines)
        var alternatives: [(rule: Int, box: CellBox)] = []
        for (index, rule) in rules.enumerated() {
            for conditions in rule.alternatives {
                var box = universe
                for condition in conditions {
                    guard let column = places[Array(condition.column.utf8)] else { continue }
                    box.restrict(column, lines[column].cells(of: condition))
                }
                alternatives.append((index, box))
            }
        }
        self.columns = columns
        self.rules = rules
        self.lines = lines
        self.alternatives = alternatives
    }

    /// Equal in columns and rules, from which all else follows.
    public static func == (one: OrderedRules, other: OrderedRules) -> Bool {
        one.columns == other.columns && one.rules == other.rules
    }

    private static func checkList(_ rules: [Rule]) throws(RulesError) {
        guard !rules.isEmpty else {
            throw RulesError(.invalidList, "no rule", remedy: "name one; a rule without conditions takes everybody")
        }
        guard rules.count <= greatestCount else {
            throw RulesError(.invalidList, "\(rules.count) rules", remedy: "use \(greatestCount) at most")
        }
        var known: Set<String> = []
        for (index, rule) in rules.enumerated() {
            if rule.alternatives.isEmpty {
                throw RulesError(
                    .invalidList, rule: index, "'\(rule.name)' has no alternative", remedy: "give it conditions")
            }
            if !known.insert(rule.name).inserted {
                throw RulesError(
                    .invalidList, rule: index, "a second rule named '\(rule.name)'",
                    remedy: "write both as alternatives of one rule")
            }
        }
    }

    private static func checkConditions(
        _ conditions: [Condition], _ columns: [RuleColumn], _ places: [[UInt8]: Int], rule: Int, alternative: Int
    ) throws(RulesError) {
        var known: Set<Int> = []
        for condition in conditions {
            func refuse(_ kind: RulesError.Kind, _ problem: String, remedy: String) -> RulesError {
                RulesError(
                    kind, rule: rule, alternative: alternative, column: condition.column, problem, remedy: remedy)
            }
            guard let column = places[Array(condition.column.utf8)] else {
                throw refuse(
                    .invalidColumn, "no column is named '\(condition.column)'", remedy: "use one of the columns given")
            }
            guard known.insert(column).inserted else {
                throw refuse(
                    .invalidColumn, "two conditions on '\(condition.column)'", remedy: "write them as one range")
            }
            if let mistake = columns[column].mistake(in: condition) {
                throw refuse(mistake.kind, mistake.problem, remedy: mistake.remedy)
            }
            for bound in [condition.lower.value, condition.upper.value].compactMap(\.self) where !bound.isFinite {
                throw refuse(.invalidRange, "the bound \(bound) is not finite", remedy: "leave the bound out")
            }
            if !condition.takesMissing, condition.isEmpty {
                throw refuse(
                    .invalidRange, "no value of '\(condition.column)' lies in the range",
                    remedy: "exchange the bounds, or include them")
            }
        }
    }
}

extension Condition {
    /// Whether no number satisfies the condition.
    fileprivate var isEmpty: Bool {
        guard takesValues else { return true }
        guard let first = lower.firstValue, let end = upper.firstValueBeyond else { return false }
        return first >= end
    }
}
