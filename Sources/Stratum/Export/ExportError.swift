/// Why a model has no text in another language.
public struct ExportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the model has that the export cannot say.
    public let problem: String
    /// Where in the model.
    public let place: String

    /// Problem, place, remedy.
    public var description: String {
        "\(problem), which no customer can be scored by (\(place)); fit the model again, to customers who have values there"
    }
}
