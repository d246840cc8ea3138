extension BenchmarkReport {
    /// The machine, what all cells have in common, and a table with a row for each cell.
    ///
    /// Choices that are the same in all cells stand above the table, the others are its first columns.
    public func text(_ style: TerminalStyle) -> String {
        let varying = BenchmarkCell.Key.varying(cells.map(\.key))
        let hasSilhouette = cells.contains { $0.silhouette != nil }
        var titles: [(title: String, alignment: Alignment)] = varying.map { ($0.title, $0.alignment) }
        if titles.isEmpty { titles = [("k", .right)] }
        titles += ["time", "spread", "seeding", "iteration", "iterations", "skipped"].map { ($0, .right) }
        titles += ["M rows/s", "GB/s", "of read", "inertia"].map { ($0, .right) }
        if hasSilhouette { titles.append(("silhouette", .right)) }
        var table = TextTable(columns: titles)
        for cell in cells {
            var row = (varying.isEmpty ? [.clusterCount] : varying).map { $0.text(cell.key) }
            row += cell.figures(style)
            if hasSilhouette { row.append(cell.silhouette.map { groupedText($0, decimals: 3) } ?? "") }
            table.append(row)
        }
        return (machine.lines(engineVersion) + [commonLine(varying)]).map { $0 + "\n" }.joined()
            + "\n" + table.text(style, leadingCount: max(1, varying.count))
    }

    private func commonLine(_ varying: [BenchmarkCell.Key.Part]) -> String {
        var parts: [String] = []
        if let key = cells.first?.key {
            let rows = varying.contains(.rowCount) ? "rows" : groupedText(key.rowCount)
            parts.append("\(rows) x \(settings.columnCount), \(settings.dataName)")
            for part in BenchmarkCell.Key.Part.allCases where part != .rowCount && !varying.contains(part) {
                parts.append(part.phrase(key))
            }
        }
        parts.append("tolerance \(shortestText(settings.tolerance))")
        parts.append(
            settings.repeatCount == 1 ? "one run of each" : "medians of \(settings.repeatCount) runs of each in turn")
        return parts.joined(separator: "; ")
    }
}

extension BenchmarkCell {
    fileprivate func figures(_ style: TerminalStyle) -> [String] {
        let total = self.total
        return [
            secondsText(total.median), total.spreadText(style), seeding.map { secondsText($0.median) } ?? "given",
            secondsText(iteration.median), groupedText(iterationCount) + (converged ? "" : "+"),
            percentText(skippedShare), significantText(rowsPerSecond / 1e6, digits: 3),
            significantText(rate, digits: 3), groupedText(100 * rate / readRate, decimals: 0) + " %",
            significantText(inertia, digits: 7),
        ]
    }
}

extension BenchmarkTimes {
    /// How far the fastest and the slowest run lie from the median.
    func spreadText(_ style: TerminalStyle) -> String {
        guard runs.count > 1 else { return "" }
        let (low, high) = (100 * (1 - minimum / median), 100 * (maximum / median - 1))
        let minus = style.asciiOnly ? "-" : "−"
        return "\(minus)\(groupedText(low, decimals: 0)) +\(groupedText(high, decimals: 0)) %"
    }
}

extension BenchmarkCell.Key {
    /// The choices, in the order they are shown.
    enum Part: CaseIterable {
        case rowCount, clusterCount, seeding, algorithm, threadCount

        var title: String {
            switch self {
            case .rowCount: "rows"
            case .clusterCount: "k"
            case .seeding: "start"
            case .algorithm: "algorithm"
            case .threadCount: "threads"
            }
        }

        var alignment: Alignment {
            switch self {
            case .seeding, .algorithm: .left
            case .rowCount, .clusterCount, .threadCount: .right
            }
        }

        func text(_ key: BenchmarkCell.Key) -> String {
            switch self {
            case .rowCount: groupedText(key.rowCount)
            case .clusterCount: groupedText(key.clusterCount)
            case .seeding: key.seeding
            case .algorithm: key.algorithm
            case .threadCount: groupedText(key.threadCount)
            }
        }

        /// The choice in a line of choices.
        func phrase(_ key: BenchmarkCell.Key) -> String {
            switch self {
            case .rowCount: "\(text(key)) rows"
            case .clusterCount: "k \(text(key))"
            case .seeding: "start \(text(key))"
            case .algorithm: text(key)
            case .threadCount: key.threadCount == 1 ? "1 thread" : "\(text(key)) threads"
            }
        }
    }

    /// The choices that are not the same in all `keys`.
    static func varying(_ keys: [Self]) -> [Part] {
        Part.allCases.filter { part in Set(keys.map { part.text($0) }).count > 1 }
    }

    /// All choices in a line, for messages.
    public var phrase: String { Part.allCases.map { $0.phrase(self) }.joined(separator: ", ") }
}

extension BenchmarkMachine {
    fileprivate func lines(_ engineVersion: String) -> [String] {
        let cores = coreCount == 1 ? "1 core" : "\(coreCount) cores"
        let parts = [processor, cores] + caches.map { "\($0.name) \(byteText($0.byteCount))" }
        return [
            (parts + ["\(byteText(memoryByteCount)) of memory", "\(vectorBitCount)-bit vectors"])
                .joined(separator: ", "),
            ([system, "stratum \(engineVersion)"] + libraries.map { "\($0.name) \($0.version)" })
                .joined(separator: ", "),
        ]
    }
}

/// Seconds to three digits in the unit that suits them: `412 µs`, `12.3 ms`, `1.05 s`.
func secondsText(_ seconds: Double) -> String {
    // Where three digits would round up to the next unit, that unit is used.
    if seconds < 0.9995e-3 { return significantText(seconds * 1e6, digits: 3) + " µs" }
    if seconds < 0.9995 { return significantText(seconds * 1e3, digits: 3) + " ms" }
    return significantText(seconds, digits: 3) + " s"
}

/// A size in powers of 1,024: `48 KiB`, `2 MiB`, `23.4 GiB`.
func byteText(_ count: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(count)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
        value /= 1024
        unit += 1
    }
    return "\(significantText(value, digits: 3)) \(units[unit])"
}
