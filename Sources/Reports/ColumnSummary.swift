/// What a column of an input holds: the finished figures of `inspect`.
public struct ColumnSummary: Equatable, Sendable {
    /// A value below which a share of the column's values lies.
    public struct Quantile: Equatable, Sendable {
        /// The share, 0...1.
        public var share: Double
        /// The value.
        public var value: Double

        /// A quantile.
        public init(share: Double, value: Double) {
            self.share = share
            self.value = value
        }
    }

    /// The name in the header.
    public var name: String
    /// What the cells are: `integer`, `number`, `text` or `empty`.
    public var kind: String
    /// Rows of the table.
    public var rowCount: Int
    /// Rows without a value.
    public var missingCount: Int
    /// The least value; nil, as all that follow, when the column holds no number.
    public var minimum: Double?
    /// The largest value.
    public var maximum: Double?
    /// The mean.
    public var mean: Double?
    /// The standard deviation with divisor n - 1; nil for fewer than two values.
    public var standardDeviation: Double?
    /// Quantiles by rising share, the same shares for every column of a table.
    public var quantiles: [Quantile]

    /// A summary; a column without numbers needs only the counts.
    public init(
        name: String, kind: String, rowCount: Int, missingCount: Int, minimum: Double? = nil, maximum: Double? = nil,
        mean: Double? = nil, standardDeviation: Double? = nil, quantiles: [Quantile] = []
    ) {
        self.name = name
        self.kind = kind
        self.rowCount = rowCount
        self.missingCount = missingCount
        self.minimum = minimum
        self.maximum = maximum
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.quantiles = quantiles
    }
}

/// The columns of an input, in the order of its header.
public struct ColumnSummaries: Equatable, Sendable {
    /// One summary for each column.
    public var columns: [ColumnSummary]

    /// Summaries of one table.
    public init(_ columns: [ColumnSummary]) { self.columns = columns }

    /// One row for each column of the input, every number with all its digits.
    public var csv: [UInt8] {
        var csv = CSVText()
        csv.append(["column", "kind", "rows", "missing", "min", "max", "mean", "sd"] + shares.map(Self.title))
        for column in columns {
            csv.append(
                [
                    column.name, column.kind, String(column.rowCount), String(column.missingCount),
                    CSVText.field(column.minimum), CSVText.field(column.maximum), CSVText.field(column.mean),
                    CSVText.field(column.standardDeviation),
                ] + shares.map { CSVText.field(column.quantile($0)) })
        }
        return csv.bytes
    }

    /// The same figures as a list of objects.
    public var json: JSONValue {
        .list(
            columns.map { column in
                [
                    "column": .text(column.name), "kind": .text(column.kind), "rows": .integer(column.rowCount),
                    "missing": .integer(column.missingCount), "min": .optional(column.minimum),
                    "max": .optional(column.maximum), "mean": .optional(column.mean),
                    "sd": .optional(column.standardDeviation),
                    "quantiles": .object(
                        column.quantiles.map { .init(Self.title($0.share), .number($0.value)) }),
                ]
            })
    }

    /// A table for the terminal.
    ///
    /// - Parameter digits: significant digits; 17 shows each number in full.
    public func text(_ style: TerminalStyle, digits: Int = 6) -> String {
        let statistics = ["min", "max", "mean", "sd"] + shares.map(Self.title)
        var table = TextTable(
            columns: [("column", .left), ("kind", .left), ("rows", .right), ("missing", .right)]
                + statistics.map { ($0, .right) })
        func cell(_ value: Double?) -> String {
            guard let value else { return "" }
            return digits >= 17 ? shortestText(value) : significantText(value, digits: digits)
        }
        for column in columns {
            let numbers = [column.minimum, column.maximum, column.mean, column.standardDeviation].map(cell)
            let counts = [column.rowCount, column.missingCount].map { groupedText($0) }
            table.append(
                [column.name, column.kind] + counts + numbers + shares.map { cell(column.quantile($0)) })
        }
        return table.text(style)
    }

    /// The shares of the first column that has quantiles.
    private var shares: [Double] { columns.first { !$0.quantiles.isEmpty }?.quantiles.map(\.share) ?? [] }

    /// `p1`, `p50`, `p99.9`.
    private static func title(_ share: Double) -> String { "p" + significantText(share * 100, digits: 6) }
}

extension ColumnSummary {
    fileprivate func quantile(_ share: Double) -> Double? { quantiles.first { $0.share == share }?.value }
}
