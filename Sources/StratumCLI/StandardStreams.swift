import Foundation

/// The reader of standard output went away.
struct ClosedPipe: Error {}

/// Standard output; a closed pipe is an error that ends the process in silence.
enum StandardOutput {
    static func write(_ text: String) throws { try write(Array(text.utf8)) }

    static func write(_ bytes: [UInt8]) throws {
        guard let errorNumber = writeAll(bytes, to: STDOUT_FILENO) else { return }
        if errorNumber == EPIPE { throw ClosedPipe() }
        throw CommandError.file(
            "standard output", doing: "write", errorNumber: errorNumber, remedy: "write to a file with -o")
    }
}

/// Standard error; when it cannot be written there is nobody to tell.
enum StandardError {
    static func write(_ text: String) { _ = writeAll(Array(text.utf8), to: STDERR_FILENO) }
}

/// Writes all bytes; returns the system's error number when it failed.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 {
            if errno == EINTR { continue }
            return errno
        }
        rest = rest.dropFirst(count)
    }
    return nil
}
