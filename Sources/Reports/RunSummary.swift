/// What a run did, for the summary file and the terminal: finished figures only.
public struct RunSummary: Equatable, Sendable {
    /// The release of the engine.
    public var engineVersion: String
    /// The verb, such as `run`.
    public var verb: String
    /// Why the run ended: `done`, or the description of the error.
    public var exitReason: String
    /// The rows of all inputs together.
    public var rows: RowCounts
    /// Missing cells of each column that was read, in the order of the plan.
    public var missing: [ColumnCount]
    /// What the user should know although the run went on.
    public var warnings: [String]
    /// The files read.
    public var inputs: [InputFile]
    /// The files written.
    public var outputs: [OutputFile]
    /// Seconds of each stage, in the order they began.
    public var stages: [StageTime]
    /// Figures of the results, such as the tier table; each under its own key.
    public var results: [JSONValue.Member]
    /// The plan with every default decided, `null` when the run has none.
    public var plan: JSONValue

    /// A summary; what is left out is empty.
    public init(
        engineVersion: String, verb: String, exitReason: String = "done", rows: RowCounts = RowCounts(),
        missing: [ColumnCount] = [], warnings: [String] = [], inputs: [InputFile] = [], outputs: [OutputFile] = [],
        stages: [StageTime] = [], results: [JSONValue.Member] = [], plan: JSONValue = .null
    ) {
        self.engineVersion = engineVersion
        self.verb = verb
        self.exitReason = exitReason
        self.rows = rows
        self.missing = missing
        self.warnings = warnings
        self.inputs = inputs
        self.outputs = outputs
        self.stages = stages
        self.results = results
        self.plan = plan
    }
}

extension RunSummary {
    /// Rows read, accepted and rejected; read = accepted + rejected.
    public struct RowCounts: Equatable, Sendable {
        /// Records of the inputs, without headers.
        public var read: Int
        /// Records in the outputs.
        public var accepted: Int
        /// Records left out.
        public var rejected: Int
        /// Records left out for each reason that occurred, the commonest first.
        public var rejectReasons: [ColumnCount]

        /// Counts of rows.
        public init(read: Int = 0, accepted: Int = 0, rejected: Int = 0, rejectReasons: [ColumnCount] = []) {
            self.read = read
            self.accepted = accepted
            self.rejected = rejected
            self.rejectReasons = rejectReasons
        }
    }

    /// A count under a name: of a column's missing cells, or of a reject reason.
    public struct ColumnCount: Equatable, Sendable {
        /// The name.
        public var name: String
        /// The count.
        public var count: Int

        /// A count under a name.
        public init(_ name: String, _ count: Int) {
            self.name = name
            self.count = count
        }
    }

    /// A file that was read.
    public struct InputFile: Equatable, Sendable {
        /// The path as given; `-` for the standard input.
        public var path: String
        /// Bytes as stored, before decompression.
        public var byteCount: Int
        /// `xxh3:` and 16 hexadecimal digits over these bytes, or nil when the input was not read to its end.
        public var checksum: String?
        /// Whether it was read to its end.
        public var isComplete: Bool
        /// Its records, nil if they were not counted.
        public var rows: RowCounts?
        /// Its comment lines.
        public var commentCount: Int
        /// 64 hexadecimal digits over the bytes as stored, when asked for.
        public var sha256: String?

        /// A file that was read.
        public init(
            path: String, byteCount: Int, checksum: String?, isComplete: Bool, rows: RowCounts? = nil,
            commentCount: Int = 0, sha256: String? = nil
        ) {
            self.sha256 = sha256
            self.rows = rows
            self.commentCount = commentCount
            self.path = path
            self.byteCount = byteCount
            self.checksum = checksum
            self.isComplete = isComplete
        }
    }

    /// A file that was written.
    public struct OutputFile: Equatable, Sendable {
        /// The path; `-` for the standard output.
        public var path: String
        /// Bytes.
        public var byteCount: Int
        /// `xxh3:` and 16 hexadecimal digits.
        public var checksum: String
        /// 64 hexadecimal digits when asked for.
        public var sha256: String?

        /// A file that was written.
        public init(path: String, byteCount: Int, checksum: String, sha256: String? = nil) {
            self.path = path
            self.byteCount = byteCount
            self.checksum = checksum
            self.sha256 = sha256
        }
    }

    /// The time that a stage took.
    public struct StageTime: Equatable, Sendable {
        /// The stage, such as `read`.
        public var name: String
        /// Wall-clock seconds.
        public var seconds: Double

        /// The time that a stage took.
        public init(_ name: String, seconds: Double) {
            self.name = name
            self.seconds = seconds
        }
    }
}
