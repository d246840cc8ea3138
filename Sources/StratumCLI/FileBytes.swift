import Foundation

/// The bytes of a small file or, for `-`, of standard input.
///
/// - Parameter limit: the largest size its reader takes; of a larger file `limit + 1` bytes are returned, enough for
///   the reader to refuse it.
/// - Throws: `CommandError` with status `io`.
func fileBytes(_ path: String, limit: Int) throws -> [UInt8] {
    let remedy = "check the path and who may read it"
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CommandError.file(path, doing: "open", errorNumber: errno, remedy: remedy) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: path != "-")
    var bytes: [UInt8] = []
    do {
        while bytes.count <= limit, let part = try handle.read(upToCount: limit + 1 - bytes.count), !part.isEmpty {
            bytes += part
        }
    } catch {
        let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        throw CommandError.file(path, doing: "read", errorNumber: Int32(system?.code ?? Int(EIO)), remedy: remedy)
    }
    return bytes
}
