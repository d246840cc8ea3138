/// Why a grid of runs could not be carried out, or must not be believed.
public struct BenchmarkError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of obstacle it is.
    public enum Kind: String, Equatable, Sendable {
        /// A choice of the grid is out of range, or choices contradict each other.
        case invalidGrid
        /// A file of rows or of first centroids is not what it should be.
        case badMatrix
        /// A file of earlier results cannot be read.
        case badBaseline
        /// Earlier results were made under other settings, or have no cell in common.
        case otherBaseline
        /// Cells that must find the same found different things.
        case answersDiffer
        /// A cell takes longer than the limit allows.
        case slower
    }

    /// What kind of obstacle it is.
    public let kind: Kind
    /// The option, the file or the cell.
    public let place: String
    /// What is wrong.
    public let problem: String
    /// What helps.
    public let remedy: String

    /// An error of `kind` at `place`.
    public init(_ kind: Kind, at place: String, _ problem: String, remedy: String) {
        self.kind = kind
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }

    /// Problem, place, remedy.
    public var description: String { "\(problem) (\(place)): \(remedy)" }
}
