extension OrderedRules {
    /// A box as a region: a point of it, and what it holds in words.
    func region(_ box: CellBox) -> RuleCoverage.Region {
        let cells = box.firstCells
        let example = lines.indices.map { lines[$0].example(ofCell: cells[$0]) ?? .nan }
        var ranges: [String] = []
        var values: [String] = []
        for (column, line) in lines.enumerated() {
            let taken = (0..<line.cellCount).filter { box.contains($0, ofColumn: column) }
            guard taken.count < line.possible.count(where: { $0 }) else { continue }
            ranges.append("\(line.column.name) \(line.words(for: taken))")
            values.append("\(line.column.name) \(line.words(forExample: example[column]))")
        }
        return RuleCoverage.Region(
            example: example, exampleText: values.isEmpty ? "any customer" : values.joined(separator: ", "),
            text: ranges.isEmpty ? "any customer" : ranges.joined(separator: " and "))
    }

    /// A number as a person writes it.
    static func text(_ value: Double) -> String {
        Int64(exactly: value).map { abs(value) < 1e15 ? "\($0)" : nil }.flatMap(\.self) ?? "\(value)"
    }
}

extension CellLine {
    fileprivate func words(forExample value: Double) -> String {
        if value.isNaN { return "missing" }
        guard let names = column.names, let place = Int(exactly: value) else { return OrderedRules.text(value) }
        return names.title(place)
    }

    /// Names as a list; where few are left out, those.
    private func words(for cells: [Int], _ names: RuleNames) -> String {
        func list(_ places: [Int]) -> String {
            places.map(names.title).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                .joined(separator: " or ")
        }
        let left = Set(0..<names.count).subtracting(cells.map { $0 - 1 }).sorted()
        return left.isEmpty || cells.count <= max(4, left.count)
            ? list(cells.map { $0 - 1 }) : "other than \(list(left))"
    }

    /// Rising cells in words, such as "above 90 to 365 or missing"; impossible cells between two others join them.
    func words(for cells: [Int]) -> String {
        if let names = column.names { return words(for: cells, names) }
        let known = Set(cells)
        var parts: [String] = []
        var cell = 1
        while cell < cellCount {
            guard known.contains(cell) else {
                cell += 1
                continue
            }
            var last = cell
            var next = cell + 1
            while next < cellCount, known.contains(next) || !possible[next] {
                if known.contains(next) { last = next }
                next += 1
            }
            parts.append(words(from: cell, through: last))
            cell = next
        }
        if known.contains(0) { parts.append("missing") }
        return parts.joined(separator: " or ")
    }

    private func words(from first: Int, through last: Int) -> String {
        let low = cuts[first - 1]
        let high = last < cuts.count ? cuts[last] : nil
        if let high, !low.isBehind, high.isBehind, low.value == high.value { return OrderedRules.text(low.value) }
        var words: [String] = []
        // An end that no value of the column can pass needs no words.
        let hasLow = possible[1..<first].contains(true)
        let hasHigh = possible[(last + 1)...].contains(true)
        if hasLow { words.append("\(low.isBehind ? "above" : "from") \(OrderedRules.text(low.value))") }
        if let high, hasHigh { words.append("\(high.isBehind ? "up to" : "below") \(OrderedRules.text(high.value))") }
        return words.isEmpty ? "known" : words.joined(separator: " ")
    }
}
