public import TableIO

extension Plan {
    /// Where the customers come from, and how the files are written.
    public struct Input: Equatable, Sendable {
        /// A column that the plan calls otherwise than the file.
        public struct Rename: Equatable, Sendable {
            /// What the plan calls it.
            public var name: String
            /// What the file's header calls it.
            public var header: String

            /// A column called `name` in the plan and `header` in the file.
            public init(_ name: String, header: String) {
                self.name = name
                self.header = header
            }
        }

        /// The column of customer ids.
        public var id: String
        /// The byte between fields: one ASCII character, not a digit, letter, quote or line end; or `auto`, for the one of
        /// comma, semicolon, tab and pipe that the header suggests.
        public var delimiter: String
        /// Columns whose names in the file are others; ids, indicators, values and tiers use the plan's names. Kept in the
        /// byte order of these.
        public var columns: [Rename] = [] {
            didSet { columns.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } }
        }
        /// Lines that are dropped before the header of each file.
        public var skippedLineCount = 0
        /// A line that starts with this ASCII character outside quotes is no record; nil for none such.
        public var comment: String?
        /// How the files are encoded; nil for what a byte order mark tells, UTF-8 without one.
        public var encoding: TextEncoding?
        /// How many records all files must hold together; nil for any number. Scoring with a stored model ignores it.
        public var expectedRecordCount: Int?
        /// Words that stand for a missing value, besides the empty field.
        public var nullWords: [String]
        /// What the columns of an order log mean; nil for an input of one record for each customer.
        public var orders: Orders?
        /// How numbers are written.
        public var numbers = NumberFormat()

        /// An input.
        public init(id: String = "customer_id", delimiter: String = ",", nullWords: [String] = []) {
            self.id = id
            self.delimiter = delimiter
            self.nullWords = nullWords
        }

        /// The word that leaves the delimiter to each file's header.
        static let anyDelimiter = "auto"

        /// What the file's header calls a column of the plan.
        func headerName(of column: String) -> String {
            // Bytes, not Characters: two spellings of one name are two columns.
            columns.first { $0.name.utf8.elementsEqual(column.utf8) }?.header ?? column
        }

        /// How the reader is to take the files.
        var format: CSVFormat {
            var format = CSVFormat()
            format.picksDelimiter = delimiter == Self.anyDelimiter
            if !format.picksDelimiter, let byte = delimiter.utf8.first { format.delimiter = byte }
            format.skippedLineCount = skippedLineCount
            format.commentByte = comment?.utf8.first
            format.encoding = encoding
            format.numbers = numbers
            format.nullWords = nullWords.map { Array($0.utf8) }
            return format
        }
    }
}
