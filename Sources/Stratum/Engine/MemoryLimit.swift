import Glibc
import Reports
import TableIO
import Tables

/// Holds a run to a limit of resident memory: it ends with an error before the kernel ends it.
final class MemoryLimit: Sendable {
    private let byteCount: Int
    private let path: String
    /// `/proc/self/statm`, open for the whole run; negative where there is none.
    private let descriptor: Int32

    init(byteCount: Int, path: String) {
        self.byteCount = byteCount
        self.path = path
        descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether more than the limit is resident.
    var isPassed: Bool { residentByteCount().map { $0 > byteCount } ?? false }

    /// - Throws: `memoryLimit` when more than the limit is resident.
    func check() throws(TableIOError) {
        guard let resident = residentByteCount(), resident > byteCount else { return }
        throw TableIOError(.memoryLimit, path: path, detail: "\(resident) bytes in use, \(byteCount) allowed")
    }

    /// Refuses to begin a stage that would need more than the limit.
    ///
    /// - Parameter needed: bytes that the stage takes at least, beside those in use.
    /// - Throws: `memoryLimit`.
    func check(before stage: String, needed: Int) throws(TableIOError) {
        guard let resident = residentByteCount(), resident + needed > byteCount else { return }
        let more = needed > 0 ? " and \(needed) more needed" : ""
        throw TableIOError(
            .memoryLimit, path: path,
            detail: "before the stage \(stage): \(resident) bytes in use\(more), \(byteCount) allowed")
    }

    /// Refuses plain files that are to be kept in memory as a whole when that is sure to need more than the limit.
    ///
    /// - Throws: `memoryLimit`.
    func checkEstimate(of sources: [InputSource]) throws(TableIOError) {
        let inputByteCount = sources.reduce(0) { $0 + ($1.byteCount ?? 0) }
        let estimate = (residentByteCount() ?? 0) + Self.estimate(inputByteCount: inputByteCount)
        guard estimate > byteCount else { return }
        throw TableIOError(
            .memoryLimit, path: path, detail: "about \(estimate) bytes needed, \(byteCount) allowed")
    }

    /// Refuses to fit a population when that is sure to need more than the limit.
    ///
    /// - Throws: `memoryLimit`.
    func checkFitting(rowCount: Int, hasSegments: Bool) throws(TableIOError) {
        let estimate = (residentByteCount() ?? 0) + rowCount * Self.fittedByteCount(hasSegments: hasSegments)
        guard estimate > byteCount else { return }
        throw TableIOError(
            .memoryLimit, path: path, detail: "about \(estimate) bytes needed, \(byteCount) allowed")
    }

    /// Bytes that a whole table takes at least: half of its text. Measured is 0.76 of it for an export of 62 bytes a row;
    /// columns that the plan does not name take nothing, so that the check at each block has the last word.
    static func estimate(inputByteCount: Int) -> Int { inputByteCount / 2 }

    /// Bytes for each customer that a fit takes beside the table: scores, ranks and tiers, and with segments the features
    /// and distances too. Measured are 24 and 66.
    private static func fittedByteCount(hasSegments: Bool) -> Int { hasSegments ? 64 : 24 }

    /// The second number of statm, pages.
    private func residentByteCount() -> Int? {
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let fields = bytes[..<count].split(separator: 0x20)
        guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}

extension RunOptions {
    /// Opens inputs as the options have it.
    func sources(_ paths: [String]) throws(TableIOError) -> [InputSource] {
        var sources: [InputSource] = []
        for path in paths {
            sources.append(
                try InputSource(
                    path: path, limit: DecompressionLimit(byteCount: maxDecompressedByteCount), sha256: sha256))
        }
        return sources
    }

    /// What is asked before each block that is read or written: whether to stop.
    ///
    /// - Parameter path: the input, for the message.
    func checkpoint(_ path: String) -> @Sendable () throws -> Bool {
        guard let memoryLimitByteCount else { return isCancelled }
        let limit = MemoryLimit(byteCount: memoryLimitByteCount, path: path)
        return { [isCancelled] in
            try limit.check()
            return isCancelled()
        }
    }

    /// Asked between the stages of a fit: whether to go on with the next.
    ///
    /// - Parameters:
    ///   - stage: the stage that is to begin.
    ///   - needed: bytes that it takes at least, beside those in use.
    /// - Throws: `TableIOError` of kind `memoryLimit`, `CancellationError`.
    func begin(_ stage: String, of population: Population, needed: Int = 0) throws {
        if isCancelled() { throw CancellationError() }
        guard let memoryLimitByteCount else { return }
        try MemoryLimit(byteCount: memoryLimitByteCount, path: population.intake.files[0].path)
            .check(before: stage, needed: needed)
    }

    /// Refuses to fit a population that leaves too little memory for it.
    func checkFitting(_ population: Population, hasSegments: Bool) throws(TableIOError) {
        guard let memoryLimitByteCount else { return }
        try MemoryLimit(byteCount: memoryLimitByteCount, path: population.intake.files[0].path)
            .checkFitting(rowCount: population.table.rowCount, hasSegments: hasSegments)
    }

    /// Refuses an as-of day where no order log is read.
    func refuseAsOf() throws(EngineError) {
        guard asOf != nil else { return }
        throw EngineError(
            .optionConflict, at: "--as-of", "the plan reads customers, whose figures have a date of their own",
            remedy: "drop --as-of, or use a plan of 'kind: orders'")
    }

    /// Refuses inputs that will not fit into memory as a whole.
    func checkFits(_ sources: [InputSource]) throws(TableIOError) {
        guard let memoryLimitByteCount, let first = sources.first else { return }
        try MemoryLimit(byteCount: memoryLimitByteCount, path: first.path).checkEstimate(of: sources)
    }
}
