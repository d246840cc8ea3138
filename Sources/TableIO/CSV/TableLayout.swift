/// Which fields of each record a run takes, by place.
struct TableLayout: Sendable, Equatable {
    /// The number of fields of every record.
    var columnCount: Int
    /// The field that holds the id; nil if the run needs none.
    var identifierColumn: Int?
    /// For each requested column its field.
    var numberColumns: [Int]
    /// The requests, in the order of the batch's columns.
    var requests: [ColumnRequest]
    /// The id column's name, for rejects.
    var identifierName: String
    var format: CSVFormat
    /// The columns of dates, in the order of the batch's dates.
    var dates: [PlacedDate] = []
    /// The fields of the columns of texts, in the order of the batch's texts.
    var textColumns: [Int] = []
    /// The fields of the columns of labels, in the order of the batch's labels.
    var labelColumns: [Int] = []

    /// A column of dates and its field.
    struct PlacedDate: Sendable, Equatable {
        var request: DateRequest
        var field: Int
    }
}

/// What one block of the input says, before it is known to fit the block before it.
struct ParsedBlock: Sendable {
    var batch: RowColumns
    var rejects: [RejectedRecord]
    /// Records met, accepted or not.
    var recordCount: Int
    /// Line ends passed.
    var lineCount: Int
    /// Where an unfinished record starts; nil if the block ends at a record's end.
    var unfinishedFrom: Int?
    /// For each requested column its cells that held text, where that is allowed.
    var texts: [TextTally]
    /// The last record had no line end.
    var lacksFinalLineEnd: Bool
    /// Comment lines passed; they count in `lineCount` too.
    var commentCount = 0
}
