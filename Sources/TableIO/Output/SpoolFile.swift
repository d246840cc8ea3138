internal import CKernels
import Glibc
import Synchronization

/// A temporary file without a name: room on a disk for what shall not take memory.
///
/// It is unlinked as soon as it is open, so that it is gone with its process, however that ends. Between the two calls it
/// is listed for the signal handlers. Reading and writing at offsets is safe from several threads at once, for different
/// bytes.
public final class SpoolFile: Sendable {
    /// The folder that the file takes its room from.
    public let folder: String
    private let descriptor: Int32
    /// Where `append` goes on.
    private let end = Mutex(0)

    /// Makes the file.
    ///
    /// - Throws: `missingFolder`, `noPermission`, `noSpace`, `writeFailed`, `tooManyOutputs`.
    public init(folder: String) throws(TableIOError) {
        self.folder = folder
        var generator = SystemRandomNumberGenerator()
        var result: Int32
        var code: Int32
        repeat {
            let path = folder + "/.stratum-\(getpid())-" + String(generator.next(), radix: 36) + ".tmp"
            let slot = stratum_temporary_add(path, 0)
            guard slot >= 0 else { throw TableIOError(.tooManyOutputs, path: folder) }
            result = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            code = errno
            if result >= 0 { _ = unlink(path) }
            stratum_temporary_remove(slot)
        } while result < 0 && (code == EEXIST || code == EINTR)
        guard result >= 0 else {
            throw code == ENOENT || code == ENOTDIR
                ? TableIOError(.missingFolder, path: folder)
                : SystemError.error(code, .writeFailed, path: folder)
        }
        descriptor = result
    }

    deinit {
        close(descriptor)
    }

    /// The folder for the temporary files of a run that writes `output`: that of the output, which has room for as much
    /// as is read, or for one that is no file TMPDIR, and /var/tmp without it.
    public static func folder(beside output: String) -> String {
        if output != "-", FileState(path: output)?.shape ?? .regular == .regular {
            return TemporaryFile.split(output).folder
        }
        return getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
    }

    /// Writes `bytes` from `offset` on.
    ///
    /// - Throws: `noSpace`, `writeFailed`, with the folder for place.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(TableIOError) {
        var written = 0
        while written < bytes.count {
            // SAFETY: `written` < `bytes.count`; the call reads at most the bytes that remain.
            let count = pwrite(descriptor, bytes.baseAddress! + written, bytes.count - written, offset + written)
            if count > 0 {
                written += count
            } else if errno != EINTR {
                var error = SystemError.error(errno, .writeFailed, path: folder)
                let needed = "\(offset + bytes.count) bytes of temporary data"
                error.detail = error.detail.isEmpty ? needed : needed + ": " + error.detail
                throw error
            }
        }
    }

    /// Writes `bytes` behind those of all earlier calls and returns where they stand; not together with `write(_:at:)`.
    ///
    /// - Throws: as `write(_:at:)`.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(TableIOError) -> Int {
        let start = end.withLock { end in
            defer { end += bytes.count }
            return end
        }
        try write(bytes, at: start)
        return start
    }

    /// Fills `buffer` with the bytes from `offset` on, which were written before.
    ///
    /// - Throws: `readFailed`.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(TableIOError) {
        let count = try FileDescriptorStream.read(descriptor: descriptor, path: folder, at: offset, into: buffer)
        guard count == buffer.count else {
            throw TableIOError(.readFailed, path: folder, detail: "temporary data end at byte \(offset + count)")
        }
    }
}
