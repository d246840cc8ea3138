import Foundation
import Reports
import Synchronization
import TableIO

/// Standard error: notes, warnings and the progress line.
final class Console: Sendable {
    /// How much is said.
    enum Level: Int, Sendable { case quiet, normal, verbose }

    let level: Level
    /// Whether standard error is a terminal that can redraw a line.
    let isTerminal: Bool
    /// Whether colors may be used.
    let hasColor: Bool
    /// Columns of the terminal.
    let width: Int

    /// What drawings may use.
    var style: TerminalStyle { TerminalStyle(width: width, usesColor: hasColor) }

    private struct ProgressState {
        var lastShown: Double
        var lineIsDrawn = false
    }

    private let start = ContinuousClock.now
    private let progress = Mutex(ProgressState(lastShown: 0))

    convenience init(_ options: WorkOptions) {
        self.init(level: options.quiet ? .quiet : options.verbose ? .verbose : .normal, color: options.color)
    }

    init(level: Level, color: ColorChoice, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.level = level
        isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        switch color {
        case .always: hasColor = true
        case .never: hasColor = false
        case .auto: hasColor = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
        }
        width = Console.terminalWidth()
    }

    /// Seconds since the console was made, which is when the verb began.
    var seconds: Double {
        let elapsed = start.duration(to: .now).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    /// Says a line unless quiet.
    func note(_ text: String) { if level != .quiet { write(text + "\n") } }

    /// Says a line when asked to say more.
    func detail(_ text: String) { if level == .verbose { write(text + "\n") } }

    /// Says a warning unless quiet.
    func warn(_ text: String) { note("stratum: warning: \(TerminalText.escaped(text))") }

    /// Redraws the progress line on a terminal ten times a second, says a line once a minute elsewhere.
    func show(stage: String, rowsDone: Int, bytesDone: Int, bytesTotal: Int?) {
        let line = ProgressLine(
            stage: stage, rowsDone: rowsDone, bytesDone: bytesDone, bytesTotal: bytesTotal, seconds: seconds)
        show(bar: line.bar(width: width), plain: line.plain)
    }

    /// The same for a line that is ready: how it looks on a terminal, and elsewhere.
    func show(bar: String, plain: String) {
        guard level != .quiet else { return }
        let now = seconds
        progress.withLock { state in
            // Nothing in the first half second: short runs stay silent.
            guard now >= (isTerminal ? 0.5 : 60), now - state.lastShown >= (isTerminal ? 0.1 : 60) else { return }
            state.lastShown = now
            if isTerminal {
                state.lineIsDrawn = true
                StandardError.write("\r\u{1b}[K" + bar)
            } else {
                StandardError.write(plain + "\n")
            }
        }
    }

    private func write(_ text: String) {
        progress.withLock { state in
            StandardError.write((state.lineIsDrawn ? "\r\u{1b}[K" : "") + text)
            state.lineIsDrawn = false
        }
    }

    /// Takes the progress line off the terminal.
    func clearProgress() { write("") }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
