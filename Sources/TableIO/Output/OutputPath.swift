import Glibc

/// What the name of an output leads to, found out and checked before any work.
struct OutputPath {
    private let path: String
    /// The name without links, so that two names of one file are equal; `-` for stdout.
    let resolved: String
    private let existing: FileState?

    /// Resolves `path` and refuses what must not be written.
    init(_ path: String, inputs: [FileIdentity], replacesExisting: Bool) throws(TableIOError) {
        try Self.check(path)
        self.path = path
        if path == "-" {
            guard let state = FileState(descriptor: STDOUT_FILENO) else {
                throw SystemError.error(errno, .writeFailed, path: path)
            }
            existing = state
            resolved = path
            if state.shape == .regular && inputs.contains(state.identity) {
                throw TableIOError(.outputIsInput, path: path)
            }
            return
        }
        existing = FileState(path: path)
        let code = errno
        switch existing?.shape {
        case .folder:
            throw TableIOError(.isFolder, path: path)
        case .regular:
            if inputs.contains(existing!.identity) { throw TableIOError(.outputIsInput, path: path) }
            if !replacesExisting { throw TableIOError(.outputExists, path: path) }
            resolved = try Self.real(path, path: path)
        case .other:
            resolved = path
        case nil:
            guard code == ENOENT else { throw SystemError.error(code, .writeFailed, path: path) }
            var status = stat()
            if lstat(path, &status) == 0 {
                throw TableIOError(.writeFailed, path: path, detail: "a link to a file that does not exist")
            }
            resolved = try Self.unlinked(path)
        }
    }

    /// The name itself, with the links of its folder resolved.
    static func unlinked(_ path: String) throws(TableIOError) -> String {
        let (folder, name) = TemporaryFile.split(path)
        guard !name.isEmpty else { throw TableIOError(.isFolder, path: path) }
        let parent = try real(folder, path: path)
        return (parent == "/" ? "" : parent) + "/" + name
    }

    /// Opens the place for writing: a temporary file beside it, or the device or pipe itself.
    func open() throws(TableIOError) -> OutputFile.Target {
        if path == "-" { return .inPlace(descriptor: STDOUT_FILENO, owned: false) }
        guard existing?.shape == .other else {
            return .temporary(try TemporaryFile(for: resolved, path: path, replacing: existing))
        }
        let descriptor = uninterrupted { Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY) }
        guard descriptor >= 0 else { throw SystemError.error(errno, .writeFailed, path: path) }
        return .inPlace(descriptor: descriptor, owned: true)
    }

    /// Refuses names that the system cannot hold.
    static func check(_ path: String) throws(TableIOError) {
        guard !path.isEmpty && !path.utf8.contains(0) else { throw TableIOError(.invalidPath, path: path) }
    }

    private static func real(_ target: String, path: String) throws(TableIOError) -> String {
        guard let resolved = realpath(target, nil) else {
            throw errno == ENOENT || errno == ENOTDIR
                ? TableIOError(.missingFolder, path: path) : SystemError.error(errno, .writeFailed, path: path)
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
