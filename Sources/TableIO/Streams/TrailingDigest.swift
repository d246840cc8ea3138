import Dispatch
import Glibc
import Synchronization

/// The SHA-256 of a regular file, made by a thread that follows whoever reads or writes it.
///
/// ```
/// reader or writer ──▶ page cache ──▶ SHA-256
///        └── how far it is ──▶ one thread
/// ```
///
/// The bytes are read again where they have just passed, so that nobody waits for the digest before the end, and none
/// are copied for it. It goes no further than it is told: a file larger than memory is fetched from the disk once.
final class TrailingDigest: @unchecked Sendable {
    // SAFETY: unchecked, since `hash` and `position` are used on `queue` alone, `state` under its lock.
    private static let pieceByteCount = 256 << 10

    private let path: String
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "stratum.sha256")
    private let state = Mutex(State())
    private var hash: SHA256?
    private var position = 0
    private var failure: TableIOError?

    private struct State {
        var end = 0
        var isWorking = false
        var isStopped = false
    }

    /// - Parameters:
    ///   - descriptor: open for reading; the caller may close it at any time.
    ///   - path: the file, for messages.
    init(descriptor: Int32, path: String) throws(TableIOError) {
        let second = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard second >= 0 else { throw SystemError.error(errno, .cannotOpen, path: path) }
        do throws(TableIOError) {
            hash = try SHA256(path: path)
        } catch {
            close(second)
            throw error
        }
        self.descriptor = second
        self.path = path
    }

    deinit { close(descriptor) }

    /// Lets the digest go on up to the byte at `offset`; one that lies before an earlier one changes nothing.
    func follow(to offset: Int) {
        let begins = state.withLock { state in
            state.end = max(state.end, offset)
            defer { state.isWorking = state.isWorking || state.end > 0 }
            return !state.isWorking && !state.isStopped
        }
        if begins { queue.async { self.work() } }
    }

    /// Ends the work early; the digest is not wanted any more.
    func stop() { state.withLock { $0.isStopped = true } }

    /// Waits for the digest of the first `byteCount` bytes, which must be all; called once.
    ///
    /// - Throws: `readFailed`; `inputChanged` when the file is shorter, or was read further.
    func text(byteCount: Int) throws(TableIOError) -> String {
        follow(to: byteCount)
        let result: Result<String, TableIOError> = queue.sync {
            if let failure { return .failure(failure) }
            guard position == byteCount else {
                return .failure(TableIOError(.inputChanged, path: path, detail: "\(position) bytes, not \(byteCount)"))
            }
            guard let hash = hash.take() else { preconditionFailure("\(path): the digest was taken before") }
            return .success(hash.text())
        }
        return try result.get()
    }

    private func work() {
        withUnsafeTemporaryAllocation(byteCount: Self.pieceByteCount, alignment: 64) { room in
            while failure == nil, let end = nextEnd() {
                let piece = UnsafeMutableRawBufferPointer(rebasing: room[..<min(room.count, end - position)])
                do throws(TableIOError) {
                    let count = try FileDescriptorStream.read(
                        descriptor: descriptor, path: path, at: position, into: piece)
                    hash?.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
                    position += count
                    if count < piece.count {
                        throw TableIOError(
                            .inputChanged, path: path, byteOffset: position, detail: "it is shorter now")
                    }
                } catch {
                    failure = error
                }
            }
        }
    }

    /// How far the file may be read now; nil when there is nothing to do.
    private func nextEnd() -> Int? {
        state.withLock { state in
            if state.end > position && !state.isStopped { return state.end }
            state.isWorking = false
            return nil
        }
    }
}
