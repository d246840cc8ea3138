import Glibc
import Synchronization

/// Where the bytes of a table come from: a file, stdin, memory, or an embedder's function; gzip and zstd are unpacked.
///
/// A plain regular file can be read at any offset from many threads (`read(into:at:)`, when `byteCount` is not nil).
/// Everything else is a stream (`read(into:)`, decompressed bytes in order). Both leave the file as it is; use one of
/// them, not both.
public final class InputSource: Sendable {
    /// The input as the caller named it, `-` for stdin.
    public let path: String
    /// How the bytes are packed.
    public let compression: Compression
    /// Which file this is, or nil when it is no file.
    public let identity: FileIdentity?
    /// Size of a plain regular file, which may be read at any offset; nil for a stream.
    public let byteCount: Int?
    /// The open file of a plain regular file, for reading at offsets; closed with this object.
    public let fileDescriptor: Int32?

    private let opened: Opened?
    /// The SHA-256 of a file, if asked for.
    private let trailing: TrailingDigest?
    private let lock = Mutex(())
    // SAFETY: streams are made for one caller at a time; these are used only under `lock`.
    nonisolated(unsafe) private let raw: RawStream
    nonisolated(unsafe) private let unpacked: UnpackedStream?
    /// The SHA-256 of anything but a file, if asked for; below `raw`, and asked when that has been read.
    nonisolated(unsafe) private let passing: DigestedStream?

    /// Opens the file at `path`, or stdin for `-`, and recognizes its packing.
    ///
    /// - Parameters:
    ///   - limit: how far it may unpack.
    ///   - sha256: whether its SHA-256 is made while it is read.
    /// - Throws: `missingFile`, `isFolder`, `noPermission`, `invalidPath`, `cannotOpen`, `readFailed`,
    ///   `unsupportedCompression`; nothing but the first bytes has been read then.
    public convenience init(
        path: String, limit: DecompressionLimit = DecompressionLimit(), sha256: Bool = false
    ) throws(TableIOError) {
        let opened = try Opened(path: path)
        let stream = FileDescriptorStream(descriptor: opened.descriptor, path: path)
        try self.init(path: path, opened: opened, stream: stream, limit: limit, sha256: sha256)
    }

    /// A source over `bytes`; `name` stands for them in messages.
    public convenience init(
        bytes: [UInt8], name: String, limit: DecompressionLimit = DecompressionLimit(), sha256: Bool = false
    ) throws(TableIOError) {
        try self.init(path: name, opened: nil, stream: MemoryStream(bytes), limit: limit, sha256: sha256)
    }

    /// A source over a function, called by one thread at a time, that fills the buffer it is given with 1 or more bytes
    /// and returns how many, 0 at the end; `name` stands for it in messages.
    public convenience init(
        name: String, limit: DecompressionLimit = DecompressionLimit(), sha256: Bool = false,
        pull: @escaping BytePull
    ) throws(TableIOError) {
        try self.init(path: name, opened: nil, stream: PullStream(path: name, pull), limit: limit, sha256: sha256)
    }

    private init(
        path: String, opened: Opened?, stream: any ByteStream, limit: DecompressionLimit, sha256: Bool
    ) throws(TableIOError) {
        let file = sha256 ? opened.flatMap { $0.isAtStartOfFile ? $0.descriptor : nil } : nil
        trailing = try file.map { descriptor throws(TableIOError) in
            try TrailingDigest(descriptor: descriptor, path: path)
        }
        passing = sha256 && file == nil ? try DigestedStream(stream, path: path) : nil
        let raw = RawStream(passing ?? stream)
        let start = try raw.peek(Compression.magicByteCount)
        compression = try Compression.recognized(from: start, path: path)
        self.path = path
        self.opened = opened
        identity = opened.flatMap { $0.state.shape == .regular ? $0.state.identity : nil }
        if let opened, opened.isAtStartOfFile, compression == .none {
            byteCount = opened.state.byteCount
            fileDescriptor = opened.descriptor
        } else {
            byteCount = nil
            fileDescriptor = nil
        }
        self.raw = raw
        let content: (any ByteStream)? =
            switch compression {
            case .none: nil
            case .gzip: GzipStream(raw, path: path)
            case .zstd: try ZstdStream(raw, path: path)
            }
        unpacked = content.map { UnpackedStream($0, of: raw, path: path, limit: limit) }
    }

