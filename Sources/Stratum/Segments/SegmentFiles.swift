import Reports
import TableIO

/// Where `stratum segment` writes; nil for what is not wanted.
public struct SegmentOutputs: Sendable {
    /// A row for each customer; `-` for stdout.
    public var segments: String?
    /// The model of the segments.
    public var model: String?
    /// The profiles of the segments, CSV.
    public var profiles: String?
    /// The figures of each number of segments that was tried, CSV.
    public var curve: String?
    /// Rejected records; without it they are only counted.
    public var rejects: String?
    /// The summary, JSON.
    public var summary: String?
    /// Whether each customer's row has the distances to the own and the next centroid.
    public var hasDistances = false

    /// No output.
    public init() {}
}

/// The outputs of a segmentation, which appear together.
final class SegmentFiles: Sendable {
    let segments: OutputFile?
    let model: OutputFile?
    let profiles: OutputFile?
    let curve: OutputFile?
    private let rejects: RejectsFile?
    private let summary: OutputFile?
    private let sources: [InputSource]
    private let transaction: OutputTransaction

    init(_ outputs: SegmentOutputs, sources: [InputSource], _ options: RunOptions) throws {
        let transaction = options.transaction(reading: sources)
        self.transaction = transaction
        self.sources = sources
        func table(_ path: String?) throws -> OutputFile? {
            try path.map {
                try transaction.create(
                    $0, compression: OutputCompression(path: $0), threadCount: options.threadCount)
            }
        }
        segments = try table(outputs.segments)
        model = try outputs.model.map { try transaction.create($0) }
        profiles = try table(outputs.profiles)
        curve = try table(outputs.curve)
        rejects = try table(outputs.rejects).map { RejectsFile($0, sources, options) }
        summary = try outputs.summary.map { try transaction.create($0) }
    }

    func reject(_ record: RejectedRecord) throws { try rejects?.append(record) }

    /// Completes the summary and gives all outputs their names, that of the customers last; returns the outputs.
    func commit(_ report: inout RunSummary) throws -> [RunSummary.OutputFile] {
        let files = [segments, profiles, curve, model].compactMap(\.self)
        for file in files { try file.finish() }
        try rejects?.flush()
        let outputs = try (files + [rejects?.output].compactMap(\.self)).map { try $0.described() }
        report.outputs = outputs
        try report.addDigests(of: sources)
        try summary?.append(report.jsonFile)
        let described = try summary?.described()
        if let last = files.first ?? rejects?.output ?? summary { try transaction.commit(last: last) }
        return outputs + [described].compactMap(\.self)
    }
}
