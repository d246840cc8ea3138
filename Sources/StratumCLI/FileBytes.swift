import Foundation

/// The bytes of a small file or, for `-`, of standard input.
///
/// - Parameter limit: the largest size its reader takes; of a larger file `limit + 1` bytes are returned, enough for
///   the reader to refuse it.
/// - Throws: `CommandError` with status `io`.
func fileBytes(_ path: String, limit: Int) throws -> [UInt8] {
    let remedy = "check the path and who may read it"
    var descriptor = STDIN_FILENO
    if path != "-" {
        repeat { descriptor = open(path, O_RDONLY | O_CLOEXEC) } while descriptor < 0 && errno == EINTR
    }
    guard descriptor >= 0 else { throw CommandError.file(path, doing: "open", errorNumber: errno, remedy: remedy) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
        let count = read(descriptor, &piece, min(piece.count, limit + 1 - bytes.count))
        if count == 0 { break }
        if count > 0 {
            bytes += piece[..<count]
        } else if errno != EINTR {
            throw CommandError.file(path, doing: "read", errorNumber: errno, remedy: remedy)
        }
    }
    return bytes
}
