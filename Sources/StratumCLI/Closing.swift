import Reports
import Stratum
import TableIO

/// The last words of a verb: the pyramid, what was read and written, and what the user should know.
struct Closing {
    let console: Console
    let json: Bool

    init(_ console: Console, json: Bool) {
        self.console = console
        self.json = json
    }

    func tell(_ result: RunResult) throws {
        let summary = result.summary
        console.clearProgress()
        if let pyramid = result.pyramid {
            console.note("")
            console.note(String(pyramid.text(console.style).dropLast()))
            console.note("")
        }
        if let segments = result.segments { console.note(String(segments.text(console.style).dropLast()) + "\n") }
        for warning in summary.warnings { console.warn(warning) }
        console.note(Self.rowLine(summary.rows, seconds: console.seconds))
        for reason in summary.rows.rejectReasons {
            console.note("  \(groupedDigits(reason.count)) \(TerminalText.escaped(reason.name))")
        }
        for reject in result.firstRejects { console.note("  \(TerminalText.escaped(reject))") }
        for output in summary.outputs where output.path != "-" {
            let path = TerminalText.escaped(output.path)
            let digest = output.sha256.map { ", sha256:" + $0 } ?? ""
            console.detail("  \(path): \(groupedDigits(output.byteCount)) bytes, \(output.checksum)\(digest)")
        }
        for stage in summary.stages { console.detail("  \(stage.name): \(duration(stage.seconds))") }
        if json { try StandardOutput.write(summary.jsonFile) }
    }

    /// How many rows were read and what became of them.
    static func rowLine(_ rows: RunSummary.RowCounts, seconds: Double) -> String {
        let rejected = rows.rejected == 0 ? "none rejected" : "\(groupedDigits(rows.rejected)) rejected"
        return "\(groupedDigits(rows.read)) rows read, \(rejected), in \(duration(seconds))."
    }
}
