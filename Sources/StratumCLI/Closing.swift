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

    /// - Parameter tablesAreData: whether the tables are what was asked for and belong on standard output.
    func tell(_ result: RunResult, tablesAreData: Bool = false) throws {
        let summary = result.summary
        console.clearProgress()
        if let pyramid = result.pyramid {
            console.note("")
            console.note(String(pyramid.text(console.style).dropLast()))
            for note in result.tierNotes { console.note(TerminalText.escaped(note)) }
            console.note("")
            if let groups = result.tierGroups { console.note(groups.text(console.style)) }
        }
        let tables = tables(of: result)
        if tablesAreData, !json {
            try StandardOutput.write(tables.joined(separator: "\n"))
        } else {
            for table in tables { console.note(table) }
        }
        if let note = result.workListNote { console.note(TerminalText.escaped(note)) }
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

    /// What is to be read about segments, each table with its line end.
    private func tables(of result: RunResult) -> [String] {
        let style = console.style
        return result.classes.map { $0.text(style) }
            + [
                result.policies?.text(style),
                console.level == .verbose ? result.convergence?.text(style) : nil, result.segmentCounts?.text(style),
                result.segments?.text(style), result.segmentSizes?.text(style), result.segmentDrift?.text(style),
                result.tables?.text(style),
            ].compactMap(\.self)
    }

    /// How many rows were read and what became of them.
    static func rowLine(_ rows: RunSummary.RowCounts, seconds: Double) -> String {
        let rejected = rows.rejected == 0 ? "none rejected" : "\(groupedDigits(rows.rejected)) rejected"
        return "\(groupedDigits(rows.read)) rows read, \(rejected), in \(duration(seconds))."
    }
}
