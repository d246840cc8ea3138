import Synchronization
public import Tables
public import VectorMath

/// Reads one CSV input, or several as if they were one, into packed batches, blocks side by side, with the result of a single pass from front to end.
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
///
/// Of several inputs each has a header of its own, in which columns are found by name; an id may occur once in all of
/// them. Text in UTF-16 or GB18030 is turned into UTF-8 on its way.
public final class CSVReader: Sendable {
    /// The names in the header of the first input, blanks around them dropped.
    public let columnNames: [String]
    /// The columns asked for, in the order of each batch's columns.
    public let requests: [ColumnRequest]

    private let sources: [InputSource]
    private let inputs: [Admission.Input]
    private let blocks: Mutex<InputSequence>

    /// Reads the header of one input and finds the columns.
    ///
    /// - Throws: as the initializer for several inputs.
    public convenience init(
        source: InputSource, format: CSVFormat = CSVFormat(), identifier: String?, columns: [ColumnRequest]?,
        blockByteCount: Int = ReadOptions().blockByteCount
    ) throws {
        try self.init(
            sources: [source], format: format, identifier: identifier, columns: columns,
            blockByteCount: blockByteCount)
    }

    /// Reads the headers and finds the columns.
    ///
    /// - Parameters:
    ///   - sources: one or more, read in this order.
    ///   - identifier: the column of the ids; nil gives every row an empty id and looks for no repeated one.
    ///   - columns: the columns to read as numbers; nil takes all but the id's, text allowed, and wants the same names in
    ///     every input.
    ///   - dates: columns to read as dates.
    ///   - texts: names of columns to read as keys of their texts.
    ///   - blockByteCount: the unit of reading.
    /// - Throws: `TableIOError` of kinds `emptyInput`, `unsupportedEncoding`, `badHeader`, `tooManyColumns`,
    ///   `missingColumn`, `duplicateColumn`, `duplicateInput` and those of reading.
    public init(
        sources: [InputSource], format: CSVFormat = CSVFormat(), identifier: String?, columns: [ColumnRequest]?,
        dates: [DateRequest] = [], texts textNames: [String] = [],
        blockByteCount: Int = ReadOptions().blockByteCount
    ) throws {
        precondition(blockByteCount > 0, "blockByteCount \(blockByteCount) is below 1")
        precondition(!sources.isEmpty, "no input")
        try Self.checkDifferent(sources)
        self.sources = sources
        var inputs: [Admission.Input] = []
        var cutters: [BlockCutter] = []
        var texts: [TextSource] = []
        var requests = columns
        for (number, source) in sources.enumerated() {
            let text = try TextSource(source, encoding: format.encoding)
            let cutter = BlockCutter(input: number, source: text, windowByteCount: blockByteCount)
            let headerReader = HeaderReader(path: source.path, format: format)
            let (header, head) = try headerReader.read { try cutter.head($0) }
            let identifierColumn = try identifier.map { try headerReader.place(of: $0, in: header) }
            let places: [Int]
            if let requests {
                places = try requests.map { try headerReader.place(of: $0.name, in: header) }
                if columns == nil { try headerReader.expectOnly(inputs[0].header.names, in: header) }
            } else {
                places = header.names.indices.filter { $0 != identifierColumn }
                requests = places.map { ColumnRequest(name: header.names[$0], strictness: .countAsText) }
            }
            var format = format
            format.delimiter = header.delimiter
            var layout = TableLayout(
                columnCount: header.names.count, identifierColumn: identifierColumn, numberColumns: places,
                requests: requests ?? [], identifierName: identifier ?? "", format: format)
            layout.dates = try dates.map {
                TableLayout.PlacedDate(request: $0, field: try headerReader.place(of: $0.name, in: header))
            }
            layout.textColumns = try textNames.map { try headerReader.place(of: $0, in: header) }
            cutter.start(at: header.end, lineEnd: header.lineEnd)
            inputs.append(
                Admission.Input(
                    path: source.path, layout: layout, header: header, head: head, encoding: text.encoding))
            cutters.append(cutter)
            texts.append(text)
        }
        self.inputs = inputs
        self.requests = requests ?? []
        columnNames = inputs[0].header.names
        blocks = Mutex(InputSequence(cutters: cutters, texts: texts))
    }

    /// A file that is named twice would repeat every id.
    private static func checkDifferent(_ sources: [InputSource]) throws {
        var seen: Set<FileIdentity> = []
        for source in sources {
            guard let identity = source.identity, !seen.insert(identity).inserted else { continue }
            throw TableIOError(.duplicateInput, path: source.path)
        }
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
        let names = options.reshaping?.columnNames ?? requests.map(\.name)
        return (Table(columnNames: names, batches: batches.withLock { $0 }), statistics)
    }

