import Glibc
import TableIO

/// What the process does when it is asked to end: remove temporary files, leave with 128 + the signal's number.
enum Signals {
    /// Catches SIGINT, SIGTERM and SIGHUP, and lets a closed pipe show as EPIPE at the write.
    ///
    /// A signal that the parent had ignored (`nohup`) stays ignored.
    static func install() {
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var previous = sigaction()
            sigaction(number, nil, &previous)
            if previous.__sigaction_handler.sa_handler == nil { _ = signal(number, endBySignal) }
        }
    }
}

/// Removes the temporary files and ends the process; only calls that a signal handler may make.
private func endBySignal(_ number: Int32) {
    TemporaryFiles.unlinkAll()
    _exit(128 + number)
}
