import Glibc

/// Which file a name leads to, whatever the name: device and inode.
public struct FileIdentity: Hashable, Sendable {
    /// The device that holds the file.
    public let device: UInt64
    /// The file's number on that device.
    public let inode: UInt64
}

/// What `fstat` says of a file, as far as it is used here.
struct FileState: Equatable, Sendable {
    enum Shape: Sendable { case regular, folder, other }

    let identity: FileIdentity
    let shape: Shape
    let byteCount: Int
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int
    /// Permission bits, 0o0...0o7777.
    let mode: mode_t
    let owner: uid_t
    let group: gid_t

    init(_ status: stat) {
        identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        switch status.st_mode & S_IFMT {
        case S_IFREG: shape = .regular
        case S_IFDIR: shape = .folder
        default: shape = .other
        }
        byteCount = Int(status.st_size)
        modifiedSeconds = Int(status.st_mtim.tv_sec)
        modifiedNanoseconds = Int(status.st_mtim.tv_nsec)
        mode = status.st_mode & 0o7777
        owner = status.st_uid
        group = status.st_gid
    }

    /// The state of an open file, or nil when the descriptor is not open.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The state of the file that `path` leads to, links followed, or nil when there is none.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Whether both are the same file with the same size and time of last writing.
    func sameContent(as other: FileState) -> Bool {
        identity == other.identity && byteCount == other.byteCount && modifiedSeconds == other.modifiedSeconds
            && modifiedNanoseconds == other.modifiedNanoseconds
    }
}
