/// Why a tier specification or its fit cannot be used: what is wrong, where, and what helps.
public struct TiersError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    public enum Kind: String, Equatable, Sendable {
        /// The specification itself is wrong.
        case invalidSpecification
        /// Nobody has a value to rank by.
        case noValues
        /// The specification names no tier for customers who are left out of the ranking.
        case missingTier
    }

    /// What kind of mistake it is.
    public let kind: Kind
    /// The key path in the specification, such as `shares[2]`.
    public let path: String
    /// What is wrong.
    public let problem: String
    /// What helps.
    public let remedy: String

    init(_ kind: Kind, at path: String, _ problem: String, remedy: String) {
        self.kind = kind
        self.path = path
        self.problem = problem
        self.remedy = remedy
    }

    /// Problem, place, remedy.
    public var description: String { "\(problem) (\(path)): \(remedy)" }
}
