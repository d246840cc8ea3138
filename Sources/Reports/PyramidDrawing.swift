import TableIO

/// The layout of a pyramid in a terminal of a given width.
struct PyramidDrawing {
    private let pyramid: Pyramid
    private let style: TerminalStyle
    private let nameWidth: Int
    private let columns: [FigureColumn]
    /// Columns of the drawing itself, odd so that one cell is the middle; 0 when there is no room.
    private let barWidth: Int

    /// Narrower than this, layers of 4 % and 15 % look the same.
    private static let leastBarWidth = 21
    private static let greatestBarWidth = 61
    /// From the top tier's gold over greens and blues to the base's gray, of the 256-color palette.
    private static let palette = [220, 78, 38, 68, 61, 243]
    private static let unrankedColor = 240

    init(_ pyramid: Pyramid, style: TerminalStyle) {
        self.pyramid = pyramid
        self.style = style
        let names = pyramid.layers.map { TerminalText.escaped($0.name) } + ["all"]
        let nameWidth = min(names.map(displayWidth).max() ?? 0, style.width / 4)
        var columns = FigureColumn.all(of: pyramid, style: style)
        func room() -> Int {
            style.width - 4 - nameWidth - columns.reduce(0) { $0 + 2 + $1.width }
        }
        for dropped in FigureColumn.Kind.droppedFirst where room() < Self.leastBarWidth {
            columns.removeAll { $0.kind == dropped }
        }
        let available = min(Self.greatestBarWidth, room())
        barWidth = available < 5 ? 0 : available - (available.isMultiple(of: 2) ? 1 : 0)
        self.nameWidth = nameWidth
        self.columns = columns
    }

    var text: String {
        var lines = [style.faint(line(name: "", bar: "", figures: columns.map { $0.title }))]
        let ranked = pyramid.layers.indices.filter { pyramid.layers[$0].isRanked }
        let unranked = pyramid.layers.indices.filter { !pyramid.layers[$0].isRanked }
        for (place, layer) in ranked.enumerated() {
            lines += layerLines(layer, color: color(place: place, of: ranked.count))
        }
        lines.append(ruler)
        for layer in unranked { lines += layerLines(layer, color: Self.unrankedColor) }
        lines.append(line(name: style.bold(padded("all")), bar: "", figures: columns.map { $0.total }))
        return lines.map { trimmed($0) + "\n" }.joined()
    }

    /// The colors of few tiers are spread over the palette; tiers past its end share the last.
    private func color(place: Int, of count: Int) -> Int {
        let last = Self.palette.count - 1
        let index = count <= 1 ? 0 : count > last ? min(place, last) : place * last / (count - 1)
        return Self.palette[index]
    }

    private var ruler: String {
        let mark = style.asciiOnly ? "-" : "─"
        return style.faint(
            line(
                name: padded(""), bar: String(repeating: mark, count: barWidth),
                figures: columns.map { String(repeating: mark, count: $0.width) }))
    }

    /// The line with the figures and, where half blocks can be drawn, the lower edge of the layer.
    private func layerLines(_ layer: Int, color: Int) -> [String] {
        let (upper, lower) = bars(customerCount: pyramid.layers[layer].customerCount)
        let name = style.bold(padded(TerminalText.escaped(pyramid.layers[layer].name)))
        var lines = [line(name: name, bar: style.colored(upper, color), figures: columns.map { $0.cells[layer] })]
        if !style.asciiOnly, barWidth > 0 {
            lines.append(line(name: padded(""), bar: style.colored(lower, color), figures: []))
        }
        return lines
    }

    /// A layer's two rows of blocks, centered; an even width stands on half blocks at both ends.
    private func bars(customerCount: Int) -> (upper: String, lower: String) {
        let largest = pyramid.layers.map(\.customerCount).max() ?? 0
        guard customerCount > 0, barWidth > 0 else { return ("", "") }
        let exact = Double(customerCount) / Double(largest) * Double(barWidth)
        let cells = max(1, Int(exact.rounded()))
        let middle = String(repeating: " ", count: barWidth / 2)
        if style.asciiOnly {
            let odd = cells - (cells.isMultiple(of: 2) ? 1 : 0)
            return (String(repeating: " ", count: (barWidth - odd) / 2) + String(repeating: "#", count: odd), "")
        }
        if exact < 0.5 { return (middle + "┃", middle + "╹") }
        if cells.isMultiple(of: 2) {
            let pad = String(repeating: " ", count: (barWidth - cells - 1) / 2)
            return (
                pad + "▐" + String(repeating: "█", count: cells - 1) + "▌",
                pad + "▝" + String(repeating: "▀", count: cells - 1) + "▘"
            )
        }
        let pad = String(repeating: " ", count: (barWidth - cells) / 2)
        return (pad + String(repeating: "█", count: cells), pad + String(repeating: "▀", count: cells))
    }

    private func padded(_ name: String) -> String {
        fitted(name, width: nameWidth, alignment: .left, asciiOnly: style.asciiOnly)
    }

    private func line(name: String, bar: String, figures: [String]) -> String {
        var line = "  " + (name.isEmpty ? padded("") : name)
        if barWidth > 0 {
            line += "  " + bar + String(repeating: " ", count: max(0, barWidth - visibleWidth(bar)))
        }
        for (column, figure) in zip(columns, figures) {
            line += "  " + fitted(figure, width: column.width, alignment: column.alignment, asciiOnly: style.asciiOnly)
        }
        return line
    }

    /// The width of a text that may hold color sequences.
    private func visibleWidth(_ text: String) -> Int {
        var isInSequence = false
        return text.unicodeScalars.reduce(0) { width, scalar in
            if scalar == "\u{1B}" { isInSequence = true }
            defer { if isInSequence, scalar == "m" { isInSequence = false } }
            return isInSequence ? width : width + displayWidth(String(scalar))
        }
    }

    private func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }
}
