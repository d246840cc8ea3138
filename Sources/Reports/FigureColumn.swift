import TableIO

/// One column of figures beside a pyramid: its title, a cell for each layer and the total.
struct FigureColumn {
    /// What the column says.
    enum Kind {
        case customers, shareOfCustomers, value, shareOfValue, valueBar, cutOff

        /// The order in which a narrow terminal loses them.
        static let droppedFirst: [Kind] = [.valueBar, .value, .cutOff, .customers, .shareOfValue]
    }

    let kind: Kind
    let title: String
    let cells: [String]
    let total: String
    let alignment: Alignment
    let width: Int

    private init(_ kind: Kind, _ title: String, _ cells: [String], total: String, alignment: Alignment = .right) {
        self.kind = kind
        self.title = title
        self.cells = cells
        self.total = total
        self.alignment = alignment
        width = ([title, total] + cells).map(displayWidth).max() ?? 0
    }

    /// The columns that a pyramid has figures for, in the order they are shown.
    static func all(of pyramid: Pyramid, style: TerminalStyle) -> [FigureColumn] {
        let layers = pyramid.layers
        let customers = pyramid.customerCount
        var columns = [
            FigureColumn(
                .customers, "customers", layers.map { groupedText($0.customerCount) }, total: groupedText(customers)),
            FigureColumn(
                .shareOfCustomers, "share",
                layers.map { percentText(Double($0.customerCount) / Double(max(1, customers))) },
                total: percentText(customers == 0 ? 0 : 1)),
        ]
        if let value = pyramid.value {
            let decimals = abs(value) < 100_000 ? 2 : 0
            columns.append(
                FigureColumn(
                    .value, title(pyramid.valueTitle, style),
                    layers.map { $0.value.map { groupedText($0, decimals: decimals) } ?? "" },
                    total: groupedText(value, decimals: decimals)))
            // Shares of a total that is not positive say nothing.
            if value > 0 {
                let shares = layers.map { ($0.value ?? 0) / value }
                columns.append(
                    FigureColumn(.shareOfValue, "of value", shares.map(percentText), total: percentText(1)))
                columns.append(
                    FigureColumn(
                        .valueBar, "",
                        shares.map { bar($0 / max(shares.max() ?? 1, .leastNormalMagnitude), style: style) },
                        total: "", alignment: .left))
            }
        }
        if layers.contains(where: { $0.cutOff != nil }) {
            let atLeast = style.asciiOnly ? ">=" : "≥"
            columns.append(
                FigureColumn(
                    .cutOff, title(pyramid.cutOffTitle, style),
                    layers.map { layer in
                        guard let least = layer.cutOff else { return "" }
                        guard let greatest = layer.greatestCutOff, greatest > least else {
                            return "\(atLeast) \(significantText(least, digits: 6))"
                        }
                        return [least, greatest].map { significantText($0, digits: 4) }.joined(separator: " to ")
                    },
                    total: ""))
        }
        return columns
    }

    /// A title from the plan, made safe and cut to 16 columns.
    private static func title(_ text: String, _ style: TerminalStyle) -> String {
        let safe = TerminalText.escaped(text)
        return displayWidth(safe) <= 16 ? safe : fitted(safe, width: 16, alignment: .left, asciiOnly: style.asciiOnly)
    }

    /// A bar of up to 16 cells to the nearest eighth.
    private static func bar(_ share: Double, style: TerminalStyle) -> String {
        guard share > 0 else { return "" }
        if style.asciiOnly { return String(repeating: "=", count: max(1, Int((share * 16).rounded()))) }
        let eighths = max(1, Int((share * 128).rounded()))
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }
}
