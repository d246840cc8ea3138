import TableIO

/// Rows of short texts in aligned columns for a terminal.
struct TextTable {
    private let alignments: [Alignment]
    private let header: [String]
    private var rows: [[String]] = []

    /// A table without rows.
    init(columns: [(title: String, alignment: Alignment)]) {
        header = columns.map { $0.title }
        alignments = columns.map { $0.alignment }
    }

    /// Appends a row with one text for each column.
    mutating func append(_ row: [String]) {
        precondition(row.count == header.count, "\(row.count) cells under \(header.count) titles")
        rows.append(row.map { TerminalText.escaped($0) })
    }

    /// The lines of the table: a faint header, then the rows; each ends with a line end.
    ///
    /// Too many columns for the terminal are laid out in several tables below each other, each of which begins with the
    /// first `leadingCount` columns.
    func text(_ style: TerminalStyle, leadingCount: Int = 1) -> String {
        var widths = header.indices.map { column in
            rows.reduce(displayWidth(header[column])) { max($0, displayWidth($1[column])) }
        }
        // Long names must not push the figures away; the last column may take what is left of its line.
        for column in header.indices.dropLast() where alignments[column] == .left {
            widths[column] = min(widths[column], max(8, style.width / 3))
        }
        var groups: [[Int]] = []
        var used = style.width + 1
        for column in header.indices.dropFirst(leadingCount) {
            if used + 2 + widths[column] > style.width {
                groups.append(Array(0..<leadingCount))
                used = widths[..<leadingCount].reduce(-2) { $0 + 2 + $1 }
            }
            groups[groups.count - 1].append(column)
            used += 2 + widths[column]
        }
        if groups.isEmpty { groups = [Array(0..<leadingCount)] }
        return groups.map { columns in
            ([style.faint(line(header, columns, widths, style))] + rows.map { line($0, columns, widths, style) })
                .map { $0 + "\n" }.joined()
        }.joined(separator: "\n")
    }

    private func line(_ row: [String], _ columns: [Int], _ widths: [Int], _ style: TerminalStyle) -> String {
        let cells = columns.map {
            fitted(row[$0], width: widths[$0], alignment: alignments[$0], asciiOnly: style.asciiOnly)
        }
        let line = cells.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
