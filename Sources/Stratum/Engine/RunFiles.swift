import Reports
import TableIO

/// The outputs of a run in one folder, which appear together.
final class RunFiles: Sendable {
    let scores: OutputFile
    let tiers: OutputFile
    let segments: OutputFile?
    let classes: OutputFile?
    let workList: OutputFile?
    let model: OutputFile
    /// What is told of files of an earlier run that go.
    private let retired: [String]
    private let rejects: RejectsFile
    private let summary: OutputFile
    private let sources: [InputSource]
    private let transaction: OutputTransaction

    init(
        folder: String, sources: [InputSource], hasSegments: Bool, hasClasses: Bool, hasWorkList: Bool,
        _ options: RunOptions
    ) throws {
        self.sources = sources
        let transaction = options.transaction(reading: sources)
        self.transaction = transaction
        try transaction.createFolder(folder)
        let prefix = folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/"
        let ending = options.compression.map { "." + $0.rawValue } ?? ""
        scores = try transaction.create(
            prefix + "scores.csv" + ending, compression: options.compression, threadCount: options.threadCount)
        tiers = try transaction.create(prefix + "tiers.csv")
        segments = hasSegments ? try transaction.create(prefix + "segments.csv") : nil
        classes = hasClasses ? try transaction.create(prefix + "classes.csv") : nil
        workList = hasWorkList ? try transaction.create(prefix + "worklist.csv") : nil
        rejects = RejectsFile(try transaction.create(prefix + "rejects.csv"), sources, options)
        model = try transaction.create(prefix + "model.json")
        summary = try transaction.create(prefix + "summary.json")
        // Under no name may the folder hold what is not of this run.
        var stale = ([""] + OutputCompression.allCases.map { "." + $0.rawValue }).filter { $0 != ending }
            .map { ("scores.csv" + $0, "the scores are in scores.csv\(ending) now") }
        if !hasSegments { stale.append(("segments.csv", "this run has no segments")) }
        if !hasClasses { stale.append(("classes.csv", "this run has no classes and no matrix")) }
        if !hasWorkList { stale.append(("worklist.csv", "this run has no work list")) }
        retired = try stale.compactMap { name, reason in
            try transaction.retire(prefix + name) ? "\(prefix + name) of an earlier run is removed: \(reason)" : nil
        }
    }

    func reject(_ record: RejectedRecord) throws { try rejects.append(record) }

    /// Completes the summary and gives all outputs their names; returns the outputs.
    func commit(_ report: inout RunSummary) throws -> [RunSummary.OutputFile] {
        try scores.finish()
        try rejects.flush()
        let outputs = try [scores, tiers, segments, classes, workList, rejects.output, model].compactMap { $0 }
            .map { try $0.described() }
        report.outputs = outputs
        report.warnings += retired
        try report.addDigests(of: sources)
        try summary.append(report.jsonFile)
        let described = try summary.described()
        try transaction.commit(last: scores)
        return outputs + [described]
    }
}

/// The outputs of a verb that writes one file of data, a path each.
final class VerbFiles: Sendable {
    let output: OutputFile
    let workList: OutputFile?
    /// Lines that are kept for the next run.
    let state: OutputFile?
    private let rejects: RejectsFile?
    private let summary: OutputFile?
    private let sources: [InputSource]
    private let transaction: OutputTransaction

    /// A table at `output`, packed if its name says so.
    convenience init(
        output: String, rejects: String?, summary: String?, workList: String? = nil, sources: [InputSource],
        state: OrderState? = nil, merged: [InputSource] = [], _ options: RunOptions
    ) throws {
        try self.init(
            output, OutputCompression(path: output), rejects: rejects, summary: summary, workList: workList,
            sources: sources, state: state, merged: merged, options)
    }

    /// A model at `model`.
    convenience init(
        model: String, rejects: String?, summary: String?, sources: [InputSource], _ options: RunOptions
    ) throws {
        try self.init(model, nil, rejects: rejects, summary: summary, workList: nil, sources: sources, options)
    }

    private init(
        _ output: String, _ compression: OutputCompression?, rejects: String?, summary: String?, workList: String?,
        sources: [InputSource], state: OrderState? = nil, merged: [InputSource] = [], _ options: RunOptions
    ) throws {
        let transaction = options.transaction(reading: sources + merged)
        self.sources = sources
        self.transaction = transaction
        self.output = try transaction.create(output, compression: compression, threadCount: options.threadCount)
        self.rejects = try rejects.map {
            RejectsFile(
                try transaction.create($0, compression: OutputCompression(path: $0)), sources, options)
        }
        self.workList = try workList.map {
            try transaction.create($0, compression: OutputCompression(path: $0))
        }
        self.summary = try summary.map { try transaction.create($0) }
        self.state = try state.map { try transaction.create($0.path, replacesExisting: true) }
    }

    func reject(_ record: RejectedRecord) throws { try rejects?.append(record) }

    /// Completes the summary and gives all outputs their names; returns the outputs.
    func commit(_ report: inout RunSummary) throws -> [RunSummary.OutputFile] {
        try output.finish()
        try workList?.finish()
        try rejects?.flush()
        let outputs = try [output, workList, rejects?.output, state].compactMap { $0 }.map { try $0.described() }
        report.outputs = outputs
        try report.addDigests(of: sources)
        try summary?.append(report.jsonFile)
        let described = try summary?.described()
        // Where a run ends between the two names, the lines are as they were: it may be run again.
        try transaction.commit(last: state ?? output)
        return outputs + [described].compactMap { $0 }
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
    /// Path, size and checksums; once, when all has been appended.
    func described() throws -> RunSummary.OutputFile {
        try finish()
        return RunSummary.OutputFile(
            path: path, byteCount: byteCount, checksum: "xxh3:" + XXH3.text(checksum), sha256: try sha256())
    }
}

extension RunSummary {
    /// Waits for the digests of the inputs, where they were asked for.
    mutating func addDigests(of sources: [InputSource]) throws {
        for (input, source) in zip(inputs.indices, sources) { inputs[input].sha256 = try source.sha256() }
    }
}

extension RunOptions {
    func transaction(reading sources: [InputSource]) -> OutputTransaction {
        OutputTransaction(
            replacesExisting: force, isSynced: sync, sha256: sha256, inputs: sources.compactMap(\.identity))
    }
}
