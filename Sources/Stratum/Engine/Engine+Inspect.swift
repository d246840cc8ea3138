public import Reports
public import TableIO
import Tables
import VectorMath

extension Engine {
    /// Shares below which a column's values are told.
    static let inspectedShares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

    /// Describes every column of a file: kind, count, missing, different values, extremes, sum, mean, standard
    /// deviation and quantiles.
    ///
    /// All figures are exact, sum and mean within one unit in the last place of that; only the number of different
    /// values is an estimate where there are more than `DistinctSketch.capacity`, unless `exactDistinct` asks for all of
    /// them. A column in which any cell is no number is text: of it the missing, the different cells (those that
    /// are numbers by their value), the lengths and a few samples are told. Broken records are left out of the figures
    /// and counted by reason, however many there are.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin; they count as one and must have the same columns.
    ///   - exactDistinct: whether different values are counted exactly, at 12 to 24 bytes each.
    /// - Throws: `PlanError` for number options that contradict each other, `TableIOError`, `CancellationError`.
    public static func inspect(
        inputs: [String], exactDistinct: Bool = false, options: RunOptions
    ) throws -> ColumnSummaries {
        try inspect(options.sources(inputs), exactDistinct: exactDistinct, options: options)
    }

    /// The same for a source from memory or a function.
    public static func inspect(
        _ source: InputSource, exactDistinct: Bool = false, options: RunOptions
    ) throws -> ColumnSummaries {
        try inspect([source], exactDistinct: exactDistinct, options: options)
    }

    /// The same for one or more sources.
    public static func inspect(
        _ sources: [InputSource], exactDistinct: Bool = false, options: RunOptions
    ) throws -> ColumnSummaries {
        try inspect(
            sources, exactDistinct: exactDistinct, blockByteCount: ReadOptions().blockByteCount, options: options)
    }

    /// The same with a unit of reading, which changes no figure.
    static func inspect(
        _ sources: [InputSource], exactDistinct: Bool, blockByteCount: Int, options: RunOptions
    ) throws -> ColumnSummaries {
        try options.checkFits(sources)
        let reader = try CSVReader(
            sources: sources, format: try options.csvFormat(), identifier: nil, columns: nil,
            blockByteCount: blockByteCount)
        let workers = Workers(threadCount: options.threadCount)
        var read = options.readOptions(of: sources)
        read.rejectLimit = .share(1)
        read.blockByteCount = blockByteCount
        read.tellsTextsApart = exactDistinct
        let (table, statistics) = try reader.readTable(workers: workers, options: read)
        let population = Population(table: table, intake: IntakeNotes(sources: sources).finished(statistics))
        let figures = try tallies(of: table, exactDistinct: exactDistinct, options, workers).map { $0.figures() }
        let quantiles = try quantiles(of: population, figures, texts: statistics.texts, workers)
        let columns = table.columnNames.indices.map { column in
            ColumnSummary(
                name: table.columnNames[column], rowCount: table.rowCount, figures[column], statistics.texts[column],
                quantiles[column])
        }
        let rejects = RejectReason.allCases.compactMap { reason in
            statistics.rejectCounts[reason].map { ColumnSummaries.Reject(reason: reason.rawValue, count: $0) }
        }
        return ColumnSummaries(columns, recordCount: statistics.recordCount, rejects: rejects)
    }

    private static func tallies(
        of table: Table, exactDistinct: Bool, _ options: RunOptions, _ workers: Workers
    ) throws -> [ColumnTally] {
        let empty = [ColumnTally](
            repeating: ColumnTally(exactDistinct: exactDistinct), count: table.columnNames.count)
        let batches = table.batches
        return try workers.reduce(chunkCount: empty.count * batches.count) {
            empty
        } update: { (tallies, task) throws in
            if options.isCancelled() { throw CancellationError() }
            let (column, batch) = task.quotientAndRemainder(dividingBy: batches.count)
            tallies[column].update(batches[batch].columns[column])
        } combine: { tallies, others in
            for column in tallies.indices { tallies[column].combine(others[column]) }
        }
    }

    /// The quantiles of every column, none for columns of text: from counts where there are, else from all cells.
    private static func quantiles(
        of population: Population, _ figures: [ColumnTally.Figures], texts: [TextStatistics], _ workers: Workers
    ) throws -> [[Double]] {
        let wanted = inspectedShares.map { OrderStatistic.quantile($0) }
        let wide = figures.indices.filter {
            figures[$0].counted == nil && texts[$0].count == 0 && figures[$0].moments.count > 0
        }
        let found = try OrderStatistics.find(
            [[OrderStatistic]](repeating: wanted, count: wide.count), in: population.source(wide), workers)
        return figures.indices.map { column in
            if let place = wide.firstIndex(of: column) { return found[place].values }
            guard let counted = figures[column].counted, !counted.isEmpty else { return [] }
            return OrderStatistics.find(wanted, inCounted: counted).values
        }
    }
}

extension ColumnSummary {
    fileprivate init(
        name: String, rowCount: Int, _ figures: ColumnTally.Figures, _ texts: TextStatistics, _ quantiles: [Double]
    ) {
        let moments = figures.moments
        let missingCount = moments.missingCount - texts.count
        guard texts.count == 0 else {
            // Numbers and other texts are different cells, so their numbers add up.
            self.init(
                name: name, kind: "text", rowCount: rowCount, missingCount: missingCount,
                distinct: Distinct(
                    count: figures.distinctCount + (texts.exactDistinctCount ?? texts.distinct.count),
                    isExact: figures.distinctIsExact && (texts.exactDistinctCount != nil || texts.distinct.isExact)),
                textByteCounts: texts.byteCounts, samples: texts.samples)
            return
        }
        self.init(
            name: name, kind: moments.count == 0 ? "empty" : figures.isWhole ? "integer" : "number",
            rowCount: rowCount, missingCount: missingCount,
            distinct: Distinct(count: figures.distinctCount, isExact: figures.distinctIsExact),
            minimum: moments.minimum, maximum: moments.maximum, sum: moments.count == 0 ? nil : moments.sum,
            mean: moments.mean, standardDeviation: moments.standardDeviation,
            quantiles: moments.count == 0
                ? [] : zip(Engine.inspectedShares, quantiles).map { .init(share: $0, value: $1) })
    }
}
