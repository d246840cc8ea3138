public import TableIO

/// How a run is carried out; nothing here changes a result but `contributions`, `reasons`, `maxRejects`, `seed`,
/// `streaming`, `asOf`, `previousSegments`, `frozenTiers`, `previousScores` and how the inputs are to be read.
public struct RunOptions: Sendable {
    /// Threads to work on, 1 or more.
    public var threadCount = 1
    /// Whether a run waits until its outputs are on the disk.
    public var sync = true
    /// Whether outputs that exist are replaced.
    public var force = false
    /// Whether contributions are written; nil leaves it to the plan.
    public var contributions: Bool?
    /// Whether reasons and the distance to the next tier are written beside what the plan has.
    public var reasons = false
    /// How many rejected records are too many; nil leaves it to the plan.
    public var maxRejects: Plan.Limits.RejectLimit?
    /// The byte between fields; nil leaves it to the plan.
    public var delimiter: UInt8?
    /// How numbers are written, where it overrules the plan.
    public var numbers = NumberOptions()
    /// Whether the delimiter is picked by each input's header, whatever the plan says.
    public var picksDelimiter = false
    /// Lines that are dropped before the header of each input; nil leaves it to the plan.
    public var skippedLineCount: Int?
    /// A line that starts with this byte outside quotes is no record; 0 for none such, nil leaves it to the plan.
    public var commentByte: UInt8?
    /// How the inputs are encoded; nil leaves it to the plan, and to what a byte order mark tells.
    public var encoding: TextEncoding?
    /// How many records all inputs must hold together; nil leaves it to the plan, or for any number.
    public var expectedRecordCount: Int?
    /// The day up to which an order log is told, in days since 1970; nil leaves it to the plan.
    public var asOf: Int?
    /// The seed of the segmentation; nil leaves it to the plan.
    public var seed: UInt64?
    /// Earlier segments that new ones continue: their centers are the start, their numbers and names stay; nil for none.
    public var previousSegments: SegmentModel?
    /// The model whose cut-offs a run or fit takes instead of learning them; nil lets them float.
    public var frozenTiers: Model?
    /// The scores file of the last run, whose tiers the plan's hysteresis holds to; nil for none.
    public var previousScores: String?
    /// Whether cells that a spreadsheet would run get an apostrophe in front.
    public var spreadsheetSafe = false
    /// The most bytes that a compressed input may unpack to; nil holds it to a ratio.
    public var maxDecompressedByteCount: Int?
    /// Resident memory of the process over which a run ends, in bytes; nil for no limit.
    public var memoryLimitByteCount: Int?
    /// Whether the summary has the SHA-256 of inputs and outputs beside their XXH3.
    public var sha256 = false
    /// The folder where an order log spills to when half of that memory is in use; nil for TMPDIR, or /var/tmp.
    public var spillFolder: String?
    /// How the score file of a run into a folder is packed.
    public var compression: OutputCompression?
    /// How `segment` keeps customers out of memory; nil keeps them in it.
    public var streaming: SegmentStreaming?
    /// Called now and then from any thread, one call at a time.
    public var progress: (@Sendable (Progress) -> Void)?
    /// Asked now and then; true ends the run with `CancellationError`.
    public var isCancelled: @Sendable () -> Bool = { false }

    /// One thread, outputs synced, nothing replaced.
    public init() {}
}

/// How far a run has come.
public struct Progress: Sendable {
    /// The stage, such as `read`.
    public var stage: String
    /// Rows that the stage is done with.
    public var rowsDone: Int
    /// Bytes that the stage is done with.
    public var bytesDone: Int
    /// Bytes it has to do in all, nil if that is not known.
    public var bytesTotal: Int?
}
