import Reports
import Stratum

/// How far a grid of runs is, as one line of text.
struct BenchProgressLine: Equatable {
    var progress: BenchmarkProgress
    /// Seconds since the verb began.
    var seconds: Double

    /// The line without a bar, for logs.
    var plain: String {
        var text = "run \(progress.runsDone + 1) of \(progress.runCount): \(progress.cell.phrase)"
        if progress.runsDone > 0 {
            let left = seconds / Double(progress.runsDone) * Double(progress.runCount - progress.runsDone)
            text += ", \(duration(left)) left"
        }
        return text
    }

    /// The line with a bar, cut to `width` columns of a terminal.
    func bar(width: Int) -> String {
        let barWidth = 24
        let filled = progress.runsDone * barWidth / max(1, progress.runCount)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
        return String("\(bar) \(plain)".prefix(max(0, width - 1)))
    }
}
