import TableIO

extension CustomerReport {
    /// The report for a terminal: where the customer stands, a table of the indicators, and what would lift.
    public func text(_ style: TerminalStyle) -> String {
        [heading(style), table(style), liftText(style)].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Who it is and where the customer stands, a line each.
    private func heading(_ style: TerminalStyle) -> String {
        var place = tier.map { [$0] } ?? ["no tier"]
        place.append(score.map { "score \(text($0))" } ?? "no score")
        if let percentileRank, score != nil {
            place.append("above \(groupedText(percentileRank, decimals: 1)) % of the population")
        }
        var lines = ["\(id): \(place.joined(separator: ", "))"]
        if let group {
            let cutoffs = group.hasOwnCutoffs ? "which has cut-offs of its own" : "with the cut-offs of all customers"
            lines.append("\(group.column): \(group.name ?? "none"), \(cutoffs)")
        }
        if let segment { lines.append("segment: \(segment)") }
        if !flags.isEmpty { lines.append("flags: \(flags.joined(separator: " "))") }
        return lines.map { TerminalText.escaped($0) + "\n" }.joined()
    }

    private func table(_ style: TerminalStyle) -> String {
        var columns: [(title: String, alignment: Alignment)] = [
            ("indicator", .left), ("value", .right), ("of 100", .right), ("weight", .right),
        ]
        if isAdditive { columns += [("points", .right), ("mean", .right), ("apart", .right)] }
        var table = TextTable(columns: columns)
        func append(
            _ name: String, _ value: String, _ score: Double?, _ weight: Double, _ comparison: Comparison?
        ) {
            var row = [
                name, value, score.map { groupedText($0, decimals: 1) } ?? "", groupedText(100 * weight, decimals: 1),
            ]
            if isAdditive {
                row += [
                    comparison.map { groupedText($0.points, decimals: 2) } ?? "",
                    comparison?.mean.map { groupedText($0, decimals: 2) } ?? "",
                    comparison?.difference.map { Self.signed($0, decimals: 2) } ?? "",
                ]
            }
            table.append(row)
        }
        for dimension in dimensions {
            append(dimension.name, "", dimension.score, dimension.weight, dimension.contribution)
            for indicator in dimension.indicators {
                append(
                    "  " + indicator.name, indicator.valueText, indicator.normalized, indicator.weight,
                    indicator.contribution)
            }
        }
        append("score", "", score, dimensions.reduce(0) { $0 + $1.weight }, contribution)
        let note = isAdditive ? "" : "This score is no sum: no indicator has points of its own in it.\n"
        return table.text(style) + note
    }

    /// What the next tier lacks, and what would bring the customer there.
    private func liftText(_ style: TerminalStyle) -> String {
        guard let nextTier else { return "" }
        // Scores have the plan's decimals, and the figures of a column as many as they have.
        let isScore = rankedBy == "score"
        let unit = isScore ? "points of the score" : "of \(rankedBy)"
        func figure(_ value: Double) -> String { isScore ? text(value) : significantText(value, digits: 10) }
        let lacks = "\(figure(nextTier.distance)) \(unit) lack to \(nextTier.name), from \(figure(nextTier.bound))"
        let lifts = indicators.filter { $0.lift != nil }
        guard !lifts.isEmpty else { return TerminalText.escaped(lacks) + ".\n" }
        var table = TextTable(columns: [("by this alone", .left), ("now", .right), ("needed", .left)])
        for indicator in lifts {
            let needed =
                switch indicator.lift {
                case .value(let value)?: significantText(value, digits: 10)
                case .word(let word, _)?: word
                default: "not by this indicator alone"
                }
            table.append([indicator.name, indicator.valueText, needed])
        }
        return TerminalText.escaped(lacks) + ":\n" + table.text(style)
    }

    private func text(_ value: Double) -> String { groupedText(value, decimals: decimals) }

    private static func signed(_ value: Double, decimals: Int) -> String {
        let text = groupedText(value, decimals: decimals)
        return value > 0 ? "+" + text : text
    }
}

extension CustomerReport.Indicator {
    /// The value as it is shown.
    fileprivate var valueText: String { word ?? value.map { significantText($0, digits: 10) } ?? "missing" }
}
