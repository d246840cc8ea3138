extension TableIOError {
    /// What went wrong with a file; the raw value is the name in summaries.
    public enum Kind: String, Equatable, Sendable, CaseIterable {
        // Opening and reading
        case missingFile = "missing_file"
        case isFolder = "is_folder"
        case noPermission = "no_permission"
        case invalidPath = "invalid_path"
        case cannotOpen = "cannot_open"
        case readFailed = "read_failed"
        case inputChanged = "input_changed"

        // Compressed input
        case cutStream = "cut_stream"
        case corruptStream = "corrupt_stream"
        case trailingBytes = "trailing_bytes"
        case windowTooLarge = "window_too_large"
        case decompressedTooLarge = "decompressed_too_large"
        case unsupportedCompression = "unsupported_compression"

        // CSV
        case emptyInput = "empty_input"
        case unsupportedEncoding = "unsupported_encoding"
        case badHeader = "bad_header"
        case tooManyColumns = "too_many_columns"
        case missingColumn = "missing_column"
        case duplicateColumn = "duplicate_column"
        case lineTooLong = "line_too_long"
        case outOfMemory = "out_of_memory"
        case memoryLimit = "memory_limit"
        case openQuote = "open_quote"
        case tooManyRejects = "too_many_rejects"
        case rowCountMismatch = "row_count_mismatch"
        case duplicateInput = "duplicate_input"

        // Writing
        case missingFolder = "missing_folder"
        case outputExists = "output_exists"
        case outputIsInput = "output_is_input"
        case duplicateOutput = "duplicate_output"
        case tooManyOutputs = "too_many_outputs"
        case noSpace = "no_space"
        case writeFailed = "write_failed"
        case closedPipe = "closed_pipe"

        /// Whose fault it is.
        public var category: Category { entry.category }

        /// What went wrong, without place.
        var problem: String { entry.problem }

        /// What the user can do.
        var remedy: String { entry.remedy }

        private var entry: (category: Category, problem: String, remedy: String) {
            switch self {
            case .missingFile:
                (.fileAccess, "no such file", "Check the path and the folder that the command runs in.")
            case .isFolder: (.fileAccess, "this is a folder, not a file", "Name a file inside it.")
            case .noPermission:
                (.fileAccess, "permission denied", "Change the mode of the file or folder, or use another one.")
            case .invalidPath: (.fileAccess, "not a usable path", "Give a path that is not empty and has no NUL.")
            case .cannotOpen: (.fileAccess, "cannot open the file", "Check what the path leads to.")
            case .readFailed: (.fileAccess, "reading failed", "Check the disk or the connection, then run again.")
            case .inputChanged:
                (.fileAccess, "the input changed while it was read", "Run again when nothing writes to the file.")
            case .cutStream:
                (.inputData, "the compressed input ends too early", "Get the file again: it was not copied whole.")
            case .corruptStream: (.inputData, "the compressed input is damaged", "Get the file again from its source.")
            case .trailingBytes:
                (
                    .inputData, "bytes that are not compressed data follow the compressed input",
                    "Cut them off, or get the file again from its source."
                )
            case .windowTooLarge:
                (
                    .resourceLimit, "the zstd window is over 128 MiB",
                    "Compress the file again with `--long=27` or less."
                )
            case .decompressedTooLarge:
                (
                    .resourceLimit, "the compressed input unpacks to too many bytes",
                    "If the file is what you expect, give its unpacked size with --max-decompressed."
                )
            case .unsupportedCompression:
                (.inputData, "the input is packed in a way that is not read here", "Unpack it, or use gzip or zstd.")
            case .emptyInput:
                (.inputData, "the input is empty", "Check the export: a header line is needed at least.")
            case .unsupportedEncoding:
                (
                    .inputData, "the input is not UTF-8",
                    "Name its encoding with --encoding, or convert it with iconv -t UTF-8."
                )
            case .badHeader:
                (.inputData, "the header cannot be read", "Check that the first line names the columns.")
            case .tooManyColumns:
                (
                    .resourceLimit, "the header has too many columns",
                    "Check the delimiter, or leave columns out of the export."
                )
            case .missingColumn:
                (.inputData, "a needed column is missing", "Correct the name in the plan or in the header.")
            case .duplicateColumn:
                (.inputData, "a needed column is there more than once", "Rename one of them in the header.")
            case .lineTooLong:
                (.inputData, "the input does not look like lines of text", "Check that it is a CSV file.")
            case .outOfMemory:
                (.resourceLimit, "there is not enough memory", "Split the input, or use a machine with more memory.")
            case .memoryLimit:
                (
                    .resourceLimit, "the memory limit does not suffice",
                    "Raise --mem-limit, split the input, or keep no rows: 'stratum segment --stream', 'stratum score'."
                )
            case .openQuote:
                (
                    .inputData, "a quote is never closed: the record that starts here runs to the end of the input",
                    "Close the quote, or take it out."
                )
            case .tooManyRejects:
                (
                    .inputData, "too many records were rejected",
                    "Look at the rejects, mend the export, or raise --max-rejects."
                )
            case .rowCountMismatch:
                (
                    .inputData, "the number of records is not the expected one",
                    "Check that the export is complete, or correct --expect-rows."
                )
            case .duplicateInput:
                (.inputData, "the same input is named twice", "Name each input once; links to it count as itself.")
            case .missingFolder: (.fileAccess, "the folder of the output does not exist", "Create the folder first.")
            case .outputExists:
                (.fileAccess, "the output exists already", "Choose another name, or pass --force to replace it.")
            case .outputIsInput: (.fileAccess, "the output is one of the inputs", "Choose another output name.")
            case .duplicateOutput:
                (.fileAccess, "two outputs have the same name", "Give each output a name of its own.")
            case .tooManyOutputs:
                (.resourceLimit, "too many unfinished outputs in this process", "Finish some of them first.")
            case .noSpace: (.fileAccess, "no space is left for the output", "Free some space, or use another disk.")
            case .writeFailed: (.fileAccess, "writing failed", "Check the disk or the connection, then run again.")
            case .closedPipe: (.closedPipe, "the reader of the output has stopped", "Nothing needs to be done.")
            }
        }
    }
}
