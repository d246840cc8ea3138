public import VectorMath

/// k-means over many rows that finds its start on samples: most iterations then touch few rows, and several numbers of
/// segments or several starts cost little more than one.
///
/// Of `stages` the samples are used that hold at most a quarter of the rows. All starts are made on the smallest, the
/// best goes on to the next larger one, and at last to all rows, each time by Lloyd's iterations to the same tolerance.
/// So labels, centroids and inertia mean what they do for `KMeans`; it is the start that differs. A sample holds one
/// row drawn from each of as many equal stretches of the rows, so that it is fair for sorted files too.
public struct StagedKMeans: Sendable {
    private let matrix: FeatureMatrix
    private let weights: RowWeights?
    private let workers: Workers
    private let samples: [(matrix: FeatureMatrix, weights: RowWeights?)]

    /// Rows of the samples: about 6 MB and 50 MB of 12 features.
    public static let stages = [1 << 17, 1 << 20]
    /// The stream of the seed that samples are drawn from, past those of the starts.
    private static let stream = 1 << 34

    /// Draws the samples.
    ///
    /// - Throws: `SegmentationError`: no memory; weights that are not one for each row.
    public init(
        _ matrix: FeatureMatrix, weights: RowWeights? = nil, seed: UInt64, stages: [Int] = stages, workers: Workers
    ) throws(SegmentationError) {
        if let weights, weights.rowCount != matrix.rowCount {
            throw SegmentationError(
                .rowCountMismatch(expected: matrix.rowCount, found: weights.rowCount), place: "weights",
                remedy: "give one weight for each customer")
        }
        self.matrix = matrix
        self.weights = weights
        self.workers = workers
        var samples: [(FeatureMatrix, RowWeights?)] = []
        for rows in Self.samples(of: matrix.rowCount, stages: stages, seed: seed) {
            // A sample without any weight says nothing; the larger ones do.
            let weight = weights.map { weights in rows.map { Double(weights[$0]) } }
            guard weight?.contains(where: { $0 > 0 }) ?? true else { continue }
            var sampleWeights: RowWeights?
            if let weight { sampleWeights = try RowWeights(weight) }
            samples.append((try Self.copy(rows, of: matrix, workers), sampleWeights))
        }
        self.samples = samples
    }

    /// Finds segments.
    ///
    /// - Parameter observe: is told each iteration over all rows.
    /// - Throws: as `KMeans.fit`.
    public func fit(
        _ parameters: KMeansParameters, observe: ((KMeansIteration) -> Void)? = nil
    ) throws -> KMeansResult {
        let started = try Self.started(parameters, on: samples, workers)
        return try KMeans(started).fit(matrix, weights: weights, workers: workers, observe: observe)
    }

    /// The parameters for all rows: those that ask for no start of their own begin where the largest sample ended.
    static func started(
        _ parameters: KMeansParameters, on samples: [(matrix: FeatureMatrix, weights: RowWeights?)], _ workers: Workers
    ) throws -> KMeansParameters {
        if case .given = parameters.seeding { return parameters }
        var parameters = parameters
        let asked = parameters.clusterCount
        for sample in samples where sample.matrix.rowCount >= 100 * asked {
            let start = try KMeans(parameters).fit(sample.matrix, weights: sample.weights, workers: workers)
            // Too few different rows in the sample: all rows decide.
            guard start.clusterCount == asked else { break }
            parameters.seeding = .given(start.centroids)
        }
        return parameters
    }

    /// The rows of each sample that is used, rising.
    static func samples(of rowCount: Int, stages: [Int], seed: UInt64) -> [[Int]] {
        stages.sorted().enumerated().filter { $0.element <= rowCount / 4 }.map {
            rows($0.element, of: rowCount, seed: seed, stream: stream + $0.offset)
        }
    }

    private static func rows(_ count: Int, of rowCount: Int, seed: UInt64, stream: Int) -> [Int] {
        var generator = RandomGenerator(seed: seed, stream: stream)
        return (0..<count).map { place in
            let (first, end) = (place * rowCount / count, (place + 1) * rowCount / count)
            return first + generator.nextIndex(below: end - first)
        }
    }

    private static func copy(
        _ rows: [Int], of matrix: FeatureMatrix, _ workers: Workers
    ) throws(SegmentationError) -> FeatureMatrix {
        let sample = try FeatureMatrix(
            rowCount: rows.count, scalings: [FeatureScaling](repeating: .identity, count: matrix.columnCount))
        let tasks = Tasks(rowCount: rows.count)
        workers.forEach(chunkCount: tasks.count) { task in
            let places = tasks.rows(task)
            for column in 0..<matrix.columnCount {
                let values = rows[places].map { Double(matrix[$0, column]) }
                values.withUnsafeBufferPointer {
                    sample.store(column: column, firstRow: places.lowerBound, values: $0)
                }
            }
        }
        return sample
    }
}
