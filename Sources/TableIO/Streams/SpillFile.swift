internal import CKernels
import Glibc
import Synchronization

/// A file for what does not fit into memory, which no end of the process leaves behind: it has no name.
///
/// Bytes are appended once and read from any place by any thread.
public final class SpillFile: Sendable {
    private let descriptor: Int32
    private let folder: String
    private let byteCount = Mutex(0)

    /// A file on the disk of `folder`.
    ///
    /// - Throws: `missingFolder`, `noPermission`, `noSpace`, `writeFailed`
    public init(folder: String) throws(TableIOError) {
        self.folder = folder
        let result = stratum_open_nameless(folder)
        guard result >= 0 else { throw SystemError.error(errno, .writeFailed, path: folder) }
        descriptor = result
    }

    deinit { close(descriptor) }

    /// Appends bytes and returns where they stand.
    ///
    /// - Throws: `noSpace`, `writeFailed`
    public func append(_ bytes: UnsafeRawBufferPointer) throws(TableIOError) -> Int {
        let start = byteCount.withLock { count in
            defer { count += bytes.count }
            return count
        }
        var done = 0
        while done < bytes.count {
            // SAFETY: `done` is below the count; the call reads at most the bytes that remain.
            let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(start + done))
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw SystemError.error(errno, .writeFailed, path: folder)
            }
        }
        return start
    }

    /// Fills `room` with the bytes that stand at `offset`.
    ///
    /// - Throws: `readFailed`
    public func read(into room: UnsafeMutableRawBufferPointer, at offset: Int) throws(TableIOError) {
        var done = 0
        while done < room.count {
            // SAFETY: `done` is below the count; the call writes at most the bytes that remain.
            let count = pread(descriptor, room.baseAddress! + done, room.count - done, off_t(offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw TableIOError(.readFailed, path: folder, detail: "spilled bytes are gone")
            } else if errno != EINTR {
                throw SystemError.error(errno, .readFailed, path: folder)
            }
        }
    }
}
