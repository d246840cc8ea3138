internal import CKernels
import Glibc
import Synchronization

/// All outputs of a run, which appear together or not at all.
///
/// Each is written to a temporary file in its own folder. `commit` syncs all, then gives each its name in one step, the
/// one that stands for the whole run last. Whatever happens before that, the names hold what they held. Stdout, devices
/// and named pipes cannot be taken back; they are written in place.
public final class OutputTransaction: Sendable {
    /// Whether outputs that exist may be replaced.
    public let replacesExisting: Bool
    /// Whether `commit` waits until all is on the disk.
    public let isSynced: Bool
    /// Whether the SHA-256 of each output is made while it is written.
    public let makesSHA256: Bool
    private let inputs: [FileIdentity]
    private let state = Mutex(State())

    private struct State {
        var outputs: [OutputFile] = []
        var finalPaths: Set<String> = []
        var retired: [String] = []
        var madeFolders: [(path: String, slot: Int32)] = []
        var isOpen = true
    }

    /// A transaction without outputs yet.
    ///
    /// - Parameters:
    ///   - replacesExisting: whether outputs that exist may be replaced (`--force`).
    ///   - isSynced: false leaves out fsync: faster, but a crash of the machine may lose finished outputs.
    ///   - sha256: whether the SHA-256 of each output is made while it is written.
    ///   - inputs: files that must not become outputs by any name.
    public init(
        replacesExisting: Bool = false, isSynced: Bool = true, sha256: Bool = false, inputs: [FileIdentity] = []
    ) {
        self.replacesExisting = replacesExisting
        self.isSynced = isSynced
        makesSHA256 = sha256
        self.inputs = inputs
    }

    deinit {
        abandon()
    }

    /// Makes the folder `path` if there is none; it goes again with `abandon` if nothing is in it.
    ///
    /// - Throws: `missingFolder` when its parent does not exist, `noPermission`, `writeFailed`.
    public func createFolder(_ path: String) throws(TableIOError) {
        try OutputPath.check(path)
        if FileState(path: path)?.shape == .folder { return }
        // A signal takes it away again; listed before it is there, so that none comes too early.
        let slot = stratum_temporary_add(path, 1)
        if mkdir(path, 0o777) == 0 { return state.withLock { $0.madeFolders.append((path, slot)) } }
        let code = errno
        stratum_temporary_remove(slot)
        if code == EEXIST && FileState(path: path)?.shape == .folder { return }
        throw code == ENOENT
            ? TableIOError(.missingFolder, path: path) : SystemError.error(code, .writeFailed, path: path)
    }

    /// Opens an output, `-` for stdout. Nothing at `path` changes until `commit`.
    ///
    /// - Parameters:
    ///   - compression: how it is packed.
    ///   - threadCount: threads that may pack it, beside the one that appends; it does not change the bytes.
    ///   - replacesExisting: whether this one may be replaced; nil leaves it to the transaction.
    /// - Throws: `outputExists`, `outputIsInput`, `duplicateOutput`, `isFolder`, `missingFolder`, `noPermission`,
    ///   `invalidPath`, `tooManyOutputs`, `noSpace`, `writeFailed`.
    public func create(
        _ path: String, compression: OutputCompression? = nil, threadCount: Int = 1, replacesExisting: Bool? = nil
    ) throws(TableIOError) -> OutputFile {
        let replaces = replacesExisting ?? self.replacesExisting
        return try state.withLock { state throws(TableIOError) in
            precondition(state.isOpen, "the transaction is committed or abandoned")
            let place = try OutputPath(path, inputs: inputs, replacesExisting: replaces)
            guard state.finalPaths.insert(place.resolved).inserted else {
                throw TableIOError(.duplicateOutput, path: path)
            }
            let packed = try compression.map { compression throws(TableIOError) in
                try PackedBytes(compression, path: path, threadCount: threadCount)
            }
            let output = try OutputFile(
                path: path, target: try place.open(), synced: isSynced, packed: packed, sha256: makesSHA256,
                replacesExisting: replaces)
            state.outputs.append(output)
            return output
        }
    }

    /// Lets the file at `path` go with the commit, if there is one: an output of an earlier run that those of this one take
    /// the place of under another name. It goes when all new names are given.
    ///
    /// - Returns: whether there is such a file.
    /// - Throws: `outputExists` unless outputs may be replaced, `outputIsInput`, `invalidPath`, `missingFolder`.
    public func retire(_ path: String) throws(TableIOError) -> Bool {
        try OutputPath.check(path)
        let place = try OutputPath.unlinked(path)
        let (folder, name) = TemporaryFile.split(place)
        // An earlier process may have ended after it set the file aside.
        Leftovers.remove(in: folder, prefix: TemporaryFile.prefix(name))
        var status = stat()
        guard lstat(place, &status) == 0, [S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT) else { return false }
        if let identity = FileState(path: place)?.identity, inputs.contains(identity) {
            throw TableIOError(.outputIsInput, path: path)
        }
        guard replacesExisting else { throw TableIOError(.outputExists, path: path) }
        state.withLock { $0.retired.append(place) }
        return true
    }

    /// Gives all outputs their names, in the order created but for `last`; afterwards the transaction is closed.
    ///
    /// - Throws: what writing may throw, and `outputExists` when a file has taken a name meanwhile. Then the
    ///   transaction is abandoned: names given already are taken back.
    public func commit(last: OutputFile? = nil) throws(TableIOError) {
        let outputs = state.withLock { state in
            precondition(state.isOpen, "the transaction is committed or abandoned")
            state.isOpen = false
            return state.outputs
        }
        var publication = Publication(isSynced: isSynced)
        do throws(TableIOError) {
            var ready: [(file: TemporaryFile, output: OutputFile)] = []
            for output in outputs.filter({ $0 !== last }) + outputs.filter({ $0 === last }) {
                if let file = try output.complete(synced: isSynced) { ready.append((file, output)) }
            }
            for (index, entry) in ready.enumerated() {
                // The last name must not reach the disk before the others.
                if index == ready.count - 1 && index > 0 { try publication.syncFolders() }
                try publication.publish(
                    entry.file, path: entry.output.path, replacesExisting: entry.output.replacesExisting)
            }
            let retired = state.withLock { $0.retired }
            // Nor must a name go before the last one is there.
            if !retired.isEmpty { try publication.syncFolders() }
            for path in retired { try publication.setAside(path) }
            try publication.syncFolders()
        } catch {
            publication.takeBack()
            close(outputs)
            throw error
        }
        publication.finish()
        for output in outputs { output.release() }
        for folder in state.withLock({ $0.madeFolders }) { stratum_temporary_remove(folder.slot) }
    }

    /// Unlinks all that is unfinished; the outputs' names hold what they held. Does nothing after `commit`.
    public func abandon() {
        let outputs: [OutputFile]? = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen ? state.outputs : nil
        }
        if let outputs { close(outputs) }
    }

    private func close(_ outputs: [OutputFile]) {
        for output in outputs { output.release() }
        for folder in state.withLock({ $0.madeFolders }).reversed() {
            _ = rmdir(folder.path)
            stratum_temporary_remove(folder.slot)
        }
    }
}
