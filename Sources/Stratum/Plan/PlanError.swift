import TableIO

/// Why a plan was refused: the kind, the key path and, when known, the line.
public struct PlanError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of mistake.
    public enum Kind: String, Sendable {
        /// The text is not JSON (or YAML), or uses what a plan may not, such as a YAML alias.
        case syntax
        /// Larger than 1 MiB or nested deeper than 64.
        case limit
        /// A key that no plan knows.
        case unknownKey
        /// A key given twice.
        case duplicateKey
        /// A key that must be there is not.
        case missingKey
        /// A list where a number belongs, and so on.
        case wrongType
        /// The right type, but not an admissible value.
        case invalidValue
        /// Two things under one name.
        case duplicateName
        /// Two statements that cannot both hold.
        case conflict
    }

    /// The kind of mistake.
    public let kind: Kind
    /// Where in the plan, such as `dimensions[1].indicators[0].weight`; empty for the plan as a whole.
    public let keyPath: String
    /// Where in the text, if the plan came from one.
    public let position: PlanPosition?
    /// What is wrong.
    public let problem: String
    /// What to do about it.
    public let remedy: String

    /// A mistake at a place.
    public init(_ kind: Kind, at keyPath: String, _ position: PlanPosition?, problem: String, remedy: String) {
        self.kind = kind
        self.keyPath = keyPath
        self.position = position
        self.problem = problem
        self.remedy = remedy
    }

    /// Problem, place, remedy in one line; control bytes are escaped.
    public var description: String {
        let line = position.map { "line \($0.line), column \($0.column)" }
        let place = [keyPath.isEmpty ? nil : keyPath, line].compactMap(\.self).joined(separator: ", ")
        return TerminalText.escaped("plan: \(problem)\(place.isEmpty ? "" : " (\(place))"); \(remedy)")
    }
}
