import Scoring
import Tiers

extension ModelExport {
    /// What is taken off a cut-off of scores: far more than sums may differ in, far less than what is printed. A cut-off
    /// is the score of a customer, who would otherwise fall below it.
    private static let cutoffSlack = 0x1p-36

    /// The last stage: what is selected.
    var resultQuery: String {
        let id = SQLText.name(model.plan.plan.input.headerName(of: model.plan.plan.input.id))
        let scores = model.scoring.dimensions.enumerated().map { "d\($0) AS \(SQLText.name($1.name))" }
        let columns = ["id AS \(id)"] + scores + ["score", "\(tier) AS tier", "missing"]
        let (scored, groups) = (Self.stage("z"), Self.stage("q"))
        let join = hasGroups ? " LEFT JOIN \(groups) ON \(groups).name = \(scored).g" : ""
        return "SELECT\n" + columns.map { "  " + $0 }.joined(separator: ",\n") + "\nFROM \(scored)\(join)"
    }

    /// Whether groups have cut-offs of their own.
    var hasGroups: Bool { groupPlace != nil && model.tiers.groups?.groups.isEmpty == false }

    /// The columns of `groupRows`: a group's name and its cut-offs.
    var groupColumns: String {
        (["name"] + model.tiers.lowerBounds.indices.map { "b\($0)" }).joined(separator: ", ")
    }

    /// The query that lists the cut-offs of the groups; NULL for a tier that nobody of a group reaches.
    func groupRows(_ groups: GroupCutoffs) -> String {
        let rows = groups.groups.map { group -> String in
            let bounds = group.lowerBounds.map { $0.map(cutoff) ?? "CAST(NULL AS DOUBLE PRECISION)" }
            return "(\(([SQLText.string(group.name)] + bounds).joined(separator: ", ")))"
        }
        return "  VALUES\n\(rows.joined(separator: ",\n"))"
    }

    private func cutoff(_ bound: Double) -> String {
        SQLText.number(rankingColumn == nil ? bound - Self.cutoffSlack : bound)
    }

    private var tier: String {
        let ranked = rankingColumn.map(sqlName) ?? "score"
        let groups = Self.stage("q")
        let tiers = model.plan.plan.tiers
        var cases: [String] = []
        if let column = badDebtColumn, let badDebt = tiers.badDebt {
            var test = "\(sqlName(column)) > \(SQLText.number(badDebt.above))"
            if let column = overdueDaysColumn, let days = badDebt.days {
                test += " AND \(sqlName(column)) > \(SQLText.number(days.above))"
            }
            cases.append("WHEN \(test) THEN \(SQLText.string(badDebt.name))")
        }
        if let column = negativeColumn, let negative = tiers.negative {
            let test = "\(sqlName(column)) < \(SQLText.number(negative.below))"
            cases.append("WHEN \(test) THEN \(SQLText.string(negative.name))")
        }
        if let column = potentialColumn, let potential = tiers.potential {
            let test = "\(sqlName(column)) <= \(SQLText.number(potential.atMost))"
            cases.append("WHEN \(test) THEN \(SQLText.string(potential.name))")
        }
        if let column = inactiveColumn, let inactive = tiers.inactive {
            let test = "\(sqlName(column)) > \(SQLText.number(inactive.beyond))"
            cases.append("WHEN \(test) THEN \(SQLText.string(inactive.name))")
        }
        cases.append("WHEN \(ranked) IS NULL THEN NULL")
        for (tier, bound) in model.tiers.lowerBounds.enumerated() {
            let general = bound.map(cutoff)
            // A customer without a group of those listed is cut with all customers.
            let own =
                hasGroups
                ? "CASE WHEN \(groups).name IS NULL THEN \(general ?? "NULL") ELSE \(groups).b\(tier) END" : general
            guard let own else { continue }
            cases.append("WHEN \(ranked) >= \(own) THEN \(SQLText.string(model.tiers.names[tier]))")
        }
        let last = SQLText.string(model.tiers.names.last ?? "")
        return "CASE \(cases.joined(separator: " ")) ELSE \(last) END"
    }
}
