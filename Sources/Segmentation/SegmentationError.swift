/// Why features could not be stored or segments not be found: the problem, its place and a remedy.
public struct SegmentationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Kind: Equatable, Sendable {
        /// The matrix has no row.
        case noRows
        /// The matrix has no column.
        case noColumns
        /// The system gave no memory of `byteCount` bytes.
        case outOfMemory(byteCount: Int)
        /// A parameter is outside its admissible range.
        case invalidParameter
        /// Centroids and matrix, or names and matrix, do not have the same number of features.
        case featureCountMismatch(expected: Int, found: Int)
        /// Columns, values or assignments do not have one entry for each row.
        case rowCountMismatch(expected: Int, found: Int)
    }

    /// What is wrong.
    public let kind: Kind
    /// Where: the parameter or the argument, by name.
    public let place: String
    /// What would be accepted.
    public let remedy: String

    /// An error of `kind` at `place`.
    public init(_ kind: Kind, place: String, remedy: String) {
        self.kind = kind
        self.place = place
        self.remedy = remedy
    }

    /// Problem, place and remedy in one line.
    public var description: String { "\(problem) (\(place)): \(remedy)" }

    private var problem: String {
        switch kind {
        case .noRows: "there is no row to segment"
        case .noColumns: "there is no feature to segment by"
        case .outOfMemory(let byteCount): "no memory for \(byteCount) bytes"
        case .invalidParameter: "a parameter is out of range"
        case .featureCountMismatch(let expected, let found): "\(found) features where \(expected) are needed"
        case .rowCountMismatch(let expected, let found): "\(found) rows where \(expected) are needed"
        }
    }
}
