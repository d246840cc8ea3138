public import Tiers

/// The cut-offs of groups that have their own, such as regions, beside each other.
public struct GroupTierReport: Equatable, Sendable {
    /// One group.
    public struct Row: Equatable, Sendable {
        /// Its name.
        public var name: String
        /// Its ranked customers; nil where they were not counted.
        public var customerCount: Int?
        /// For each tier but the last the least value in it; nil for a tier that nobody reaches.
        public var lowerBounds: [Double?]

        /// A group.
        public init(name: String, customerCount: Int?, lowerBounds: [Double?]) {
            self.name = name
            self.customerCount = customerCount
            self.lowerBounds = lowerBounds
        }
    }

    /// What tells the groups apart: the name of a column.
    public var title: String
    /// The tiers that have a cut-off, best first.
    public var tiers: [String]
    /// The groups, in the order of their names.
    public var rows: [Row]
    /// The cut-offs of customers without a group, and how many they are.
    public var rest: Row

    /// The most groups that a table in a terminal shows.
    public static let rowLimit = 12

    /// - Parameter counts: the ranked customers of each group; nil where they were not counted.
    public init(title: String, _ cutoffs: TierCutoffs, counts: [Int]?, restCount: Int) {
        self.title = title
        tiers = cutoffs.names.dropLast()
        rows = (cutoffs.groups?.groups ?? []).enumerated().map { place, group in
            Row(name: group.name, customerCount: counts?[place], lowerBounds: group.lowerBounds)
        }
        rest = Row(name: "none of these", customerCount: restCount, lowerBounds: cutoffs.lowerBounds)
    }

    /// The least and the greatest cut-off that groups have for a tier; nil if none has one.
    public func range(ofTier tier: Int) -> ClosedRange<Double>? {
        let bounds = rows.compactMap { $0.lowerBounds.indices.contains(tier) ? $0.lowerBounds[tier] : nil }
        return bounds.min().flatMap { least in bounds.max().map { least...$0 } }
    }

    /// A table for a terminal, with the largest groups where they are many.
    public func text(_ style: TerminalStyle) -> String {
        let hasCounts = rows.contains { $0.customerCount != nil }
        let shown = shownRows
        var table = TextTable(
            columns: [(title, .left)] + (hasCounts ? [("ranked", .right)] : []) + tiers.map { ($0, .right) })
        let mark = style.asciiOnly ? ">=" : "≥"
        for row in shown + (rest.customerCount == 0 ? [] : [rest]) {
            let bounds = row.lowerBounds.map { $0.map { "\(mark) \(significantText($0, digits: 6))" } ?? "nobody" }
            table.append([row.name] + (hasCounts ? [row.customerCount.map { groupedText($0) } ?? ""] : []) + bounds)
        }
        let left = rows.count - shown.count
        let words = hasCounts ? "smaller ones are left out; tiers.csv of a run" : "more are left out; the model"
        return table.text(style) + (left == 0 ? "" : "\(groupedText(left)) \(words) has all of them.\n")
    }

    private var shownRows: [Row] {
        guard rows.count > Self.rowLimit else { return rows }
        let largest = rows.enumerated()
            .sorted { ($1.element.customerCount ?? 0, $0.offset) < ($0.element.customerCount ?? 0, $1.offset) }
        return largest.prefix(Self.rowLimit).map(\.element)
    }
}
