/// Some consecutive rows of a table: the accepted records of one block.
public struct Batch: Sendable {
    /// The customer ids.
    public let identifiers: Identifiers
    /// The columns asked for, in the order asked, each with `rowCount` cells.
    public let columns: [NumberColumn]
    /// The dates asked for, likewise.
    public let dates: [DateColumn]
    /// The texts asked for, likewise.
    public let texts: [TextKeyColumn]
    /// The columns of few different texts asked for, likewise.
    public let labels: [LabelColumn]

    /// A batch of equally long parts.
    public init(
        identifiers: Identifiers, columns: [NumberColumn], dates: [DateColumn] = [], texts: [TextKeyColumn] = [],
        labels: [LabelColumn] = []
    ) {
        for count in columns.map(\.count) + dates.map(\.days.count) + texts.map(\.keys.count)
            + labels.map(\.codes.count)
        {
            precondition(count == identifiers.count, "\(count) cells for \(identifiers.count) ids")
        }
        self.identifiers = identifiers
        self.columns = columns
        self.dates = dates
        self.texts = texts
        self.labels = labels
    }

    /// The number of rows.
    public var rowCount: Int { identifiers.count }

    /// Some rows, in the order given.
    public func selecting(_ rows: [Int]) -> Batch {
        Batch(
            identifiers: identifiers.selecting(rows), columns: columns.map { $0.selecting(rows) },
            dates: dates.map { $0.selecting(rows) }, texts: texts.map { $0.selecting(rows) },
            labels: labels.map { $0.selecting(rows) })
    }
}
