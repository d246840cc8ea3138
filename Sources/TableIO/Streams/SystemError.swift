import Glibc

/// Turns an errno into an error: the kind where the code says more than "failed", and a text that no locale changes.
enum SystemError {
    /// The error for a failed system call on `path`.
    ///
    /// - Parameter kind: the kind when the code itself names no better one.
    static func error(_ code: Int32, _ kind: TableIOError.Kind, path: String, byteOffset: Int? = nil) -> TableIOError {
        let known: TableIOError.Kind? =
            switch code {
            case EACCES, EPERM, EROFS: .noPermission
            case EISDIR: .isFolder
            case EPIPE: .closedPipe
            case ENOSPC, EDQUOT: .noSpace
            case ENOENT, ENOTDIR: kind == .cannotOpen ? .missingFile : nil
            default: nil
            }
        // These codes say no more than the kind does.
        let isTold = [ENOENT, EACCES, EISDIR, EPIPE, ENOSPC].contains(code) && known != nil
        return TableIOError(known ?? kind, path: path, byteOffset: byteOffset, detail: isTold ? "" : text(code))
    }

    /// What `code` means, in English.
    static func text(_ code: Int32) -> String {
        switch code {
        case EPERM: "operation not permitted"
        case ENOENT: "no such file or directory"
        case EIO: "input/output error"
        case ENXIO: "no such device or address"
        case EBADF: "the descriptor is not open for this"
        case EAGAIN: "temporarily unavailable"
        case ENOMEM: "out of memory"
        case EACCES: "permission denied"
        case EBUSY: "in use"
        case EEXIST: "exists"
        case EXDEV: "on another file system"
        case ENODEV: "no such device"
        case ENOTDIR: "part of the path is not a folder"
        case EISDIR: "is a folder"
        case EINVAL: "invalid argument"
        case ENFILE: "too many open files in the system"
        case EMFILE: "too many open files in this process"
        case ETXTBSY: "a running program"
        case EFBIG: "over the allowed file size"
        case ENOSPC: "no space left on the device"
        case EDQUOT: "over the disk quota"
        case EROFS: "read-only file system"
        case EPIPE: "broken pipe"
        case ENAMETOOLONG: "name too long"
        case ELOOP: "too many links"
        case ESTALE: "stale file of a network file system"
        default: "system error \(code)"
        }
    }
}

/// Makes a system call again for as long as signals interrupt it.
func uninterrupted(_ call: () -> Int32) -> Int32 {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