    /// Streams the input through `process`, side by side, and gives the results to `deliver` in input order.
    ///
    /// - Parameters:
    ///   - process: called with the index of the worker it runs on, 0 ..< threadCount, and a batch of 1 or more rows.
    ///   - deliver: called in input order, one call at a time.
    /// - Throws: `TableIOError`; what the closures throw.
    /// - Complexity: memory for 2 x threadCount + 4 blocks and, for the ids seen, 16 bytes a row; while they rise, none
    ///   where they count up one by one and up to 12 bytes otherwise.
    public func forEachBatch<Processed: Sendable>(
        workers: Workers, options: ReadOptions = ReadOptions(),
        process: @escaping @Sendable (Int, Batch) throws -> Processed,
        deliver: @escaping @Sendable (Processed) throws -> Void
    ) throws -> ReadStatistics {
        let buffers = BufferPool(capacity: options.blockByteCount + (64 << 10))
        let reshaping = options.reshaping
        let layouts = inputs.map(\.layout)
        let parsers = WorkerStates(
            (0..<workers.threadCount).map { _ in
                InputParser(
                    layouts: layouts,
                    fingerprints: !options.keepsIdentifiers && !options.allowsRepeatedIdentifiers)
            })
        let admission = Mutex(Admission(inputs, options: options))
        try OrderedPipeline<RawBlock, ParsedInput, Batch, Processed>(
            fetch: {
                if try options.isCancelled() { throw CancellationError() }
                return try self.blocks.withLock { try $0.next { buffers.take() } }
            },
            parse: { worker, block in
                let buffer = try block.buffer ?? self.readBlock(block, into: buffers.take())
                let parsed = parsers.withState(of: worker) { $0.parse(buffer.bytes, of: block.input) }
                return ParsedInput(block: block, buffer: buffer, parsed: parsed)
            },
            admit: { input in
                let batches = try admission.withLock { try $0.admit(input) }
                if let input { buffers.give(input.buffer) }
                return batches
            },
            process: { worker, batch in try process(worker, reshaping?.apply(batch) ?? batch) }, deliver: deliver
        ).run(workers: workers)
        for source in sources { try source.checkUnchanged() }
        let texts = blocks.withLock { $0.encodings }
        return try admission.withLock { admission in
            try admission.checkRecordCount()
            try admission.checkRejectShare()
            var statistics = admission.statistics
            for (input, source) in sources.enumerated() {
                let text = texts[input]
                statistics.inputs[input].checksum =
                    text.isFile ? statistics.inputs[input].contentChecksum : source.checksum
                statistics.inputs[input].undecodableCount = text.undecodableCount
                statistics.inputs[input].firstUndecodableOffset = text.firstUndecodableOffset
            }
            return statistics
        }
    }

    private func readBlock(_ block: RawBlock, into buffer: BlockBuffer) throws -> BlockBuffer {
        let source = sources[block.input]
        let count = try buffer.append(limit: block.byteCount) { try source.read(into: $0, at: block.offset) }
        guard count == block.byteCount else {
            throw TableIOError(
                .inputChanged, path: source.path, byteOffset: block.offset + count, detail: "it is shorter now")
        }
        return buffer
    }
}

/// The blocks of the inputs, one input after the other.
private final class InputSequence {
    /// How a text was encoded, as far as it is known at its end.
    struct Encoding: Sendable {
        /// The bytes of the blocks are those of the file.
        var isFile: Bool
        var undecodableCount: Int
        var firstUndecodableOffset: Int?
    }

    private let cutters: [BlockCutter]
    private let texts: [TextSource]
    private var current = 0

    init(cutters: [BlockCutter], texts: [TextSource]) {
        self.cutters = cutters
        self.texts = texts
    }

    /// As `BlockCutter.next`.
    func next(_ makeBuffer: () -> BlockBuffer) throws -> RawBlock? {
        while current < cutters.count {
            if let block = try cutters[current].next(makeBuffer) { return block }
            current += 1
        }
        return nil
    }

    var encodings: [Encoding] {
        texts.map { text in
            Encoding(
                isFile: text.byteCount != nil, undecodableCount: text.invalid?.count ?? 0,
                firstUndecodableOffset: text.invalid?.firstOffset)
        }
    }
}

/// What one worker parses blocks with; a parser lasts as long as blocks have its layout.
private struct InputParser {
    private let layouts: [TableLayout]
    private let fingerprints: Bool
    private var parser: BlockParser
    private var current = 0

    init(layouts: [TableLayout], fingerprints: Bool) {
        self.layouts = layouts
        self.fingerprints = fingerprints
        parser = BlockParser(layout: layouts[0], fingerprints: fingerprints)
    }

    mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>, of input: Int) -> ParsedBlock {
        if input != current {
            if layouts[input] != layouts[current] {
                parser = BlockParser(layout: layouts[input], fingerprints: fingerprints)
            }
            current = input
        }
        return parser.parse(bytes, isFinal: false)
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
