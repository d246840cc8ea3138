internal import CKernels
import Glibc
import Synchronization

/// One output of a run: bytes are appended, packed where asked, counted and checksummed; the name is given by
/// `OutputTransaction.commit`.
///
/// A process that writes to pipes must ignore SIGPIPE; a closed pipe is then the error `closedPipe`.
public final class OutputFile: Sendable {
    /// The output as the caller named it, `-` for stdout.
    public let path: String
    /// Whether a file of this name gives way.
    let replacesExisting: Bool

    /// Where the bytes go.
    enum Target {
        /// A regular file that gets its name at the end.
        case temporary(TemporaryFile)
        /// Stdout, a device or a named pipe, written in place; closed at the end if it was opened here.
        case inPlace(descriptor: Int32, owned: Bool)
    }

    private let lock = Mutex(())
    private let descriptor: Int32
    private let startsWriteback: Bool
    // SAFETY: these are used only under `lock`.
    nonisolated(unsafe) private var target: Target?
    nonisolated(unsafe) private var hash = XXH3()
    nonisolated(unsafe) private var failure: TableIOError?
    nonisolated(unsafe) private var writebackStart = 0
    nonisolated(unsafe) private var packed: PackedBytes?
    // The SHA-256 of what is stored, if asked for: of a file beside its writing, of anything else as it passes.
    nonisolated(unsafe) private var trailing: TrailingDigest?
    nonisolated(unsafe) private var passing: SHA256?

    /// Bytes after which the kernel is asked to start writing, so that little is left for the sync at the end.
    private static let writebackByteCount = 16 << 20

    init(
        path: String, target: Target, synced: Bool, packed: PackedBytes? = nil, sha256: Bool = false,
        replacesExisting: Bool = false
    ) throws(TableIOError) {
        self.path = path
        self.replacesExisting = replacesExisting
        self.target = target
        self.packed = packed
        switch target {
        case .temporary(let file):
            descriptor = file.descriptor
            startsWriteback = synced
            if sha256 { trailing = try TrailingDigest(descriptor: descriptor, path: path) }
        case .inPlace(let descriptor, _):
            self.descriptor = descriptor
            startsWriteback = false
            if sha256 { passing = try SHA256(path: path) }
        }
    }

    deinit {
        release()
    }

    /// Bytes stored so far: those appended, or for a compressed output what they were packed into.
    public var byteCount: Int { lock.withLock { _ in hash.byteCount } }

    /// XXH3 of the bytes that `byteCount` counts.
    public var checksum: UInt64 { lock.withLock { _ in hash.value } }

    /// SHA-256 of the bytes that `byteCount` counts, 64 hexadecimal digits; nil unless it was asked for. Waits for it;
    /// called once, after `finish` and before the commit.
    ///
    /// - Throws: `readFailed`.
    public func sha256() throws(TableIOError) -> String? {
        try lock.withLock { _ throws(TableIOError) in
            if let passing = passing.take() { return passing.text() }
            return try trailing?.text(byteCount: hash.byteCount)
        }
    }

    /// Appends `bytes`. Calls are taken one after the other; their order is the caller's.
    ///
    /// - Throws: `noSpace`, `writeFailed`, `closedPipe`; after a failure every later call throws the same.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(TableIOError) {
        try lock.withLock { _ throws(TableIOError) in
            guard target != nil else { preconditionFailure("\(path) is committed or abandoned") }
            try noteFailure { () throws(TableIOError) in
                if let packed { try packed.append(bytes, store: store) } else { try store(bytes) }
            }
        }
    }

    /// Stores all that was appended to a compressed output; nothing may be appended afterwards. `commit` does so too.
    ///
    /// - Throws: as `append`.
    public func finish() throws(TableIOError) {
        try lock.withLock { _ throws(TableIOError) in try finishPacking() }
    }

    private func finishPacking() throws(TableIOError) {
        try noteFailure { () throws(TableIOError) in
            try packed?.finish(store: store)
            packed = nil
        }
    }

    /// Does `body` unless something failed before; what it throws is thrown by all that follows.
    private func noteFailure(_ body: () throws(TableIOError) -> Void) throws(TableIOError) {
        if let failure { throw failure }
        do throws(TableIOError) {
            try body()
        } catch {
            failure = error
            throw error
        }
    }

    private func store(_ bytes: UnsafeRawBufferPointer) throws(TableIOError) {
        try write(bytes)
        hash.update(bytes)
        passing?.update(bytes)
        trailing?.follow(to: hash.byteCount)
        if startsWriteback && hash.byteCount - writebackStart >= Self.writebackByteCount {
            stratum_start_writeback(descriptor, Int64(writebackStart), Int64(hash.byteCount - writebackStart))
            writebackStart = hash.byteCount
        }
    }

    /// Appends the bytes of `buffer`, which is left as it is.
    public func append(_ buffer: RowBuffer) throws(TableIOError) {
        try buffer.withUnsafeBytes { bytes in Result { () throws(TableIOError) in try append(bytes) } }.get()
    }

    /// Appends `bytes`.
    public func append(_ bytes: [UInt8]) throws(TableIOError) {
        try bytes.withUnsafeBytes { bytes in Result { () throws(TableIOError) in try append(bytes) } }.get()
    }

    /// Checks that all went well and gets the temporary ready for its name; nil when the output is written in place.
    func complete(synced: Bool) throws(TableIOError) -> TemporaryFile? {
        try lock.withLock { _ throws(TableIOError) in
            try finishPacking()
            guard case .temporary(let file) = target else { return nil }
            try file.complete(synced: synced, path: path)
            return file
        }
    }

    /// Lets go of the file; a temporary one is unlinked, as is an old one that was exchanged with it.
    func release() {
        lock.withLock { _ in
            packed = nil
            trailing?.stop()
            switch target {
            case .temporary(let file): file.discard()
            case .inPlace(let descriptor, true): close(descriptor)
            case .inPlace(_, false), nil: break
            }
            target = nil
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(TableIOError) {
        var written = 0
        while written < bytes.count {
            // SAFETY: `written` < `bytes.count`; the call reads at most the bytes that remain.
            let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count >= 0 {
                written += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                throw SystemError.error(errno, .writeFailed, path: path, byteOffset: hash.byteCount + written)
            }
        }
    }
}
