/// Some consecutive rows of a table: the accepted records of one block.
public struct Batch: Sendable {
    /// The customer ids.
    public let identifiers: Identifiers
    /// The columns asked for, in the order asked, each with `rowCount` cells.
    public let columns: [NumberColumn]

    /// A batch of equally long parts.
    public init(identifiers: Identifiers, columns: [NumberColumn]) {
        for column in columns {
            precondition(column.count == identifiers.count, "\(column.count) cells for \(identifiers.count) ids")
        }
        self.identifiers = identifiers
        self.columns = columns
    }

    /// The number of rows.
    public var rowCount: Int { identifiers.count }

    /// Some rows, in the order given.
    public func selecting(_ rows: [Int]) -> Batch {
        Batch(identifiers: identifiers.selecting(rows), columns: columns.map { $0.selecting(rows) })
    }
}
