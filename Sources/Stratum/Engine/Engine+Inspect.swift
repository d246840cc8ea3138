public import Reports
public import TableIO
import Tables
import VectorMath

extension Engine {
    /// Shares below which a column's values are told.
    static let inspectedShares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

    /// Describes every column of a file: kind, count, missing, extremes, mean, standard deviation and quantiles, all of
    /// them exact.
    ///
    /// A column in which any cell is no number is text, and only its counts are told.
    ///
    /// - Parameter input: a path, `-` for stdin.
    /// - Throws: `TableIOError`, `CancellationError`.
    public static func inspect(input: String, options: RunOptions) throws -> ColumnSummaries {
        try inspect(options.source(input), options: options)
    }

    /// The same for a source from memory or a function.
    public static func inspect(_ source: InputSource, options: RunOptions) throws -> ColumnSummaries {
        try options.checkFits(source)
        var format = CSVFormat()
        if let delimiter = options.delimiter { format.delimiter = delimiter }
        let reader = try CSVReader(source: source, format: format, identifier: nil, columns: nil)
        let workers = Workers(threadCount: options.threadCount)
        var read = ReadOptions()
        // Broken records are left out of the figures, however many there are: looking at them is what this verb is for.
        read.rejectLimit = .share(1)
        read.isCancelled = options.checkpoint(source.path)
        let (table, statistics) = try reader.readTable(workers: workers, options: read)
        let population = Population(
            table: table, intake: IntakeNotes(source: source).finished(statistics))
        let columns = Array(table.columnNames.indices)
        let source = population.source(columns)
        let moments = try source.moments(workers)
        let wanted = columns.map { column in
            statistics.textCounts[column] > 0 ? [] : inspectedShares.map { OrderStatistic.quantile($0) }
        }
        let quantiles = try OrderStatistics.find(wanted, in: source, workers)
        return ColumnSummaries(
            columns.map { column in
                ColumnSummary(
                    table, column: column, textCount: statistics.textCounts[column], moments[column],
                    quantiles[column].values)
            })
    }
}

extension ColumnSummary {
    fileprivate init(_ table: Table, column: Int, textCount: Int, _ moments: Moments, _ quantiles: [Double]) {
        let missingCount = moments.missingCount - textCount
        let isWhole = table.batches.allSatisfy { $0.columns[column].scale == 0 && !$0.columns[column].isPlain }
        let kind = textCount > 0 ? "text" : moments.count == 0 ? "empty" : isWhole ? "integer" : "number"
        guard textCount == 0 else {
            self.init(name: table.columnNames[column], kind: kind, rowCount: table.rowCount, missingCount: missingCount)
            return
        }
        self.init(
            name: table.columnNames[column], kind: kind, rowCount: table.rowCount, missingCount: missingCount,
            minimum: moments.minimum, maximum: moments.maximum, mean: moments.mean,
            standardDeviation: moments.standardDeviation,
            quantiles: moments.count == 0
                ? [] : zip(Engine.inspectedShares, quantiles).map { .init(share: $0, value: $1) })
    }
}

extension NumberColumn {
    /// Whether cells are kept as binary64.
    fileprivate var isPlain: Bool {
        if case .float64 = storage { true } else { false }
    }
}
