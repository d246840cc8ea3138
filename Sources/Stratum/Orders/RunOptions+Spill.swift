import Glibc
import Indicators
import TableIO

extension RunOptions {
    /// Where an order log goes that does not fit; nil without a limit on memory.
    ///
    /// Rows go to the disk from the moment that half the limit is in use: the other half is for the customers' ids and
    /// for putting one part of the log after the other in order.
    func orderSpill(_ sources: [InputSource]) throws(TableIOError) -> OrderSpill? {
        guard let memoryLimitByteCount else { return nil }
        let limit = MemoryLimit(byteCount: memoryLimitByteCount / 2, path: sources.first?.path ?? "")
        let file = try SpoolFile(folder: spillFolder ?? Self.temporaryFolder)
        return OrderSpill(
            isNeeded: { limit.isPassed }, store: { try file.append($0) }, load: { try file.read(into: $0, at: $1) })
    }

    /// What the environment names, or the place for temporary files that may be large.
    private static var temporaryFolder: String {
        guard let path = getenv("TMPDIR"), path.pointee != 0 else { return "/var/tmp" }
        return String(cString: path)
    }
}
