import Glibc

/// A word to a thread that waits for a pipe: nobody wants the bytes any more.
final class Interruption: Sendable {
    private let reading: Int32
    private let writing: Int32

    /// - Throws: `cannotOpen` when the process has no descriptors left.
    init(path: String) throws(TableIOError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError.error(errno, .cannotOpen, path: path) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Ends all waits, now and later.
    func raise() {
        var byte: UInt8 = 0
        while write(writing, &byte, 1) < 0 && errno == EINTR {}
    }

    /// Waits until `descriptor` has bytes, has ended or has failed; false when interrupted.
    func wait(for descriptor: Int32) -> Bool {
        var waiting = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&waiting, 2, -1) < 0 && errno == EINTR {}
        return waiting[1].revents == 0
    }
}
