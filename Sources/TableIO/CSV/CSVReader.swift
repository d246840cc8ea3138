import Synchronization
public import Tables
public import VectorMath

/// Reads one CSV input into packed batches, blocks side by side, with the result of a single pass from front to end.
///
/// ```swift
/// let reader = try CSVReader(
///     source: InputSource(path: "customers.csv"), identifier: "customer_id",
///     columns: [ColumnRequest(name: "revenue"), ColumnRequest(name: "visits")])
/// let (table, statistics) = try reader.readTable(workers: Workers(threadCount: 2))
/// ```
///
/// What it takes for CSV is more than RFC 4180 says: LF, CRLF and CR end records, empty lines are none, a quote that
/// does not open a field is a byte like any other. Rows with too few or too many fields are never padded or cut, they
/// are rejected like every record that breaks a rule: by reason, with line, byte offset and bytes.
public final class CSVReader: Sendable {
    /// The header's names, blanks around them dropped.
    public let columnNames: [String]
    /// The columns asked for, in the order of each batch's columns.
    public let requests: [ColumnRequest]

    private let source: InputSource
    private let layout: TableLayout
    private let header: HeaderReader.Header
    private let blocks: Mutex<BlockCutter>
    private let head: [UInt8]

    /// Reads the header and finds the columns.
    ///
    /// - Parameters:
    ///   - identifier: the column of the ids; nil gives every row an empty id and looks for no repeated one.
    ///   - columns: the columns to read as numbers; nil takes all but the id's, text allowed.
    ///   - blockByteCount: the unit of reading.
    /// - Throws: `TableIOError` of kinds `emptyInput`, `unsupportedEncoding`, `badHeader`, `tooManyColumns`,
    ///   `missingColumn`, `duplicateColumn` and those of reading.
    public init(
        source: InputSource, format: CSVFormat = CSVFormat(), identifier: String?, columns: [ColumnRequest]?,
        blockByteCount: Int = ReadOptions().blockByteCount
    ) throws {
        precondition(blockByteCount > 0, "blockByteCount \(blockByteCount) is below 1")
        self.source = source
        let cutter = BlockCutter(source: source, windowByteCount: blockByteCount)
        let start = try cutter.head(HeaderReader.byteLimit)
        let headerReader = HeaderReader(path: source.path, format: format)
        let header = try headerReader.read(start, isWhole: start.count < HeaderReader.byteLimit)
        self.header = header
        head = Array(start[..<header.end])
        columnNames = header.names
        let identifierColumn = try identifier.map { name throws(TableIOError) in
            try headerReader.place(of: name, in: header)
        }
        let places: [Int]
        if let columns {
            requests = columns
            places = try columns.map { request throws(TableIOError) in
                try headerReader.place(of: request.name, in: header)
            }
        } else {
            places = header.names.indices.filter { $0 != identifierColumn }
            requests = places.map { ColumnRequest(name: header.names[$0], strictness: .countAsText) }
        }
        layout = TableLayout(
            columnCount: header.names.count, identifierColumn: identifierColumn, numberColumns: places,
            requests: requests, identifierName: identifier ?? "", format: format)
        cutter.start(at: header.end, lineEnd: header.lineEnd)
        blocks = Mutex(cutter)
    }

    /// Reads the whole input into memory.
    ///
    /// - Throws: `TableIOError`; `tooManyRejects` when the limit of `options` is passed. What `onReject` throws.
    /// - Complexity: O(bytes); 10 million customers of 12 indicators take about 0.5 GB.
    public func readTable(
        workers: Workers, options: ReadOptions = ReadOptions()
    ) throws -> (table: Table, statistics: ReadStatistics) {
        var options = options
        options.keepsIdentifiers = true
        let batches = Mutex<[Batch]>([])
        let statistics = try forEachBatch(workers: workers, options: options) { _, batch in
            batch
        } deliver: { batch in
            batches.withLock { $0.append(batch) }
        }
        return (Table(columnNames: requests.map(\.name), batches: batches.withLock { $0 }), statistics)
    }

    /// Streams the input through `process`, side by side, and gives the results to `deliver` in input order.
    ///
    /// - Parameters:
    ///   - process: called with the index of the worker it runs on, 0 ..< threadCount, and a batch of 1 or more rows.
    ///   - deliver: called in input order, one call at a time.
    /// - Throws: `TableIOError`; what the closures throw.
    /// - Complexity: memory for 2 x threadCount + 4 blocks and 16 bytes a row for the ids seen.
    public func forEachBatch<Processed: Sendable>(
        workers: Workers, options: ReadOptions = ReadOptions(),
        process: @escaping @Sendable (Int, Batch) throws -> Processed,
        deliver: @escaping @Sendable (Processed) throws -> Void
    ) throws -> ReadStatistics {
        let buffers = BufferPool(capacity: options.blockByteCount + (64 << 10))
        let parsers = WorkerStates(
            (0..<workers.threadCount).map { _ in
                BlockParser(layout: layout, fingerprints: !options.keepsIdentifiers)
            })
        let isFile = source.byteCount != nil
        let admission = Mutex(
            Admission(
                path: source.path, layout: layout, options: options, header: header, head: head))
        try OrderedPipeline<RawBlock, ParsedInput, Batch, Processed>(
            fetch: {
                if try options.isCancelled() { throw CancellationError() }
                return try self.blocks.withLock { try $0.next { buffers.take() } }
            },
            parse: { worker, block in
                let buffer = try block.buffer ?? self.readBlock(block, into: buffers.take())
                let parsed = parsers.withState(of: worker) { $0.parse(buffer.bytes, isFinal: false) }
                return ParsedInput(block: block, buffer: buffer, parsed: parsed)
            },
            admit: { input in
                let batches = try admission.withLock { try $0.admit(input) }
                if let input { buffers.give(input.buffer) }
                return batches
            },
            process: process, deliver: deliver
        ).run(workers: workers)
        try source.checkUnchanged()
        return try admission.withLock { admission in
            try admission.checkRejectShare()
            var statistics = admission.statistics
            statistics.byteCount = max(statistics.byteCount, header.end)
            statistics.contentChecksum = admission.checksum
            statistics.checksum = isFile ? admission.checksum : source.checksum
            return statistics
        }
    }

    private func readBlock(_ block: RawBlock, into buffer: BlockBuffer) throws -> BlockBuffer {
        let count = try buffer.append(limit: block.byteCount) { try source.read(into: $0, at: block.offset) }
        guard count == block.byteCount else {
            throw TableIOError(
                .inputChanged, path: source.path, byteOffset: block.offset + count, detail: "it is shorter now")
        }
        return buffer
    }
}

/// Empty buffers, used again and again.
private final class BufferPool: Sendable {
    private let capacity: Int
    private let free = Mutex<[BlockBuffer]>([])

    init(capacity: Int) { self.capacity = capacity }

    func take() -> BlockBuffer {
        free.withLock { $0.popLast() } ?? BlockBuffer(capacity: capacity)
    }

    func give(_ buffer: BlockBuffer) {
        buffer.truncate(to: 0)
        free.withLock { $0.append(buffer) }
    }
}
