/// Results beside earlier ones, cell by cell: what became slower, faster, came or went.
public struct BenchmarkComparison: Equatable, Sendable {
    /// What became of a cell.
    public enum Verdict: String, Sendable {
        /// It takes longer by more than the limit.
        case slower
        /// It takes less by more than the limit.
        case faster
        /// It takes as long, within the limit.
        case same
        /// The earlier results do not have it.
        case new
        /// Only the earlier results have it.
        case missing
    }

    /// A cell in both results, or in one of them.
    public struct Line: Equatable, Sendable {
        /// The choices.
        public let key: BenchmarkCell.Key
        /// Seconds of seeding and fit in the earlier results.
        public let before: BenchmarkTimes?
        /// Seconds of seeding and fit now.
        public let now: BenchmarkTimes?
        /// What became of it.
        public let verdict: Verdict

        /// The change of the median as a share of the earlier one, above 0 for slower; nil if there is only one.
        public var change: Double? {
            guard let before, let now else { return nil }
            return now.median / before.median - 1
        }
    }

    /// The cells of the grid in its order, then those that only the earlier results have.
    public let lines: [Line]
    /// What makes the comparison say less: another machine, other rows, other answers.
    public let warnings: [String]
    /// The share by which a median may rise.
    public let limit: Double

    /// Compares medians of seeding and fit together.
    ///
    /// - Parameter limit: the share by which a median may rise, 0 or more; 0.1 is 10 %.
    public init(_ report: BenchmarkReport, baseline: BenchmarkReport, limit: Double) {
        precondition(limit >= 0, "limit \(limit) is below 0")
        self.limit = limit
        var earlier: [BenchmarkCell.Key: BenchmarkCell] = [:]
        for cell in baseline.cells { earlier[cell.key] = cell }
        var lines: [Line] = []
        var warnings = report.machine.differences(from: baseline.machine)
        for cell in report.cells {
            guard let before = earlier.removeValue(forKey: cell.key) else {
                lines.append(Line(key: cell.key, before: nil, now: cell.total, verdict: .new))
                continue
            }
            let ratio = cell.total.median / before.total.median
            let verdict: Verdict = ratio > 1 + limit ? .slower : ratio < 1 / (1 + limit) ? .faster : .same
            lines.append(Line(key: cell.key, before: before.total, now: cell.total, verdict: verdict))
            if let warning = Self.warning(cell, before) { warnings.append(warning) }
        }
        // By the order of the file, since that of a dictionary changes.
        for cell in baseline.cells where earlier.removeValue(forKey: cell.key) != nil {
            lines.append(Line(key: cell.key, before: cell.total, now: nil, verdict: .missing))
        }
        self.lines = lines
        self.warnings = warnings
    }

    /// The cells that take longer by more than the limit.
    public var slower: [Line] { lines.filter { $0.verdict == .slower } }

    /// Whether any cell is in both results.
    public var hasCommonCells: Bool { lines.contains { $0.before != nil && $0.now != nil } }

    private static func warning(_ cell: BenchmarkCell, _ before: BenchmarkCell) -> String? {
        if cell.dataChecksum != before.dataChecksum {
            return "\(cell.key.phrase): the rows are not those of the earlier results"
        }
        guard cell.inertia != before.inertia else { return nil }
        return "\(cell.key.phrase): inertia \(shortestText(cell.inertia)), was \(shortestText(before.inertia))"
    }
}

extension BenchmarkMachine {
    /// What differs from the machine of earlier results as far as it decides times, in one sentence or none.
    fileprivate func differences(from other: BenchmarkMachine) -> [String] {
        var differences: [String] = []
        func compare(_ mine: String, _ theirs: String) {
            if mine != theirs { differences.append("\(mine), not \(theirs)") }
        }
        compare(processor, other.processor)
        compare("\(coreCount) cores", "\(other.coreCount) cores")
        compare("\(vectorBitCount)-bit vectors", "\(other.vectorBitCount)-bit vectors")
        compare(cacheText, other.cacheText)
        return differences.isEmpty
            ? [] : ["the earlier results are of another machine: " + differences.joined(separator: "; ")]
    }

    private var cacheText: String {
        caches.map { "\($0.name) \(byteText($0.byteCount))" }.joined(separator: ", ")
    }
}

extension BenchmarkComparison {
    /// One line that says how it came out, then a table: earlier and present medians, the change and the verdict.
    public func text(_ style: TerminalStyle) -> String {
        let shown = BenchmarkCell.Key.varying(lines.map(\.key))
        let parts = shown.isEmpty ? [.clusterCount] : shown
        var table = TextTable(
            columns: parts.map { ($0.title, $0.alignment) }
                + [("before", .right), ("now", .right), ("change", .right), ("", .left)])
        for line in lines {
            table.append(
                parts.map { $0.text(line.key) }
                    + [
                        line.before.map { secondsText($0.median) } ?? "",
                        line.now.map { secondsText($0.median) } ?? "",
                        line.change.map { Self.changeText($0, style) } ?? "", line.verdict.rawValue,
                    ])
        }
        return headline + "\n\n" + table.text(style, leadingCount: parts.count)
    }

    /// How many cells are slower by more than the limit, and how many have no partner.
    private var headline: String {
        let common = lines.count { $0.change != nil }
        var text = "\(slower.count) of \(common) \(common == 1 ? "cell" : "cells") slower by more than "
        text += percentText(limit)
        for (verdict, words) in [(Verdict.new, "only now"), (.missing, "only before")] {
            let count = lines.count { $0.verdict == verdict }
            if count > 0 { text += "; \(count) \(words)" }
        }
        return text
    }

    /// The same figures for a file of results.
    public var json: JSONValue {
        [
            "limit": .number(limit), "slower": .integer(slower.count),
            "warnings": .list(warnings.map { .text($0) }),
            "cells": .list(
                lines.map { line in
                    [
                        "rows": .integer(line.key.rowCount), "k": .integer(line.key.clusterCount),
                        "seeding": .text(line.key.seeding), "algorithm": .text(line.key.algorithm),
                        "threads": .integer(line.key.threadCount), "before": .optional(line.before?.median),
                        "now": .optional(line.now?.median), "change": .optional(line.change),
                        "verdict": .text(line.verdict.rawValue),
                    ]
                }),
        ]
    }

    /// A cell that became slower, in a sentence.
    public static func sentence(_ line: Line) -> String {
        let (before, now) = (line.before?.median ?? 0, line.now?.median ?? 0)
        return "\(line.key.phrase): \(secondsText(now)), was \(secondsText(before))"
            + (line.change.map { " (+\(percentText($0)))" } ?? "")
    }

    private static func changeText(_ change: Double, _ style: TerminalStyle) -> String {
        let sign = change < 0 ? (style.asciiOnly ? "-" : "−") : "+"
        return "\(sign)\(groupedText(abs(100 * change), decimals: 1)) %"
    }
}
