/// Why a model cannot be fitted or made: what is wrong, where, and what helps.
public struct LifetimeFitError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Kind: Equatable, Sendable {
        /// A history that cannot be: a negative time, a last purchase after the end of the observation, and the like.
        case invalidHistory(row: Int)
        /// A parameter that is no number in its range.
        case invalidParameter(name: String)
        /// Nobody is there.
        case noCustomers
        /// Nobody bought a second time: how often customers buy and when they leave cannot be told apart.
        case noRepeatPurchases
        /// The likelihood rises without end while a parameter runs to 0 or to infinity.
        case boundary(parameter: String, Limit)
        /// Along a parameter the likelihood hardly changes: the data say nothing of it.
        case notDetermined(parameter: String)
        /// No start of the search came to a maximum.
        case notConverged
    }

    /// Where a parameter runs.
    public enum Limit: String, Equatable, Sendable {
        /// To 0.
        case zero
        /// To infinity.
        case infinity
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// The model or the column.
    public let place: String
    /// What is wrong.
    public let problem: String
    /// What helps.
    public let remedy: String

    init(_ kind: Kind, at place: String, _ problem: String, remedy: String) {
        self.kind = kind
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }

    /// Problem, place, remedy.
    public var description: String { "\(problem) (\(place)): \(remedy)" }
}

extension LifetimeFitError {
    static func boundary(_ parameter: String, _ limit: Limit, at place: String) -> LifetimeFitError {
        let end = limit == .zero ? "0" : "infinity"
        return LifetimeFitError(
            .boundary(parameter: parameter, limit), at: place,
            "the likelihood keeps rising while \(parameter) runs to \(end), so the data fix no value of it",
            remedy: "use a model with fewer parameters, or more customers or a longer observation")
    }

    static func notDetermined(_ parameter: String, at place: String) -> LifetimeFitError {
        LifetimeFitError(
            .notDetermined(parameter: parameter), at: place, "the data hardly depend on \(parameter)",
            remedy: "use a model with fewer parameters, or more customers or a longer observation")
    }

    static func notConverged(at place: String) -> LifetimeFitError {
        LifetimeFitError(
            .notConverged, at: place, "the search for the maximum of the likelihood came to no end",
            remedy: "look for customers with impossible counts or times, or use a model with fewer parameters")
    }
}
