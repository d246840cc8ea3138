internal import CKernels
import Glibc

/// Giving finished temporaries their names, so that it can be taken back.
///
/// A file that is replaced is exchanged with the new one in one step and unlinked only after all went well. Where the
/// file system cannot exchange, a plain rename replaces it for good. A file that goes altogether is set aside by a
/// rename and unlinked at the end.
struct Publication {
    let isSynced: Bool
    private var done: [(file: TemporaryFile, step: Step)] = []
    private var aside: [(path: String, name: String, slot: Int32)] = []

    private enum Step { case created, exchanged, replaced }

    init(isSynced: Bool) { self.isSynced = isSynced }

    /// Renames `file` to its final name.
    mutating func publish(_ file: TemporaryFile, path: String, replacesExisting: Bool) throws(TableIOError) {
        // Twice at most: between the two looks at the name, a file may come or go.
        for attempt in 0..<3 {
            var status = stat()
            let exists = lstat(file.finalPath, &status) == 0
            if exists && !replacesExisting { throw TableIOError(.outputExists, path: path) }
            if exists && FileState(status).shape != .regular {
                throw TableIOError(.writeFailed, path: path, detail: "something else than a file has the name now")
            }
            let code = Self.rename(file.path, file.finalPath, exchanging: exists)
            switch code {
            case 0:
                return done.append((file, exists ? .exchanged : .created))
            case EEXIST where attempt < 2, ENOENT where attempt < 2:
                continue
            case EINVAL, ENOSYS, ENOTSUP:
                guard uninterrupted({ Glibc.rename(file.path, file.finalPath) }) == 0 else {
                    throw SystemError.error(errno, .writeFailed, path: path)
                }
                return done.append((file, exists ? .replaced : .created))
            default:
                throw SystemError.error(code, .writeFailed, path: path)
            }
        }
    }

    /// Sets the file at `path` aside, if there still is one.
    mutating func setAside(_ path: String) throws(TableIOError) {
        let (folder, name) = TemporaryFile.split(path)
        var generator = SystemRandomNumberGenerator()
        let other = TemporaryFile.path(in: folder, prefix: TemporaryFile.prefix(name), &generator)
        let slot = stratum_temporary_add(other, 0)
        guard slot >= 0 else { throw TableIOError(.tooManyOutputs, path: path) }
        var code = Self.rename(path, other, exchanging: false)
        if [EINVAL, ENOSYS, ENOTSUP].contains(code) {
            code = uninterrupted { Glibc.rename(path, other) } == 0 ? 0 : errno
        }
        if code == 0 { return aside.append((path, other, slot)) }
        stratum_temporary_remove(slot)
        if code != ENOENT { throw SystemError.error(code, .writeFailed, path: path) }
    }

    /// Unlinks what was set aside; all else is in place.
    func finish() {
        for file in aside {
            _ = unlink(file.name)
            stratum_temporary_remove(file.slot)
        }
    }

    /// Waits until the names given so far are on the disk.
    func syncFolders() throws(TableIOError) {
        guard isSynced else { return }
        let paths = done.map(\.file.finalPath) + aside.map(\.path)
        for folder in Set(paths.map { TemporaryFile.split($0).folder }).sorted() {
            let descriptor = uninterrupted { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
            // A folder that may be written but not read cannot be synced by anyone.
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // EINVAL: the file system has no such thing.
            guard uninterrupted({ fsync(descriptor) }) == 0 || errno == EINVAL else {
                throw SystemError.error(errno, .writeFailed, path: folder)
            }
        }
    }

    /// Undoes what was published, latest first.
    func takeBack() {
        for file in aside.reversed() {
            _ =
                Self.rename(file.name, file.path, exchanging: false) == 0
                || uninterrupted { Glibc.rename(file.name, file.path) } == 0
            stratum_temporary_remove(file.slot)
        }
        for (file, step) in done.reversed() {
            switch step {
            case .created:
                _ = Self.rename(file.finalPath, file.path, exchanging: false) == 0 || unlink(file.finalPath) == 0
            case .exchanged: _ = Self.rename(file.path, file.finalPath, exchanging: true)
            case .replaced: break
            }
        }
    }

    /// Renames in one step, also when signals interrupt; 0 or what went wrong.
    ///
    /// An interrupted rename may have been carried out, by a file system over a network. A second exchange would undo it,
    /// so what has the new name is looked at before each further try.
    private static func rename(_ from: String, _ to: String, exchanging: Bool) -> Int32 {
        let source = identity(from)
        while true {
            let code = exchanging ? stratum_rename_exchange(from, to) : stratum_rename_new(from, to)
            guard code == EINTR else { return code }
            if let source, identity(to) == source { return 0 }
        }
    }

    /// Which file has a name, links not followed.
    private static func identity(_ path: String) -> FileIdentity? {
        var status = stat()
        return lstat(path, &status) == 0 ? FileState(status).identity : nil
    }
}
