/// What scoring by recency, frequency and monetary value found: the cuts, the customers by scores, the segments.
public struct RFMReport: Equatable, Sendable {
    /// Some customers and what they are worth.
    public struct Group: Equatable, Sendable {
        /// How many.
        public var customerCount: Int
        /// Their spend in all.
        public var value: Double

        /// Customers and their spend.
        public init(customerCount: Int, value: Double) {
            self.customerCount = customerCount
            self.value = value
        }
    }

    /// A named segment.
    public struct Segment: Equatable, Sendable {
        /// The name.
        public var name: String
        /// Its customers.
        public var group: Group
        /// Means over them; nil if there are none.
        public var meanRecency, meanFrequency, meanMonetary: Double?

        /// A segment; the means in days, purchases and the currency.
        public init(
            name: String, group: Group, meanRecency: Double?, meanFrequency: Double?, meanMonetary: Double?
        ) {
            self.name = name
            self.group = group
            self.meanRecency = meanRecency
            self.meanFrequency = meanFrequency
            self.meanMonetary = meanMonetary
        }
    }

    /// How many scores there are.
    public var scoreCount: Int
    /// Whether cuts are nested: those of frequency in each recency score, those of value in each pair.
    public var isNested: Bool
    /// Whether the monetary value is the mean of a purchase, not the spend in all.
    public var isMean: Bool
    /// The most days of each recency score but the worst, best first.
    public var recencyCuts: [Double]
    /// The largest frequencies of each score but the best, worst first; several lists where nested.
    public var frequencyCuts: [[Double]]
    /// The same for the monetary value.
    public var monetaryCuts: [[Double]]
    /// The customers of each pair of scores: those of r = 1 with f = 1, 2, ..., then those of r = 2.
    public var grid: [Group]
    /// The segments in the order of their rules.
    public var segments: [Segment]
    /// Customers without a purchase, who have no scores.
    public var unscoredCount: Int

    /// A report.
    public init(
        scoreCount: Int, isNested: Bool, isMean: Bool, recencyCuts: [Double], frequencyCuts: [[Double]],
        monetaryCuts: [[Double]], grid: [Group], segments: [Segment], unscoredCount: Int
    ) {
        precondition(grid.count == scoreCount * scoreCount, "\(grid.count) groups for \(scoreCount) scores")
        self.scoreCount = scoreCount
        self.isNested = isNested
        self.isMean = isMean
        self.recencyCuts = recencyCuts
        self.frequencyCuts = frequencyCuts
        self.monetaryCuts = monetaryCuts
        self.grid = grid
        self.segments = segments
        self.unscoredCount = unscoredCount
    }

    private var customerCount: Int { grid.reduce(0) { $0 + $1.customerCount } }
    private var value: Double { segments.reduce(0) { $0 + $1.group.value } }

    /// The figures for the summary.
    public var json: JSONValue {
        [
            "scores": .integer(scoreCount), "nested": .bool(isNested), "monetary": .text(isMean ? "mean" : "total"),
            "customers_without_purchase": .integer(unscoredCount),
            "cuts": [
                "recency_days": Self.json(recencyCuts), "frequency": .list(frequencyCuts.map(Self.json)),
                "monetary": .list(monetaryCuts.map(Self.json)),
            ],
            "grid": .list(
                grid.enumerated().map { place, group in
                    [
                        "r": .integer(place / scoreCount + 1), "f": .integer(place % scoreCount + 1),
                        "customers": .integer(group.customerCount), "value": .number(group.value),
                    ]
                }),
            "segments": .list(
                segments.map { segment in
                    [
                        "segment": .text(segment.name), "customers": .integer(segment.group.customerCount),
                        "share_of_customers": .number(share(segment.group.customerCount)),
                        "value": .number(segment.group.value),
                        "share_of_value": .optional(value > 0 ? segment.group.value / value : nil),
                        "mean_recency_days": .optional(segment.meanRecency),
                        "mean_frequency": .optional(segment.meanFrequency),
                        "mean_monetary": .optional(segment.meanMonetary),
                    ]
                }),
        ]
    }

    private static func json(_ cuts: [Double]) -> JSONValue { .list(cuts.map { .number($0) }) }

    private func share(_ count: Int) -> Double { Double(count) / Double(max(1, customerCount)) }
}

extension RFMReport {
    /// Tables for the terminal: the segments, the customers and the value by recency and frequency, the cuts.
    public func text(_ style: TerminalStyle) -> String {
        let cross = style.asciiOnly ? "x" : "×"
        var parts = [segmentTable.text(style)]
        parts.append(
            "customers, recency score \(cross) frequency score\n"
                + gridTable { groupedText($0.customerCount) }.text(style))
        parts.append(
            "value, likewise\n" + gridTable { groupedText($0.value, decimals: 0) }.text(style))
        parts.append(cutTable.text(style))
        return parts.joined(separator: "\n")
    }

    private var segmentTable: TextTable {
        var table = TextTable(columns: [
            ("segment", .left), ("customers", .right), ("share", .right), ("value", .right), ("of value", .right),
            ("days", .right), ("orders", .right), (isMean ? "order" : "spend", .right),
        ])
        for segment in segments {
            table.append([
                segment.name, groupedText(segment.group.customerCount), percentText(share(segment.group.customerCount)),
                groupedText(segment.group.value, decimals: 0),
                value > 0 ? percentText(segment.group.value / value) : "",
                segment.meanRecency.map { groupedText($0, decimals: 0) } ?? "",
                segment.meanFrequency.map { groupedText($0, decimals: 1) } ?? "",
                segment.meanMonetary.map { groupedText($0, decimals: 2) } ?? "",
            ])
        }
        return table
    }

    private func gridTable(_ cell: (Group) -> String) -> TextTable {
        var table = TextTable(columns: [("r", .left)] + (1...scoreCount).map { ("f = \($0)", .right) })
        for r in (1...scoreCount).reversed() {
            table.append(["\(r)"] + (0..<scoreCount).map { cell(grid[(r - 1) * scoreCount + $0]) })
        }
        return table
    }

    /// Nested cuts are too many for a terminal; the summary has them.
    private var cutTable: TextTable {
        var table = TextTable(columns: [("score", .left)] + (1...scoreCount).map { ("\($0)", .right) })
        table.append(["days since"] + Self.ranges(recencyCuts, scoreCount).reversed())
        if frequencyCuts.count == 1 { table.append(["purchases"] + Self.ranges(frequencyCuts[0], scoreCount)) }
        if monetaryCuts.count == 1 {
            table.append([isMean ? "a purchase" : "spend"] + Self.ranges(monetaryCuts[0], scoreCount))
        }
        return table
    }

    /// `to 30`, `to 90`, `over 90`; a class between equal cuts holds nobody.
    private static func ranges(_ cuts: [Double], _ count: Int) -> [String] {
        guard cuts.count == count - 1, let last = cuts.last else { return Array(repeating: "", count: count) }
        return cuts.enumerated().map { place, cut in
            place > 0 && cuts[place - 1] == cut ? "none" : "to \(significantText(cut, digits: 7))"
        } + ["over \(significantText(last, digits: 7))"]
    }
}
