/// Why rules cannot be used: what is wrong, where, and what helps.
public struct RulesError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    public enum Kind: String, Equatable, Sendable {
        /// No rule, no alternative, more rules than there are codes, a name used twice.
        case invalidList
        /// A condition on a column that is not there, or two on one column.
        case invalidColumn
        /// A bound that is not finite, or a range that holds no value.
        case invalidRange
        /// A name that the column does not have, or an order of names that have none.
        case invalidName
        /// The check would take more steps than it may.
        case tooComplex
    }

    /// What kind of mistake it is.
    public let kind: Kind
    /// The rule's place in the list; nil for the list itself.
    public let rule: Int?
    /// The alternative's place in the rule; nil if none is meant.
    public let alternative: Int?
    /// The column, if one is to blame.
    public let column: String?
    /// What is wrong.
    public let problem: String
    /// What helps.
    public let remedy: String

    init(
        _ kind: Kind, rule: Int? = nil, alternative: Int? = nil, column: String? = nil, _ problem: String,
        remedy: String
    ) {
        self.kind = kind
        self.rule = rule
        self.alternative = alternative
        self.column = column
        self.problem = problem
        self.remedy = remedy
    }

    /// Problem, place, remedy.
    public var description: String {
        let place = [rule.map { "rule \($0 + 1)" }, column.map { "column '\($0)'" }].compactMap(\.self)
        return "\(problem) (\(place.isEmpty ? "rules" : place.joined(separator: ", "))): \(remedy)"
    }
}
