import Glibc
import TableIO

/// What the process does when it is asked to end: remove temporary files, leave with 128 + the signal's number.
enum Signals {
    /// Catches SIGINT, SIGTERM and SIGHUP, and lets a closed pipe show as an error of the write.
    ///
    /// A signal that the parent ignores (`nohup`, a job in the background of a script) stays ignored. One that is
    /// blocked is not left so: programs that start us from a worker thread hand down that thread's mask.
    static func install() {
        signal(SIGPIPE, SIG_IGN)
        var ending = sigset_t()
        sigemptyset(&ending)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var inherited = sigaction()
            sigaction(number, nil, &inherited)
            if inherited.__sigaction_handler.sa_handler == nil { signal(number, endBySignal) }
            sigaddset(&ending, number)
        }
        pthread_sigmask(SIG_UNBLOCK, &ending, nil)
    }
}

/// Removes the temporary files and ends the process; only calls that a signal handler may make.
private func endBySignal(_ number: Int32) {
    TemporaryFiles.unlinkAll()
    _exit(128 + number)
}
