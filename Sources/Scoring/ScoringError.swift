/// Why a specification, a fit or a block cannot be used: what is wrong, where, and what helps.
public struct ScoringError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    public enum Kind: String, Equatable, Sendable {
        /// The specification itself is wrong.
        case invalidSpecification
        /// The population has values that the specification does not admit.
        case unusableColumn
        /// A statistic that the specification needs was not given.
        case missingStatistic
        /// A customer lacks a value whose policy is `fail`.
        case missingValue
    }

    /// What kind of mistake it is.
    public let kind: Kind
    /// The key path in the specification, such as `dimensions[0].indicators[2].weight`.
    public let path: String
    /// The row that is to blame, if one is: inside the block that was being scored, unless the caller has shifted it.
    public let row: Int?
    /// What is wrong.
    public let problem: String
    /// What helps.
    public let remedy: String

    init(_ kind: Kind, at path: String, row: Int? = nil, _ problem: String, remedy: String) {
        self.kind = kind
        self.path = path
        self.row = row
        self.problem = problem
        self.remedy = remedy
    }

    /// The same error with the row counted from `count` rows earlier.
    public func shifted(byRows count: Int) -> ScoringError {
        ScoringError(kind, at: path, row: row.map { $0 + count }, problem, remedy: remedy)
    }

    /// Problem, place, remedy.
    public var description: String {
        let place = row.map { "\(path), row \($0)" } ?? path
        return "\(problem) (\(place)): \(remedy)"
    }
}
