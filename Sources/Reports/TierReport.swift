public import Tiers

/// The tiers' table with what is needed to read it: where its figures come from.
public struct TierReport: Equatable, Sendable {
    /// The table.
    public var table: TierTable
    /// Tiers that were ranked; the rows after them are layers outside the ranking.
    public var tierCount: Int
    /// The column whose sums the table holds; nil when the plan names none, and sums are then left out.
    public var valueTitle: String?
    /// What customers were ranked by: `score` or a column.
    public var rankedBy: String
    /// How the value is spread over the customers; nil without a value.
    public var concentration: Concentration?
    /// How customers were laid out, for the summary: the method, where the cut-offs come from, moves since the last run.
    public var facts: [JSONValue.Member] = []
    /// The same in sentences, as far as a reader of the pyramid wants to know.
    public var remarks: [String] = []
    /// The tables of groups that have cut-offs of their own, in the order of their names.
    public var groups: [GroupTable] = []

    /// What customers without a value are called.
    public var unrankedName = "unranked"
    /// The cut-offs of those groups; nil for one ranking of all.
    public var groupCutoffs: GroupTierReport?

    /// The table of one group.
    public struct GroupTable: Equatable, Sendable {
        /// The group's name.
        public var name: String
        /// Its table.
        public var table: TierTable

        /// The table of a group.
        public init(name: String, table: TierTable) {
            self.name = name
            self.table = table
        }
    }

    /// A report on tiers.
    public init(
        table: TierTable, tierCount: Int, valueTitle: String? = nil, rankedBy: String = "score",
        concentration: Concentration? = nil
    ) {
        self.table = table
        self.tierCount = tierCount
        self.valueTitle = valueTitle
        self.rankedBy = rankedBy
        self.concentration = concentration
    }

    /// The bytes of tiers.csv: one row for each tier, every number with all its digits; what does not exist is empty.
    ///
    /// Where groups have cut-offs of their own, a first column names the group; it is empty for all customers together,
    /// whose cut-offs are those of customers without a group.
    public var csv: [UInt8] {
        var csv = CSVText()
        let hasGroups = !groups.isEmpty
        csv.append(
            (hasGroups ? ["group"] : []) + [
                "tier", "customers_asked", "customers", "share_of_customers", "value", "share_of_value", "mean_value",
                "least_\(rankedBy)", "cut_off",
            ])
        append(table, group: hasGroups ? "" : nil, to: &csv)
        for group in groups { append(group.table, group: group.name, to: &csv) }
        return csv.bytes
    }

    private func append(_ table: TierTable, group: String?, to csv: inout CSVText) {
        for row in table.rows {
            csv.append(
                [group].compactMap(\.self) + [
                    name(of: row), CSVText.field(row.customersAsked), String(row.customerCount),
                    CSVText.field(row.shareOfCustomers), CSVText.field(value(of: row)),
                    CSVText.field(valueTitle == nil ? nil : row.shareOfValue),
                    CSVText.field(valueTitle == nil ? nil : row.mean), CSVText.field(row.leastValue),
                    CSVText.field(row.cutoff),
                ])
        }
    }

    /// The same figures for the summary, with the concentration.
    public var json: JSONValue {
        let rows = table.rows.map { row -> JSONValue in
            [
                "tier": .text(name(of: row)), "customers_asked": .optional(row.customersAsked),
                "customers": .integer(row.customerCount), "share_of_customers": .number(row.shareOfCustomers),
                "value": .optional(value(of: row)),
                "share_of_value": .optional(valueTitle == nil ? nil : row.shareOfValue),
                "mean_value": .optional(valueTitle == nil ? nil : row.mean), "least": .optional(row.leastValue),
                "cut_off": .optional(row.cutoff), "equal_to_cut_off": .optional(row.equalToCutoff),
            ]
        }
        return .object(
            [.init("ranked_by", .text(rankedBy)), .init("value", .optional(valueTitle))] + facts + [
                .init("rows", .list(rows)), .init("concentration", concentration?.json ?? .null),
            ])
    }

    /// Sentences for a reader of the pyramid.
    public var notes: [String] {
        guard let concentration, let valueTitle else { return remarks }
        return [concentration.sentence(valueTitle: valueTitle)] + remarks
    }

    /// The pyramid of the table; where groups have cut-offs of their own, with the range of these.
    public var pyramid: Pyramid {
        Pyramid(
            layers: table.rows.map { row in
                let range = groupCutoffs.map { $0.range(ofTier: Int(row.code)) }
                var layer = Pyramid.Layer(
                    name: name(of: row), customerCount: row.customerCount, value: value(of: row),
                    cutOff: range.map { $0?.lowerBound } ?? row.cutoff, isRanked: Int(row.code) < tierCount)
                layer.greatestCutOff = range??.upperBound
                return layer
            },
            valueTitle: valueTitle ?? "value", cutOffTitle: rankedBy)
    }

    /// The ranked customers of each group that has a table, by its name.
    public var rankedCounts: [[UInt8]: Int] {
        groups.reduce(into: [:]) { counts, group in
            counts[Array(group.name.utf8)] = group.table.rows.reduce(0) {
                Int($1.code) < tierCount ? $0 + $1.customerCount : $0
            }
        }
    }

    private func name(of row: TierTable.TierRow) -> String { row.name ?? unrankedName }

    private func value(of row: TierTable.TierRow) -> Double? { valueTitle == nil ? nil : row.value }
}

extension Concentration {
    /// The figures for the summary.
    public var json: JSONValue {
        [
            "customers": .integer(customerCount), "value": .number(value),
            "negative_customers": .integer(negativeCount),
            "negative_value": .number(negativeValue), "gini": .number(gini),
            "holds_80_20": .bool(holdsEightyTwenty),
            "top_shares": .list(
                topShares.map {
                    [
                        "of_customers": .number($0.ofCustomers), "customers": .integer($0.customerCount),
                        "of_value": .number($0.ofValue),
                    ]
                }),
            "customers_for_80_percent": .number(customersForEightyPercent),
            "lorenz_curve": .list(lorenzCurve.map { .number($0) }),
        ]
    }

    /// One sentence: what the best fifth holds, whether 80/20 holds, and the Gini coefficient.
    public func sentence(valueTitle: String) -> String {
        let fifth = topShares.first { $0.ofCustomers == 0.2 }?.ofValue ?? 0
        let verdict = holdsEightyTwenty ? "80/20 holds" : "80/20 does not hold"
        return "The best 20 % of customers hold \(percentText(fifth)) of \(valueTitle): \(verdict). "
            + "80 % of it comes from the best \(percentText(customersForEightyPercent)); "
            + "Gini \(groupedText(gini, decimals: 3))."
    }
}
