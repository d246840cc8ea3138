import Segmentation
import VectorMath

/// Seeded rows to measure segmentation on: the same values on every machine, for any number of threads.
public struct GeneratedRows: Equatable, Sendable {
    /// How the rows lie.
    public enum Distribution: String, CaseIterable, Sendable {
        /// Around centers: normal with standard deviation 1.2, the centers normal with standard deviation 2.
        case clustered
        /// Evenly in the unit cube: nothing to find, which is the hard case for shortcuts.
        case uniform
    }

    /// The number of rows, 1 or more.
    public var rowCount: Int
    /// The number of features, 1 or more.
    public var columnCount: Int
    /// How the rows lie.
    public var distribution: Distribution
    /// Centers of clustered rows, 1 or more.
    public var centerCount: Int
    /// What everything random comes from.
    public var seed: UInt64

    /// Rows to be made.
    public init(
        rowCount: Int, columnCount: Int, distribution: Distribution = .clustered, centerCount: Int = 8,
        seed: UInt64 = 0
    ) {
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.distribution = distribution
        self.centerCount = centerCount
        self.seed = seed
    }

    /// Rows of one chunk, each with a random stream of its own.
    private static let rowsPerChunk = 16_384

    func matrix(workers: Workers) throws -> FeatureMatrix {
        let matrix = try FeatureMatrix(
            rowCount: rowCount, scalings: [FeatureScaling](repeating: .identity, count: columnCount))
        let centers = self.centers
        workers.forEach(chunkCount: (rowCount + Self.rowsPerChunk - 1) / Self.rowsPerChunk) { chunk in
            let first = chunk * Self.rowsPerChunk
            let count = min(Self.rowsPerChunk, rowCount - first)
            var generator = RandomGenerator(seed: seed, stream: chunk)
            // Whole chunks are drawn, so that fewer rows are the first of more.
            for (column, values) in columns(around: centers, &generator).enumerated() {
                matrix.store(column: column, firstRow: first, values: values[..<count])
            }
        }
        return matrix
    }

    /// The centers, row-major; none where rows have none.
    private var centers: [Double] {
        guard distribution == .clustered else { return [] }
        // A stream that no chunk has.
        var generator = RandomGenerator(seed: seed, stream: -1)
        return (0..<centerCount * columnCount).map { _ in generator.nextNormal(standardDeviation: 2) }
    }

    /// The columns of a chunk.
    private func columns(around centers: [Double], _ generator: inout RandomGenerator) -> [[Double]] {
        let rows = 0..<Self.rowsPerChunk
        guard distribution == .clustered else {
            return (0..<columnCount).map { _ in rows.map { _ in generator.nextUniform() } }
        }
        let places = rows.map { _ in generator.nextIndex(below: centerCount) * columnCount }
        return (0..<columnCount).map { column in
            places.map { generator.nextNormal(mean: centers[$0 + column], standardDeviation: 1.2) }
        }
    }
}
