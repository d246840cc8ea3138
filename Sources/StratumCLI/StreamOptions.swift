import ArgumentParser
import Stratum

/// Options of `segment` for customers that shall not take memory.
struct StreamOptions: ParsableArguments {
    @Flag(
        help: """
            Keep no customers in memory: they go to temporary files, which take about 1.5 times the bytes of the \
            unpacked input. The segments are the same.
            """)
    var stream = false

    @Option(
        help: ArgumentHelp(
            "With --stream, move the segments by random parts of so many customers before the exact pass: faster, slightly worse.",
            valueName: "customers"))
    var miniBatch: Int?

    @Option(help: ArgumentHelp("Exact iterations after --mini-batch. (default: 1)", valueName: "count"))
    var exactIterations: Int?

    @Option(
        help: ArgumentHelp(
            "Where --stream puts its temporary files. (default: the folder of the output)", valueName: "folder"),
        completion: .directory)
    var spillFolder: String?

    mutating func validate() throws {
        if !stream, miniBatch != nil || spillFolder != nil {
            throw ValidationError("--mini-batch and --spill-folder belong to --stream.")
        }
        if miniBatch == nil, exactIterations != nil {
            throw ValidationError("--exact-iterations belongs to --mini-batch.")
        }
        if let miniBatch, !(16...1 << 30).contains(miniBatch) {
            throw ValidationError("--mini-batch is \(miniBatch); give a number from 16 to 1073741824.")
        }
        if let exactIterations, exactIterations < 0 {
            throw ValidationError("--exact-iterations is \(exactIterations); give 0 or more.")
        }
    }

    /// What the library is asked for; nil without `--stream`.
    var streaming: SegmentStreaming? {
        guard stream else { return nil }
        var streaming = SegmentStreaming()
        streaming.miniBatchRowCount = miniBatch
        streaming.exactIterationLimit = exactIterations ?? 1
        streaming.spoolFolder = spillFolder
        return streaming
    }
}
