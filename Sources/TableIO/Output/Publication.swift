internal import CKernels
import Glibc

/// Giving finished temporaries their names, so that it can be taken back.
///
/// A file that is replaced is exchanged with the new one in one step and unlinked only after all went well. Where the
/// file system cannot exchange, a plain rename replaces it for good.
struct Publication {
    let replacesExisting: Bool
    let isSynced: Bool
    private var done: [(file: TemporaryFile, step: Step)] = []

    private enum Step { case created, exchanged, replaced }

    init(replacesExisting: Bool, isSynced: Bool) {
        self.replacesExisting = replacesExisting
        self.isSynced = isSynced
    }

    /// Renames `file` to its final name.
    mutating func publish(_ file: TemporaryFile, path: String) throws(TableIOError) {
        // Twice at most: between the two looks at the name, a file may come or go.
        for attempt in 0..<3 {
            var status = stat()
            let exists = lstat(file.finalPath, &status) == 0
            if exists && !replacesExisting { throw TableIOError(.outputExists, path: path) }
            if exists && FileState(status).shape != .regular {
                throw TableIOError(.writeFailed, path: path, detail: "something else than a file has the name now")
            }
            let code =
                exists
                ? stratum_rename_exchange(file.path, file.finalPath) : stratum_rename_new(file.path, file.finalPath)
            switch code {
            case 0:
                return done.append((file, exists ? .exchanged : .created))
            case EEXIST where attempt < 2, ENOENT where attempt < 2:
                continue
            case EINVAL, ENOSYS, ENOTSUP:
                guard rename(file.path, file.finalPath) == 0 else {
                    throw SystemError.error(errno, .writeFailed, path: path)
                }
                return done.append((file, exists ? .replaced : .created))
            default:
                throw SystemError.error(code, .writeFailed, path: path)
            }
        }
    }

    /// Waits until the names given so far are on the disk.
    func syncFolders() throws(TableIOError) {
        guard isSynced else { return }
        for folder in Set(done.map { TemporaryFile.split($0.file.finalPath).folder }).sorted() {
            let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            // A folder that may be written but not read cannot be synced by anyone.
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // EINVAL: the file system has no such thing.
            guard fsync(descriptor) == 0 || errno == EINVAL || errno == EINTR else {
                throw SystemError.error(errno, .writeFailed, path: folder)
            }
        }
    }

    /// Undoes what was published, latest first.
    func takeBack() {
        for (file, step) in done.reversed() {
            switch step {
            case .created: _ = stratum_rename_new(file.finalPath, file.path) == 0 || unlink(file.finalPath) == 0
            case .exchanged: _ = stratum_rename_exchange(file.path, file.finalPath)
            case .replaced: break
            }
        }
    }
}
