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
    private let inputs: [FileIdentity]
    private let state = Mutex(State())

    private struct State {
        var outputs: [OutputFile] = []
        var finalPaths: Set<String> = []
        var madeFolders: [(path: String, slot: Int32)] = []
        var isOpen = true
    }

    /// A transaction without outputs yet.
    ///
    /// - Parameters:
    ///   - replacesExisting: whether outputs that exist may be replaced (`--force`).
    ///   - isSynced: false leaves out fsync: faster, but a crash of the machine may lose finished outputs.
    ///   - inputs: files that must not become outputs by any name.
    public init(replacesExisting: Bool = false, isSynced: Bool = true, inputs: [FileIdentity] = []) {
        self.replacesExisting = replacesExisting
        self.isSynced = isSynced
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
    /// - Throws: `outputExists`, `outputIsInput`, `duplicateOutput`, `isFolder`, `missingFolder`, `noPermission`,
    ///   `invalidPath`, `tooManyOutputs`, `noSpace`, `writeFailed`.
    public func create(
        _ path: String, compression: OutputCompression? = nil, threadCount: Int = 1
    ) throws(TableIOError) -> OutputFile {
        try state.withLock { state throws(TableIOError) in
            precondition(state.isOpen, "the transaction is committed or abandoned")
            let place = try OutputPath(path, inputs: inputs, replacesExisting: replacesExisting)
            guard state.finalPaths.insert(place.resolved).inserted else {
                throw TableIOError(.duplicateOutput, path: path)
            }
            let output = OutputFile(
                path: path, target: try place.open(), synced: isSynced,
                packed: compression.map { PackedBytes($0, threadCount: threadCount) })
            state.outputs.append(output)
            return output
        }
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
        var publication = Publication(replacesExisting: replacesExisting, isSynced: isSynced)
        do throws(TableIOError) {
            var ready: [(file: TemporaryFile, path: String)] = []
            for output in outputs.filter({ $0 !== last }) + outputs.filter({ $0 === last }) {
                if let file = try output.complete(synced: isSynced) { ready.append((file, output.path)) }
            }
            for (index, entry) in ready.enumerated() {
                // The last name must not reach the disk before the others.
                if index == ready.count - 1 && index > 0 { try publication.syncFolders() }
                try publication.publish(entry.file, path: entry.path)
            }
            try publication.syncFolders()
        } catch {
            publication.takeBack()
            close(outputs)
            throw error
        }
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
