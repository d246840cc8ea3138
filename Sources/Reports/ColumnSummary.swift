import TableIO

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

    /// How many different values there are.
    public struct Distinct: Equatable, Sendable {
        /// The number, or its estimate.
        public var count: Int
        /// Whether the number is exact; else its relative standard error is `standardError`.
        public var isExact: Bool

        /// A number of different values.
        public init(count: Int, isExact: Bool) {
            self.count = count
            self.isExact = isExact
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
    /// Different values among the rest; nil if that is not known.
    public var distinct: Distinct?
    /// Bytes of the shortest and the longest text; nil unless the column is text.
    public var textByteCounts: ClosedRange<Int>?
    /// A few different texts, the first of the input, cut after some bytes.
    public var samples: [[UInt8]]
    /// The least value; nil, as all that follow, when the column holds no number.
    public var minimum: Double?
    /// The largest value.
    public var maximum: Double?
    /// The sum, correctly rounded; infinite if it is beyond the range of binary64.
    public var sum: Double?
    /// The mean, within one unit in the last place.
    public var mean: Double?
    /// The standard deviation with divisor n - 1; nil for fewer than two values.
    public var standardDeviation: Double?
    /// Quantiles by rising share, the same shares for every column of a table.
    public var quantiles: [Quantile]

    /// A summary; a column without numbers needs only the counts.
    public init(
        name: String, kind: String, rowCount: Int, missingCount: Int, distinct: Distinct? = nil,
        textByteCounts: ClosedRange<Int>? = nil, samples: [[UInt8]] = [], minimum: Double? = nil,
        maximum: Double? = nil, sum: Double? = nil, mean: Double? = nil, standardDeviation: Double? = nil,
        quantiles: [Quantile] = []
    ) {
        self.name = name
        self.kind = kind
        self.rowCount = rowCount
        self.missingCount = missingCount
        self.distinct = distinct
        self.textByteCounts = textByteCounts
        self.samples = samples
        self.sum = sum
        self.minimum = minimum
        self.maximum = maximum
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.quantiles = quantiles
    }
}

/// The columns of an input, in the order of its header, and the records that are in none of the figures.
public struct ColumnSummaries: Equatable, Sendable {
    /// Records left out for one reason.
    public struct Reject: Equatable, Sendable {
        /// The reason's word, such as `too_few_fields`.
        public var reason: String
        /// Records left out for it.
        public var count: Int

        /// Records left out for a reason.
        public init(reason: String, count: Int) {
            self.reason = reason
            self.count = count
        }
    }

    /// How numbers are written.
    public enum NumberForm: Sendable {
        /// The fewest digits that read back as the same binary64.
        case decimal
        /// Rounded to so many significant digits, for reading.
        case rounded(digits: Int)
        /// Hexadecimal binary64 as C's `%a` writes it: every bit, in any language.
        case hexadecimal
    }

    /// The relative standard error of numbers of different values that are not exact.
    public static let distinctStandardError = 0.0078126

    /// One summary for each column.
    public var columns: [ColumnSummary]
    /// Records met, those left out among them.
    public var recordCount: Int
    /// Records left out, by reason.
    public var rejects: [Reject]

    /// Summaries of one table.
    public init(_ columns: [ColumnSummary], recordCount: Int? = nil, rejects: [Reject] = []) {
        self.columns = columns
        self.recordCount = recordCount ?? columns.first?.rowCount ?? 0
        self.rejects = rejects
    }

    /// One row for each column of the input, every number with all its digits.
    public var csv: [UInt8] {
        var csv = CSVText()
        csv.append(
            ["column", "kind", "rows", "missing", "distinct", "distinct_is_exact", "min", "max", "sum", "mean", "sd"]
                + shares.map(Self.title) + ["shortest", "longest"])
        for column in columns {
            csv.append(
                [
                    column.name, column.kind, String(column.rowCount), String(column.missingCount),
                    CSVText.field(column.distinct?.count), column.distinct.map { String($0.isExact) } ?? "",
                    CSVText.field(column.minimum), CSVText.field(column.maximum), CSVText.field(column.sum),
                    CSVText.field(column.mean), CSVText.field(column.standardDeviation),
                ] + shares.map { CSVText.field(column.quantile($0)) } + [
                    CSVText.field(column.textByteCounts?.lowerBound), CSVText.field(column.textByteCounts?.upperBound),
                ])
        }
        return csv.bytes
    }

    /// The same figures as an object: `rows`, `rejects` by reason, and `columns`.
    public var json: JSONValue { json(.decimal) }

    /// The same figures with the numbers in a form; hexadecimal ones are texts, since JSON has no such numbers.
    public func json(_ form: NumberForm) -> JSONValue {
        func number(_ value: Double?) -> JSONValue {
            guard let value, value.isFinite else { return .null }
            if case .hexadecimal = form { return .text(hexadecimalText(value)) }
            return .number(value)
        }
        let rejectedCount = rejects.reduce(0) { $0 + $1.count }
        return [
            "rows": [
                "read": .integer(recordCount), "accepted": .integer(recordCount - rejectedCount),
                "rejected": .integer(rejectedCount),
            ],
            "rejects": .object(rejects.map { .init($0.reason, .integer($0.count)) }),
            "distinct_standard_error": .number(Self.distinctStandardError),
            "columns": .list(
                columns.map { column in
                    [
                        "column": .text(column.name), "kind": .text(column.kind), "rows": .integer(column.rowCount),
                        "missing": .integer(column.missingCount), "distinct": .optional(column.distinct?.count),
                        "distinct_is_exact": column.distinct.map { .bool($0.isExact) } ?? .null,
                        "min": number(column.minimum), "max": number(column.maximum), "sum": number(column.sum),
                        "mean": number(column.mean), "sd": number(column.standardDeviation),
                        "quantiles": .object(
                            column.quantiles.map { .init(Self.title($0.share), number($0.value)) }),
                        "shortest_bytes": .optional(column.textByteCounts?.lowerBound),
                        "longest_bytes": .optional(column.textByteCounts?.upperBound),
                        "samples": .list(column.samples.map { .text(String(decoding: $0, as: UTF8.self)) }),
                    ]
                }),
        ]
    }

    /// A table for the terminal, and below it the records left out, if any; a `~` stands before an estimate.
    public func text(_ style: TerminalStyle, form: NumberForm = .rounded(digits: 6)) -> String {
        let statistics = ["min", "max", "sum", "mean", "sd"] + shares.map(Self.title)
        let hasText = columns.contains { $0.textByteCounts != nil }
        let textTitles: [(title: String, alignment: Alignment)] =
            hasText ? [("bytes", .right), ("samples", .left)] : []
        var table = TextTable(
            columns: [("column", .left), ("kind", .left), ("rows", .right), ("missing", .right), ("distinct", .right)]
                + statistics.map { ($0, .right) } + textTitles)
        func cell(_ value: Double?) -> String {
            guard let value else { return "" }
            switch form {
            case .decimal: return shortestText(value)
            case .rounded(let digits): return significantText(value, digits: digits)
            case .hexadecimal: return hexadecimalText(value)
            }
        }
        for column in columns {
            let distinct = column.distinct.map { ($0.isExact ? "" : "~") + groupedText($0.count) } ?? ""
            let counts = [groupedText(column.rowCount), groupedText(column.missingCount), distinct]
            let numbers = [column.minimum, column.maximum, column.sum, column.mean, column.standardDeviation]
            var row = [column.name, column.kind] + counts
            row += numbers.map(cell) + shares.map { cell(column.quantile($0)) }
            if hasText {
                let range = column.textByteCounts
                row.append(
                    range.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" } ?? "")
                row.append(column.samples.map { TerminalText.escaped($0) }.joined(separator: " | "))
            }
            table.append(row)
        }
        var text = table.text(style)
        if columns.contains(where: { $0.distinct?.isExact == false }) {
            let error = significantText(Self.distinctStandardError * 100, digits: 2)
            text += "\n~ estimated, standard error \(error) %; --exact-distinct counts\n"
        }
        let rejectedCount = rejects.reduce(0) { $0 + $1.count }
        if rejectedCount > 0 {
            let reasons = rejects.map { "\($0.reason) \(groupedText($0.count))" }.joined(separator: ", ")
            text +=
                "\n\(groupedText(rejectedCount)) of \(groupedText(recordCount)) records are left out: \(reasons)\n"
        }
        return text
    }

    /// The shares of the first column that has quantiles.
    private var shares: [Double] { columns.first { !$0.quantiles.isEmpty }?.quantiles.map(\.share) ?? [] }

    /// `p1`, `p50`, `p99.9`.
    private static func title(_ share: Double) -> String { "p" + significantText(share * 100, digits: 6) }
}

extension ColumnSummary {
    fileprivate func quantile(_ share: Double) -> Double? { quantiles.first { $0.share == share }?.value }
}

/// A binary64 number as C's `%a` writes it, such as `0x1.8p+1` for 3.
package func hexadecimalText(_ value: Double) -> String {
    guard value.isFinite else { return value.description }
    let fraction = value.significandBitPattern
    let (leading, exponent) =
        value.isNormal ? ("1", Int(value.exponent)) : value.isZero ? ("0", 0) : ("0", -1_022)
    var digits = String(fraction, radix: 16)
    digits = String(repeating: "0", count: 13 - digits.utf8.count) + digits
    while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    let sign = value.sign == .minus ? "-" : ""
    return "\(sign)0x\(leading)\(digits.isEmpty ? "" : ".\(digits)")p\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
}