    /// Fills `buffer` with the next decompressed bytes; less than its count only at the end, 0 when there are no more.
    ///
    /// - Throws: `readFailed`, `cutStream`, `corruptStream`, `trailingBytes`, `windowTooLarge`,
    ///   `decompressedTooLarge`.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(TableIOError) -> Int {
        try lock.withLock { _ throws(TableIOError) in
            let count = if let unpacked { try unpacked.read(into: buffer) } else { try raw.read(into: buffer) }
            trailing?.follow(to: raw.byteCount)
            return count
        }
    }

    /// Fills `buffer` with the bytes of a plain file from `offset` on; less than its count only at the end of the file.
    ///
    /// May be called by many threads at once. These bytes do not count in `rawByteCount` and `checksum`.
    ///
    /// - Throws: `readFailed`.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(TableIOError) -> Int {
        guard let fileDescriptor else { preconditionFailure("\(path) is a stream and has no offsets") }
        let count = try FileDescriptorStream.read(
            descriptor: fileDescriptor, path: path, at: offset, into: buffer)
        trailing?.follow(to: offset + count)
        return count
    }

    /// Bytes taken so far by `read(into:)`, as stored (compressed ones, in large steps, for a compressed input).
    public var rawByteCount: Int { lock.withLock { _ in raw.byteCount } }

    /// XXH3 of the bytes that `rawByteCount` counts; of the whole input once `read(into:)` has returned 0.
    public var checksum: UInt64 { lock.withLock { _ in raw.checksum } }

    /// SHA-256 of the input as stored, 64 hexadecimal digits; nil unless it was asked for. Waits for it; called once, when
    /// all has been read.
    ///
    /// - Throws: `readFailed`; `inputChanged` when the file is another one by now.
    public func sha256() throws(TableIOError) -> String? {
        guard let trailing else { return lock.withLock { _ in passing?.text() } }
        let text = try trailing.text(byteCount: opened?.state.byteCount ?? 0)
        try checkUnchanged()
        return text
    }

    deinit { trailing?.stop() }

    /// Size of the regular file behind the source as stored, for progress; nil for a pipe or memory.
    public var storedByteCount: Int? {
        opened.flatMap { $0.state.shape == .regular ? $0.state.byteCount : nil }
    }

    /// Checks that the file is still the one that was opened, with the size and time of last writing it had then.
    ///
    /// Call it when all has been read. A pipe, memory or function passes.
    ///
    /// - Throws: `inputChanged`.
    public func checkUnchanged() throws(TableIOError) {
        guard let opened, opened.state.shape == .regular else { return }
        guard let now = FileState(descriptor: opened.descriptor), now.sameContent(as: opened.state) else {
            throw TableIOError(.inputChanged, path: path, detail: "size or time of last writing")
        }
        if opened.isOwned, FileState(path: path)?.identity != now.identity {
            throw TableIOError(.inputChanged, path: path, detail: "another file has the name now")
        }
    }
}

/// An open input file, closed with this object unless it is stdin.
private final class Opened: Sendable {
    let descriptor: Int32
    let isOwned: Bool
    let state: FileState
    /// Whether it is a regular file with bytes, to be read from its first one. A size of 0 does not say that a file is
    /// empty (those of /proc have none), so such a file is a stream.
    let isAtStartOfFile: Bool

    init(path: String) throws(TableIOError) {
        if path == "-" {
            descriptor = STDIN_FILENO
            isOwned = false
        } else {
            guard !path.isEmpty && !path.utf8.contains(0) else { throw TableIOError(.invalidPath, path: path) }
            let result = uninterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) }
            guard result >= 0 else { throw SystemError.error(errno, .cannotOpen, path: path) }
            descriptor = result
            isOwned = true
        }
        guard let state = FileState(descriptor: descriptor) else {
            throw SystemError.error(errno, .cannotOpen, path: path)
        }
        self.state = state
        isAtStartOfFile = state.shape == .regular && state.byteCount > 0 && lseek(descriptor, 0, SEEK_CUR) == 0
        guard state.shape != .folder else { throw TableIOError(.isFolder, path: path) }
        if state.shape == .regular { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
    }

    deinit {
        if isOwned { close(descriptor) }
    }
}
