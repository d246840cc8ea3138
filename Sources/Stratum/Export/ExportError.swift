/// Why a model has no text in another language.
public struct ExportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the model has that the export cannot say.
    public let problem: String
    /// Where in the plan.
    public let place: String

    /// Problem, place, remedy.
    public var description: String { "\(problem) (\(place)); use 'stratum score', or a plan without it" }
}
