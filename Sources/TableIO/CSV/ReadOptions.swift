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
    /// Called with each rejected record, in input order, one call at a time.
    public var onReject: @Sendable (RejectedRecord) throws -> Void = { _ in }
    /// Called after each block with the counts so far, one call at a time.
    public var onProgress: @Sendable (ReadStatistics) -> Void = { _ in }
    /// Asked before each block; true ends the read with `CancellationError`, an error with itself.
    public var isCancelled: @Sendable () throws -> Bool = { false }
    /// The unit of reading, in bytes. It never changes a result.
    public var blockByteCount = 512 << 10
    /// The caller keeps all batches, so their ids may be used again to find repeated ones.
    var keepsIdentifiers = false

    /// The defaults above.
    public init() {}
}

/// What was read.
public struct ReadStatistics: Sendable, Equatable {
    /// Records met; `acceptedCount + rejectedCount`.
    public var recordCount = 0
    /// Rows in the table.
    public var acceptedCount = 0
    /// Rejected records by reason.
    public var rejectCounts: [RejectReason: Int] = [:]
    /// Line ends passed, the header's included.
    public var lineCount = 0
    /// Decompressed bytes read.
    public var byteCount = 0
    /// XXH3 of the input as stored; set when the whole of it has been read.
    public var checksum: UInt64?
    /// XXH3 of the decompressed bytes: the same for a file, a pipe and a compressed file; set as `checksum` is.
    public var contentChecksum: UInt64?
    /// For each requested column the cells that held text, where that is allowed.
    public var textCounts: [Int]
    /// The last record had no line end.
    public var lacksFinalLineEnd = false

    /// Rejected records.
    public var rejectedCount: Int { rejectCounts.values.reduce(0, +) }
}
