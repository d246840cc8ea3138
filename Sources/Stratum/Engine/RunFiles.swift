import Reports
import TableIO

/// The outputs of a run in one folder, which appear together.
final class RunFiles: Sendable {
    let scores: OutputFile
    let tiers: OutputFile
    let segments: OutputFile?
    let model: OutputFile
    private let rejects: RejectsFile
    private let summary: OutputFile
    private let transaction: OutputTransaction

    init(folder: String, sources: [InputSource], hasSegments: Bool, _ options: RunOptions) throws {
        transaction = options.transaction(reading: sources)
        try transaction.createFolder(folder)
        let prefix = folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/"
        scores = try transaction.create(
            prefix + "scores.csv" + (options.compression.map { "." + $0.rawValue } ?? ""),
            compression: options.compression, threadCount: options.threadCount)
        tiers = try transaction.create(prefix + "tiers.csv")
        segments = hasSegments ? try transaction.create(prefix + "segments.csv") : nil
        rejects = RejectsFile(try transaction.create(prefix + "rejects.csv"), sources, options)
        model = try transaction.create(prefix + "model.json")
        summary = try transaction.create(prefix + "summary.json")
    }

    func reject(_ record: RejectedRecord) throws { try rejects.append(record) }

    /// Completes the summary and gives all outputs their names; returns the outputs.
    func commit(_ report: inout RunSummary) throws -> [RunSummary.OutputFile] {
        try scores.finish()
        try rejects.flush()
        let outputs = [scores, tiers, segments, rejects.output, model].compactMap { $0 }.map(\.described)
        report.outputs = outputs
        try summary.append(report.json.encoded(indented: true) + [0x0A])
        try transaction.commit(last: scores)
        return outputs + [summary.described]
    }
}

/// The outputs of a verb that writes one file of data, a path each.
final class VerbFiles: Sendable {
    let output: OutputFile
    private let rejects: RejectsFile?
    private let summary: OutputFile?
    private let transaction: OutputTransaction

    /// A table at `output`, packed if its name says so.
    convenience init(
        output: String, rejects: String?, summary: String?, sources: [InputSource], _ options: RunOptions
    ) throws {
        try self.init(
            output, OutputCompression(path: output), rejects: rejects, summary: summary, sources: sources, options)
    }

    /// A model at `model`.
    convenience init(
        model: String, rejects: String?, summary: String?, sources: [InputSource], _ options: RunOptions
    ) throws {
        try self.init(model, nil, rejects: rejects, summary: summary, sources: sources, options)
    }

    private init(
        _ output: String, _ compression: OutputCompression?, rejects: String?, summary: String?, sources: [InputSource],
        _ options: RunOptions
    ) throws {
        let transaction = options.transaction(reading: sources)
        self.transaction = transaction
        self.output = try transaction.create(output, compression: compression, threadCount: options.threadCount)
        self.rejects = try rejects.map {
            RejectsFile(
                try transaction.create($0, compression: OutputCompression(path: $0)), sources, options)
        }
        self.summary = try summary.map { try transaction.create($0) }
    }

    func reject(_ record: RejectedRecord) throws { try rejects?.append(record) }

    /// Completes the summary and gives all outputs their names; returns the outputs.
    func commit(_ report: inout RunSummary) throws -> [RunSummary.OutputFile] {
        try output.finish()
        try rejects?.flush()
        let outputs = [output, rejects?.output].compactMap { $0 }.map(\.described)
        report.outputs = outputs
        try summary?.append(report.json.encoded(indented: true) + [0x0A])
        try transaction.commit(last: output)
        return outputs + [summary?.described].compactMap { $0 }
    }
}

/// Rejected records on their way to a file.
final class RejectsFile: @unchecked Sendable {
    // SAFETY: unchecked, since records come one call at a time, and `flush` after the last.
    let output: OutputFile
    private let writer: RejectsWriter
    private let paths: [String]

    init(_ output: OutputFile, _ sources: [InputSource], _ options: RunOptions) {
        self.output = output
        paths = sources.map(\.path)
        writer = RejectsWriter(output, spreadsheetSafe: options.spreadsheetSafe)
    }

    func append(_ record: RejectedRecord) throws {
        try writer.append(
            Reject(
                file: paths[record.input], line: record.line, record: record.record, byteOffset: record.byteOffset,
                column: record.column, reason: record.reason.rawValue, raw: record.raw))
    }

    func flush() throws {
        try writer.flush()
        try output.finish()
    }
}

extension OutputFile {
    var described: RunSummary.OutputFile {
        RunSummary.OutputFile(path: path, byteCount: byteCount, checksum: "xxh3:" + XXH3.text(checksum))
    }
}

extension RunOptions {
    func transaction(reading sources: [InputSource]) -> OutputTransaction {
        OutputTransaction(
            replacesExisting: force, isSynced: sync, inputs: sources.compactMap(\.identity))
    }
}
