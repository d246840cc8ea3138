import Indicators
import Reports
import Synchronization
import TableIO
import VectorMath

/// Where the lines of an order log are kept from run to run, so that each reads new ones only.
///
/// Distinct counts and windows need every line, so the state is all lines, packed: about 7 bytes a line and some more
/// than its id for a customer. Lines after the as-of day are kept too, so that the day may move on.
public struct OrderState: Sendable, Equatable {
    /// The file; made if missing, replaced together with the output.
    public var path: String
    /// Other states whose lines come in too; they stay as they are.
    public var merging: [String]

    /// A state in a file.
    public init(path: String, merging: [String] = []) {
        (self.path, self.merging) = (path, merging)
    }
}

/// The states that a run begins with, and the one that it leaves.
///
/// The file: a line that says what it is; then pieces, each with its size, the XXH3 of its bytes and the bytes:
/// settings, inputs, the log's head and its parts.
final class StoredOrders: Sendable {
    private static let opening = Array("stratum order log, version 2\n".utf8)

    /// The states that are read and stay.
    let merged: [InputSource]
    private let path: String
    /// The state that is read and replaced; nil where there is none yet.
    private let earlier: InputSource?
    private let settings: [Setting]
    private let found = Mutex((rowCount: 0, inputs: [String]()))

    /// Something that decides what lines hold: the option and its value, nil for none.
    private struct Setting: Equatable {
        var option: String
        var value: String?
    }

    init(_ state: OrderState, _ columns: OrderColumns) throws {
        path = state.path
        settings = Self.settings(columns)
        merged = try state.merging.map { try InputSource(path: $0) }
        do {
            earlier = try InputSource(path: state.path)
        } catch  where error.kind == .missingFile {
            earlier = nil
        }
    }

    /// What is told of the state in a summary.
    var json: JSONValue {
        found.withLock { found in
            [
                "path": .text(path), "lines_before": .integer(found.rowCount),
                "inputs_before": .integer(found.inputs.count),
            ]
        }
    }

    /// Refuses to go on if another process has replaced the state meanwhile.
    func checkUnchanged() throws(TableIOError) {
        for source in merged + [earlier].compactMap(\.self) { try source.checkUnchanged() }
    }

    /// Brings all lines of the states into a log, which reads them when it is put in order.
    func restore(to log: OrderLog, _ options: RunOptions) throws {
        for source in [earlier].compactMap(\.self) + merged {
            let reader = StateFileReader(source)
            try reader.expect(Self.opening)
            try check(try reader.piece(), of: source.path)
            let inputs = try Self.texts(reader.piece(), source.path)
            try note(inputs, of: source.path)
            let headBytes = try reader.piece()
            let head = try reader.understood { try log.restore(head: headBytes) }
            found.withLock { $0.rowCount += head.rowCount }
            for part in 0..<CustomerLog.statePieceCount {
                if options.isCancelled() { throw CancellationError() }
                let frame = try reader.frame()
                log.restore(part: part, of: head) { take in
                    if options.isCancelled() { throw CancellationError() }
                    let bytes = try reader.bytes(of: frame)
                    try reader.understood { try take(bytes) }
                }
            }
            try reader.expectEnd()
        }
    }

    /// Writes a state of all lines.
    func write(
        _ log: CustomerLog, adding files: [RunSummary.InputFile], _ options: RunOptions,
        to append: @escaping @Sendable ([UInt8]) throws -> Void
    ) throws {
        let new = files.filter { ($0.rows?.read ?? 0) > 0 }.compactMap(\.checksum)
        try note(new, of: files.first?.path ?? "")
        try append(Self.opening)
        try append(Self.framed(Self.encoded(settings.flatMap { [$0.option, $0.value ?? ""] })))
        try append(Self.framed(Self.encoded(found.withLock { $0.inputs })))
        try append(Self.framed(log.stateHead()))
        let next = ChunkCounter(count: CustomerLog.statePieceCount)
        try OrderedPipeline<Int, Int, Int, [UInt8]>(
            fetch: {
                if options.isCancelled() { throw CancellationError() }
                return next.take()
            },
            parse: { _, part in part },
            admit: { part in part.map { [$0] } ?? [] },
            process: { _, part in Self.framed(try log.statePiece(part)) },
            deliver: { try append($0) }
        ).run(workers: Workers(threadCount: options.threadCount))
    }

    /// Notes inputs whose lines come in; the same one twice would count its lines twice.
    private func note(_ inputs: [String], of path: String) throws(EngineError) {
        let known = found.withLock { found in
            let known = Set(inputs).count < inputs.count || inputs.contains { found.inputs.contains($0) }
            found.inputs += inputs
            return known
        }
        guard known else { return }
        throw EngineError(
            .unusableState, at: path,
            "its lines would count twice: they are in the state already, or in another file of this run",
            remedy: "give new lines only; for all lines anew use another --state file")
    }

    private func check(_ piece: [UInt8], of path: String) throws {
        let stored = try Self.texts(piece, path)
        for (place, setting) in settings.enumerated() {
            guard stored.count == 2 * settings.count, stored[2 * place] == setting.option else {
                throw EngineError(
                    .unusableState, at: path, "the settings of the state are not those of this release",
                    remedy: "make it anew from all order lines")
            }
            let value = stored[2 * place + 1]
            guard value != setting.value ?? "" else { continue }
            func said(_ value: String) -> String { value.isEmpty ? "none" : "'\(value)'" }
            throw EngineError(
                .unusableState, at: path,
                "the state was made with \(setting.option) \(said(value)), and this run has \(said(setting.value ?? ""))",
                remedy: "give the same options, or make the state anew from all order lines")
        }
    }

    private static func settings(_ columns: OrderColumns) -> [Setting] {
        [
            Setting(option: "--id", value: columns.id), Setting(option: "--date", value: columns.date),
            Setting(option: "--amount", value: columns.amount), Setting(option: "--price", value: columns.price),
            Setting(option: "--quantity", value: columns.quantity), Setting(option: "--order", value: columns.order),
            Setting(option: "--product", value: columns.product),
            Setting(option: "--category", value: columns.category),
            Setting(option: "--channel", value: columns.channel),
            Setting(option: "--refund-column", value: columns.refundMark),
            Setting(option: "--refund-value", value: columns.refundWords.sorted().joined(separator: ", ")),
            Setting(option: "--date-format", value: columns.dateForm.order.rawValue),
            Setting(
                option: "--utc-offset", value: columns.dateForm.offsetInMinutes.map { DateForm.text(ofOffset: $0) }),
        ]
    }

    private static func encoded(_ texts: [String]) -> [UInt8] {
        JSONValue.list(texts.map { .text($0) }).encoded(indented: false)
    }

    private static func texts(_ piece: [UInt8], _ path: String) throws -> [String] {
        guard let node = try? PlanNode(json: piece), case .list(let nodes) = node.content else {
            throw StateFileReader.altered(path)
        }
        return try nodes.map { node in
            guard case .scalar(let text, _) = node.content else { throw StateFileReader.altered(path) }
            return text
        }
    }

    /// A piece with its size and checksum before it.
    private static func framed(_ bytes: [UInt8]) -> [UInt8] {
        var checksum = XXH3()
        bytes.withUnsafeBytes { checksum.update($0) }
        var framed: [UInt8] = []
        framed.reserveCapacity(bytes.count + 16)
        for word in [UInt64(bytes.count), checksum.value] {
            for place in 0..<8 { framed.append(UInt8(truncatingIfNeeded: word &>> UInt64(8 * place))) }
        }
        framed += bytes
        return framed
    }
}
