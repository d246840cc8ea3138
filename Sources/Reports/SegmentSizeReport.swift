/// How many customers were given each segment of a stored model.
public struct SegmentSizeReport: Equatable, Sendable {
    /// The segments' names.
    public var names: [String]
    /// Customers of each segment, as many.
    public var sizes: [Int]
    /// The shares when the segments were found; nil if they are not known.
    public var previousShares: [Double]?

    /// A report on sizes; a size and a share for each name.
    public init(names: [String], sizes: [Int], previousShares: [Double]? = nil) {
        precondition(names.count == sizes.count, "\(names.count) names, \(sizes.count) sizes")
        self.names = names
        self.sizes = sizes
        self.previousShares = previousShares
    }

    private var shares: [Double] {
        let all = Double(max(1, sizes.reduce(0, +)))
        return sizes.map { Double($0) / all }
    }

    /// The figures for the summary.
    public var json: JSONValue {
        let shares = shares
        return .list(
            names.indices.map { segment in
                [
                    "segment": .integer(segment + 1), "name": .text(names[segment]),
                    "customers": .integer(sizes[segment]), "share_of_customers": .number(shares[segment]),
                    "previous_share_of_customers": .optional(previousShares.map { $0[segment] }),
                ]
            })
    }

    /// A table for the terminal: sizes now, and shares when the segments were found.
    public func text(_ style: TerminalStyle) -> String {
        var columns: [(title: String, alignment: Alignment)] = [
            ("", .right), ("segment", .left), ("customers", .right), ("share", .right),
        ]
        if previousShares != nil { columns.append(("when found", .right)) }
        var table = TextTable(columns: columns)
        for (segment, share) in shares.enumerated() {
            let row = [String(segment + 1), names[segment], groupedText(sizes[segment]), percentText(share)]
            table.append(row + (previousShares.map { [percentText($0[segment])] } ?? []))
        }
        return table.text(style)
    }
}
