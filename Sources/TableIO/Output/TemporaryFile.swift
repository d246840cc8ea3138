internal import CKernels
import Glibc

/// A file being written beside the one it will become.
///
/// Its name is `.NAME.stratum-PID-RANDOM.tmp`. It is locked while its process lives and listed for the signal handlers;
/// it is unlinked by `discard`, or when nobody holds this object.
final class TemporaryFile {
    let path: String
    /// The name it will get, all links resolved.
    let finalPath: String
    let descriptor: Int32
    private let slot: Int32
    private let finalMode: mode_t
    private let replaced: FileState?
    private(set) var isOpen = true

    /// Creates the file and removes what dead processes left of earlier tries at the same output.
    ///
    /// - Parameters:
    ///   - path: the output as the caller named it, for messages.
    ///   - replaced: the file that has the name now.
    init(for finalPath: String, path: String, replacing replaced: FileState?) throws(TableIOError) {
        let (folder, name) = Self.split(finalPath)
        let prefix = Self.prefix(name)
        Leftovers.remove(in: folder, prefix: prefix)
        self.finalPath = finalPath
        self.replaced = replaced
        var generator = SystemRandomNumberGenerator()
        var result: Int32
        var code: Int32
        var temporaryPath: String
        var slot: Int32
        repeat {
            temporaryPath = Self.path(in: folder, prefix: prefix, &generator)
            // Listed before it is there: a signal right after the call would leave it behind otherwise.
            slot = stratum_temporary_add(temporaryPath, 0)
            guard slot >= 0 else { throw TableIOError(.tooManyOutputs, path: path) }
            // The umask and the folder's defaults give the mode that the finished file gets; until then it is private.
            // Read again only for a digest.
            result = open(temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            code = errno
            if result < 0 { stratum_temporary_remove(slot) }
        } while result < 0 && (code == EEXIST || code == EINTR)
        guard result >= 0 else { throw SystemError.error(code, .writeFailed, path: path) }
        self.slot = slot
        self.path = temporaryPath
        descriptor = result
        _ = flock(result, LOCK_EX | LOCK_NB)
        finalMode = replaced?.mode ?? FileState(descriptor: result)?.mode ?? 0o644
        _ = uninterrupted { fchmod(result, 0o600) }
    }

    deinit {
        discard()
    }

    /// Brings the file to its final state on the disk: mode and owner of the file it replaces, and the bytes synced.
    func complete(synced: Bool, path: String) throws(TableIOError) {
        // An owner can be kept only by root; nobody else has to care.
        if let replaced, replaced.owner != geteuid() || replaced.group != getegid() {
            _ = fchown(descriptor, replaced.owner, replaced.group)
        }
        guard uninterrupted({ fchmod(descriptor, finalMode) }) == 0,
            !synced || uninterrupted({ fsync(descriptor) }) == 0
        else { throw SystemError.error(errno, .writeFailed, path: path) }
        // Network file systems tell of failed writes when a descriptor is closed; the file itself stays open, because
        // its lock must last until it has its name.
        let second = uninterrupted { dup(descriptor) }
        guard second >= 0, close(second) == 0 || errno == EINTR else {
            throw SystemError.error(errno, .writeFailed, path: path)
        }
    }

    /// Closes and unlinks what has the temporary name: the unfinished file, or the old one after an exchange.
    func discard() {
        guard isOpen else { return }
        isOpen = false
        _ = unlink(path)
        stratum_temporary_remove(slot)
        close(descriptor)
    }

    /// Folder and name of an absolute path.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
    }

    /// A new name that begins with `prefix`.
    static func path(in folder: String, prefix: String, _ generator: inout SystemRandomNumberGenerator) -> String {
        let random = String(generator.next(), radix: 36)
        return (folder == "/" ? "" : folder) + "/" + prefix + "\(getpid())-\(random).tmp"
    }

    /// The start of the names of temporaries for `name`; cut, since a file name has at most 255 bytes.
    static func prefix(_ name: String) -> String {
        "." + String(decoding: name.utf8.prefix(180), as: UTF8.self) + ".stratum-"
    }
}

/// Temporaries of processes that ended without a chance to clean up.
enum Leftovers {
    /// Unlinks the files in `folder` that start with `prefix` and whose process is gone.
    ///
    /// A process counts as gone when its number is unused (or ours) and nobody holds the file's lock: numbers alone
    /// mean nothing between containers that share a volume.
    static func remove(in folder: String, prefix: String) {
        // Opened here and not by `opendir`, which a signal may interrupt without a word.
        let listing = uninterrupted { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard listing >= 0 else { return }
        guard let entries = fdopendir(listing) else {
            close(listing)
            return
        }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix(while: { $0 != 0 }), as: UTF8.self)
            }
            guard name.hasPrefix(prefix), name.hasSuffix(".tmp"),
                let process = Int32(name.dropFirst(prefix.count).prefix(while: { $0 != "-" })), process > 0,
                process == getpid() || (kill(process, 0) != 0 && errno == ESRCH)
            else { continue }
            let path = folder + "/" + name
            let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { _ = unlink(path) }
            close(descriptor)
        }
    }
}

/// What a process must do about temporaries when a signal ends it.
public enum TemporaryFiles {
    /// Unlinks all unfinished outputs of this process. May be called from a signal handler.
    public static func unlinkAll() {
        stratum_temporaries_unlink()
    }
}
