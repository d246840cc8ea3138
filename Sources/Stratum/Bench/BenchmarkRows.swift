import Scoring
public import Segmentation
import TableIO
import Tables
public import VectorMath

/// The rows that segmentation is measured on, ready in memory, and what they are called.
public struct BenchmarkRows: Sendable {
    /// What the rows are: the name of a file, or of a distribution.
    public let name: String
    /// The rows, in units of distance.
    public let matrix: FeatureMatrix
    /// The features in order; empty where they have no names.
    public let featureNames: [String]

    /// Rows of the caller's.
    public init(name: String, matrix: FeatureMatrix, featureNames: [String] = []) {
        self.name = name
        self.matrix = matrix
        self.featureNames = featureNames
    }

    /// Rows made from a seed.
    ///
    /// - Throws: `BenchmarkError` for counts below 1, `SegmentationError` for no memory.
    public init(_ generated: GeneratedRows, workers: Workers) throws {
        guard generated.rowCount > 0, generated.columnCount > 0, generated.centerCount > 0 else {
            throw BenchmarkError(
                .invalidGrid, at: "generated rows",
                "\(generated.rowCount) rows x \(generated.columnCount) around \(generated.centerCount) centers",
                remedy: "give 1 or more of each")
        }
        self.init(name: generated.distribution.rawValue, matrix: try generated.matrix(workers: workers))
    }

    /// Columns of an export, each standardized to mean 0 and standard deviation 1; a missing cell counts as the mean.
    ///
    /// - Parameters:
    ///   - features: the names of the columns.
    ///   - inputs: one or more paths, `-` for stdin; they count as one.
    /// - Throws: as `Engine.segment`.
    public init(features: [String], inputs: [String], options: RunOptions) throws {
        let sources = try options.sources(inputs)
        try options.checkFits(sources)
        let reader = try CSVReader(
            sources: sources, format: try options.csvFormat(), identifier: nil,
            columns: features.map { ColumnRequest(name: $0) })
        let workers = Workers(threadCount: options.threadCount)
        var read = options.readOptions(of: sources)
        switch options.maxRejects {
        case .count(let count): read.rejectLimit = .count(count)
        case .share(let share): read.rejectLimit = .share(share)
        case nil: break
        }
        let (table, statistics) = try reader.readTable(workers: workers, options: read)
        let population = Population(table: table, intake: IntakeNotes(sources: sources).finished(statistics))
        try population.requireCustomers()
        let scalings = try population.source(Array(features.indices)).moments(workers).map {
            FeatureScaling.standard(mean: $0.mean ?? 0, standardDeviation: $0.populationStandardDeviation ?? 0)
        }
        self.init(
            name: population.intake.path, matrix: try table.matrix(scalings, workers: workers),
            featureNames: features)
    }

    /// The features of a plan's segments, as the plan normalizes them.
    ///
    /// - Parameter inputs: one or more paths, `-` for stdin; they count as one.
    /// - Throws: as `Engine.segment`.
    public init(plan: ResolvedPlan, inputs: [String], options: RunOptions) throws {
        guard let segments = plan.plan.segments else {
            throw EngineError(
                .noSegments, at: "segments", "the plan has no segments",
                remedy: "add `segments: 6`, or name features with --features")
        }
        let population = try Population.read(try options.sources(inputs), by: plan, options) { _ in }
        try population.requireCustomers()
        let workers = Workers(threadCount: options.threadCount)
        let scorer = Scorer(try ScoringFit(population, by: plan, workers: workers).scoring)
        let features = SegmentFeatures(plan, segments)
        let matrix = try FeatureMatrix(
            rowCount: population.table.rowCount,
            scalings: try features.scalings(population, scorer: scorer, workers: workers))
        try features.fill(matrix, population, scorer: scorer, workers: workers)
        self.init(
            name: population.intake.path, matrix: matrix,
            featureNames: plan.segmentIndicators.map { plan.scoring.indicators[$0].name })
    }

    /// A matrix in a file of `numpy.save`, taken as it is.
    ///
    /// - Throws: `TableIOError`; `BenchmarkError` for a file that holds no matrix of finite numbers.
    public init(matrixFile path: String) throws {
        self.init(name: path, matrix: try NumpyFile(source: InputSource(path: path)).matrix())
    }

    /// First centroids from a file: of `numpy.save` in units of the matrix, or a CSV whose columns are named like the
    /// features and are in their units.
    ///
    /// - Throws: `TableIOError`; `BenchmarkError` for a file without centroids, `SegmentationError` for other features.
    public func centroids(file path: String) throws -> Centroids {
        let workers = Workers(threadCount: 1)
        let start: FeatureMatrix
        if path.hasSuffix(".npy") {
            start = try NumpyFile(source: InputSource(path: path)).matrix()
        } else {
            let names = featureNames.isEmpty ? nil : featureNames.map { ColumnRequest(name: $0) }
            let reader = try CSVReader(source: try InputSource(path: path), identifier: nil, columns: names)
            let table = try reader.readTable(workers: workers).table
            guard table.columnNames.count == matrix.columnCount else {
                throw BenchmarkError(
                    .badMatrix, at: path, "\(table.columnNames.count) columns for \(matrix.columnCount) features",
                    remedy: "give a column for each feature, and a row for each segment")
            }
            start = try table.matrix(matrix.scalings, workers: workers)
        }
        guard start.rowCount > 0 else {
            throw BenchmarkError(.badMatrix, at: path, "no centroid", remedy: "give a row for each segment")
        }
        return try Centroids(
            featureCount: start.columnCount,
            values: (0..<start.rowCount).flatMap { row in start.row(row).map { Double($0) } })
    }
}

extension Table {
    /// All columns, scaled, as a matrix.
    fileprivate func matrix(_ scalings: [FeatureScaling], workers: Workers) throws -> FeatureMatrix {
        let matrix = try FeatureMatrix(rowCount: rowCount, scalings: scalings)
        workers.forEach(chunkCount: batches.count) { batch in
            for column in scalings.indices {
                let values = batches[batch].columns[column].values(0..<batches[batch].rowCount)
                matrix.store(column: column, firstRow: rowOffsets[batch], values: values[...])
            }
        }
        return matrix
    }
}
