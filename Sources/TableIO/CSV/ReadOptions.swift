public import Tables

/// How many records may be rejected before a run fails.
public enum RejectLimit: Sendable, Equatable {
    /// At most so many records.
    case count(Int)
    /// At most this share of all records, 0...1; checked at the end of the input.
    case share(Double)
}

/// What a caller may choose and wants to be told while a file is read.
public struct ReadOptions: Sendable {
    /// Over it the run fails; 1 % unless set.
    public var rejectLimit = RejectLimit.share(0.01)
    /// How many records all inputs must hold together; any other number fails the read. Nil for any.
    public var expectedRecordCount: Int?
    /// Called with each rejected record, in input order, one call at a time.
    public var onReject: @Sendable (RejectedRecord) throws -> Void = { _ in }
    /// Called after each block with the counts so far, one call at a time.
    public var onProgress: @Sendable (ReadStatistics) -> Void = { _ in }
    /// Asked before each block; true ends the read with `CancellationError`, an error with itself.
    public var isCancelled: @Sendable () throws -> Bool = { false }
    /// The unit of reading, in bytes. It never changes a result.
    public var blockByteCount = 512 << 10
    /// Whether an id may stand in many records, as in a log; repeated ids are then no `duplicate_id`.
    public var allowsRepeatedIdentifiers = false
    /// Whether different texts are counted exactly, at about 16 bytes a different text, and not estimated only.
    public var tellsTextsApart = false
    /// What is made of each batch before anyone sees it, on the worker that parsed it; nil leaves batches as they are.
    public var reshaping: Reshaping?
    /// The caller keeps all batches, so their ids may be used again to find repeated ones.
    var keepsIdentifiers = false

    /// The defaults above.
    public init() {}

    /// Other columns in place of those that were read.
    public struct Reshaping: Sendable {
        /// The names of the columns afterwards.
        public var columnNames: [String]
        /// Gives as many rows with those columns; what it gives depends on the batch alone.
        public var apply: @Sendable (Batch) -> Batch

        /// A reshaping to columns of these names.
        public init(columnNames: [String], apply: @escaping @Sendable (Batch) -> Batch) {
            self.columnNames = columnNames
            self.apply = apply
        }
    }
}

/// What was read from one of the inputs.
public struct InputStatistics: Sendable, Equatable {
    /// The input as the caller named it.
    public var path: String
    /// Records met; `acceptedCount + rejectedCount`.
    public var recordCount = 0
    /// Rows in the table.
    public var acceptedCount = 0
    /// Rejected records by reason.
    public var rejectCounts: [RejectReason: Int] = [:]
    /// Line ends passed, the header's included.
    public var lineCount = 0
    /// Comment lines.
    public var commentCount = 0
    /// Decompressed bytes read, in UTF-8.
    public var byteCount = 0
    /// XXH3 of the input as stored; set when the whole of it has been read.
    public var checksum: UInt64?
    /// XXH3 of the decompressed bytes, in UTF-8; set as `checksum` is.
    public var contentChecksum: UInt64?
    /// The last record had no line end.
    public var lacksFinalLineEnd = false
    /// The delimiter, if it was picked by the header.
    public var pickedDelimiter: UInt8?
    /// How the text was encoded.
    public var encoding = TextEncoding.utf8
    /// Units of the encoding that stood for no character; the records they stand in are rejected as `invalid_utf8`.
    public var undecodableCount = 0
    /// Where the first of them stands in the decompressed input, before it was turned into UTF-8.
    public var firstUndecodableOffset: Int?
    /// Records were rejected as `invalid_utf8`, and the first of them reads as GB18030.
    public var looksLikeGB18030 = false

    /// Rejected records.
    public var rejectedCount: Int { rejectCounts.values.reduce(0, +) }
}

/// What was read, from all inputs together unless said otherwise.
public struct ReadStatistics: Sendable, Equatable {
    /// Records met; `acceptedCount + rejectedCount`.
    public var recordCount = 0
    /// Rows in the table.
    public var acceptedCount = 0
    /// Rejected records by reason.
    public var rejectCounts: [RejectReason: Int] = [:]
    /// Line ends passed, the headers' included.
    public var lineCount: Int { inputs.reduce(0) { $0 + $1.lineCount } }
    /// Decompressed bytes read.
    public var byteCount: Int { inputs.reduce(0) { $0 + $1.byteCount } }
    /// XXH3 of the decompressed bytes of all inputs, one after the other: the same for a file, a pipe and a compressed
    /// file; set when all has been read.
    public var contentChecksum: UInt64?
    /// For each requested column its cells that held text, where that is allowed.
    public var texts: [TextStatistics]
    /// The inputs, in the order they were read.
    public var inputs: [InputStatistics]

    /// For each requested column the cells that held text.
    public var textCounts: [Int] { texts.map(\.count) }

    /// Rejected records.
    public var rejectedCount: Int { rejectCounts.values.reduce(0, +) }
}
