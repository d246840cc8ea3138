/// A whole input in memory: batches in input order with the same columns.
public struct Table: Sendable {
    /// The columns' names, in the order of each batch's columns.
    public let columnNames: [String]
    /// The rows, in input order.
    public let batches: [Batch]
    /// For each batch the number of rows before it; one more element holds the row count.
    public let rowOffsets: [Int]

    /// A table of batches with as many columns as names.
    public init(columnNames: [String], batches: [Batch]) {
        for batch in batches {
            precondition(
                batch.columns.count == columnNames.count,
                "a batch of \(batch.columns.count) columns under \(columnNames.count) names")
        }
        self.columnNames = columnNames
        self.batches = batches
        rowOffsets = batches.reduce(into: [0]) { offsets, batch in
            offsets.append(offsets[offsets.count - 1] + batch.rowCount)
        }
    }

    /// The number of rows.
    public var rowCount: Int { rowOffsets[rowOffsets.count - 1] }
}
