import VectorMath

/// Percentile ranks in SQL: decisions that halve the knots, and for many knots a table of those between the decisions.
///
/// A database walks a table from its beginning, and takes long to read decisions by the ten thousand: 256 decisions and
/// tables of up to 256 rows behind each keep both short.
struct SQLRanks {
    /// The percentile of the value, 0...100.
    let percentile: String
    /// What brings the row of the knots around the value; nil where decisions suffice.
    let join: String?

    /// Knots that decisions alone are made for.
    private static let decisionLimit = 512
    private static let bucketCount = 256

    /// Whether a table of knots must be there.
    static func needsTable(_ table: RankTable) -> Bool { table.values.count > decisionLimit }

    /// - Parameters:
    ///   - value: the column of the values.
    ///   - rows: the name of the table that `rows(_:)` makes.
    init(_ table: RankTable, value: String, rows: String) {
        let (first, last) = (SQLText.number(table.values[0]), SQLText.number(table.values[table.values.count - 1]))
        let top = SQLText.number(table.percentiles[table.percentiles.count - 1])
        let inside: String
        if Self.needsTable(table) {
            let starts = stride(from: 0, to: table.values.count, by: Self.bucketSize(table)).map { table.values[$0] }
            let bucket = Self.decisions(0..<starts.count, value: value, starts) { "\($0)" }
            join =
                "LEFT JOIN \(rows) ON \(rows).bucket = \(bucket) AND \(value) >= \(rows).low AND \(value) < \(rows).high"
            inside = "\(rows).base + (\(value) / 2e0 - \(rows).half) / \(rows).width * \(rows).rise"
        } else {
            join = nil
            inside = Self.decisions(0..<max(1, table.values.count - 1), value: value, table.values) { knot in
                let knot = Knot(table, knot)
                return "\(SQLText.number(knot.base)) + (\(value) / 2e0 - \(SQLText.number(knot.half)))"
                    + " / \(SQLText.number(knot.width)) * \(SQLText.number(knot.rise))"
            }
        }
        percentile =
            "CASE WHEN \(value) < \(first) THEN 0e0 WHEN \(value) > \(last) THEN 100e0"
            + " WHEN \(value) = \(last) THEN \(top) WHEN \(value) IS NULL THEN NULL ELSE \(inside) END"
    }

    /// The query that lists the knots: in which part each lies, and the line from it to the next.
    static func rows(_ table: RankTable) -> String {
        let size = bucketSize(table)
        let rows = (0..<table.values.count - 1).map { place -> String in
            let knot = Knot(table, place)
            let numbers = [table.values[place], table.values[place + 1], knot.half, knot.width, knot.base, knot.rise]
            let fields = ["\(place / size)"] + numbers.map(SQLText.number)
            return "(\(fields.joined(separator: ", ")))"
        }
        return "  VALUES\n\(rows.joined(separator: ",\n"))"
    }

    /// The columns of `rows`.
    static let columns = "bucket, low, high, half, width, base, rise"

    private static func bucketSize(_ table: RankTable) -> Int {
        (table.values.count + bucketCount - 1) / bucketCount
    }

    /// Decisions that lead from a value to the last of some rising starts that it reaches.
    private static func decisions(
        _ range: Range<Int>, value: String, _ starts: [Double], leaf: (Int) -> String
    ) -> String {
        guard range.count > 1 else { return leaf(range.lowerBound) }
        let middle = (range.lowerBound + range.upperBound) / 2
        let low = decisions(range.lowerBound..<middle, value: value, starts, leaf: leaf)
        let high = decisions(middle..<range.upperBound, value: value, starts, leaf: leaf)
        return "CASE WHEN \(value) < \(SQLText.number(starts[middle])) THEN \(low) ELSE \(high) END"
    }

    /// The line from a knot to the next, in the parts that `RankTable` computes with.
    private struct Knot {
        let half: Double
        let width: Double
        let base: Double
        let rise: Double

        init(_ table: RankTable, _ place: Int) {
            let next = min(place + 1, table.values.count - 1)
            half = table.values[place] / 2
            width = next == place ? 1 : table.values[next] / 2 - table.values[place] / 2
            base = table.percentiles[place]
            rise = table.percentiles[next] - table.percentiles[place]
        }
    }
}
