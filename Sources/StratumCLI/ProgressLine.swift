import Foundation

/// How far a run is, as one line of text; pure, so that a test can hold it to the letter.
struct ProgressLine: Equatable {
    /// The stage's name.
    var stage: String
    /// Rows read or written so far.
    var rowsDone: Int
    /// Bytes of input consumed so far.
    var bytesDone: Int
    /// Bytes of input in all, nil for a pipe.
    var bytesTotal: Int?
    /// Seconds since the run began.
    var seconds: Double

    /// Done, from 0 to 1; nil when the size of the input is not known.
    var fraction: Double? {
        guard let bytesTotal, bytesTotal > 0 else { return nil }
        return min(1, Double(bytesDone) / Double(bytesTotal))
    }

    /// The line without a bar, for logs.
    var plain: String {
        var parts = ["\(stage): \(groupedDigits(rowsDone)) rows"]
        if let fraction { parts.append("\(Int(fraction * 100)) %") }
        if seconds > 0, bytesDone > 0 {
            parts.append("\(Int((Double(bytesDone) / 1e6 / seconds).rounded())) MB/s")
            if let fraction, fraction > 0, fraction < 1 {
                parts.append("\(duration(seconds / fraction - seconds)) left")
            }
        }
        return parts.joined(separator: ", ")
    }

    /// The line with a bar, cut to `width` columns of a terminal.
    func bar(width: Int) -> String {
        guard let fraction else { return String(plain.prefix(max(0, width - 1))) }
        let barWidth = 24
        let filled = Int(fraction * Double(barWidth))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
        return String("\(bar) \(plain)".prefix(max(0, width - 1)))
    }
}

/// `1234567` as `1,234,567`, in every locale.
func groupedDigits(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text
}

/// Seconds as a person says them: `40 ms`, `0.8 s`, `42 s`, `3 min 05 s`, `2 h 10 min`.
func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "unknown" }
    if seconds < 0.0995 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 9.95 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
    return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
}
