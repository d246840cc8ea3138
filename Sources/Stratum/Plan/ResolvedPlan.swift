public import Reports
public import Scoring
public import Tiers

/// A plan with every default decided, in the words of the stages: what a run follows, and what summaries and models
/// carry.
public struct ResolvedPlan: Equatable, Sendable {
    /// The plan with every default written out and weights that sum to 1; resolving it again changes nothing.
    public let plan: Plan
    /// The columns that are read as numbers or derived, each once, indicators first in the plan's order.
    public let columns: [String]
    /// For each column the values that are accepted.
    public let admissible: [Plan.AdmissibleRange]
    /// The plan's derived columns, understood.
    let derived: DerivedColumns
    /// For each indicator of `scoring` its place in `columns`.
    public let indicatorColumns: [Int]
    /// The place in `columns` of the value that tables sum up; nil for none.
    public let valueColumn: Int?
    /// The place in `columns` of what became of each customer; nil where no weights are learned from it.
    public let outcomeColumn: Int?
    /// What is to be said of the plan's judgments in pairs: those that contradict each other.
    public let judgmentNotes: [String]
    /// The place in `columns` of what customers are ranked by; nil for the score.
    public let rankingColumn: Int?
    /// The place in `columns` of what splits equal values; nil where ties are not split.
    public let tieColumn: Int?
    /// The place in `columns` of what tells inactive customers; nil where the plan has no such tier.
    public let inactiveColumn: Int?
    /// The place in `columns` of what tells potential customers; nil where the plan has no such tier.
    public let potentialColumn: Int?
    /// The place in `columns` of what tells customers who cost more than they bring; nil where there is no such class.
    public let negativeColumn: Int?
    /// The place in `columns` of what tells bad debt; nil where there is no such class.
    public let badDebtColumn: Int?
    /// The place in `columns` of the days that something has been overdue; nil where they do not matter.
    public let overdueDaysColumn: Int?
    /// The columns that are read as texts of which few are different, each once.
    public let labelColumns: [String]
    /// The place in `labelColumns` of the groups that have cut-offs of their own; nil for one ranking.
    public let groupColumn: Int?
    /// The place in `columns` of how much each customer counts for the segments; nil if all count alike.
    public let segmentWeightColumn: Int?
    /// The places in `columns` of the columns of `Plan.Lifetime`; empty where the plan tells none.
    public let lifetimeColumns: [Int]
    /// The places in `columns` of the columns of `Plan.RFM`; empty where they are not written.
    public let rfmColumns: [Int]
    /// The scoring, with normalized weights.
    public let scoring: ScoringSpecification
    /// The tiers.
    public let tiers: TierSpecification
    /// The indicators that segments are found from, by their place in `scoring.indicators`; empty without segments.
    public let segmentIndicators: [Int]
    /// What gives customers names: classes, matrix, policies.
    public let labels: LabelPlan
    /// What is written for each customer after the id, in order.
    public let outputColumns: [Plan.OutputColumn]
    /// The headings of the output, the id column first.
    public let outputHeader: [String]

    /// The resolved plan in the plan's language with sorted keys: itself a plan that gives the same run.
    public var json: JSONValue { plan.json.sorted }

    /// Where a customer stands before the ranking; NaN and an absent rule leave a customer active.
    ///
    /// The first that applies of: bad debt, negative value, potential, inactive. Who does not pay is bad debt whatever
    /// else holds, and who has not bought yet is potential, not inactive.
    ///
    /// - Parameters:
    ///   - inactivity: the value of the inactive tier's column.
    ///   - activity: the value of the potential tier's column.
    ///   - margin: the value of the column that tells negative value.
    ///   - overdue: the value of the column that tells bad debt, and `overdueDays` for how long.
    public func standing(
        inactivity: Double, activity: Double, margin: Double = .nan, overdue: Double = .nan, overdueDays: Double = .nan
    ) -> Standing {
        if let badDebt = plan.tiers.badDebt, overdue > badDebt.above {
            guard let days = badDebt.days else { return .badDebt }
            if overdueDays > days.above { return .badDebt }
        }
        if let negative = plan.tiers.negative, margin < negative.below { return .negative }
        if let potential = plan.tiers.potential, activity <= potential.atMost { return .potential }
        if let inactive = plan.tiers.inactive, inactivity > inactive.beyond { return .inactive }
        return .active
    }
}

extension ResolvedPlan {
    init(_ plan: Plan) throws(PlanError) {
        try plan.check()
        judgmentNotes = plan.judgmentNotes
        let plan = plan.completed
        derived = try plan.understoodDerived()
        let indicators = plan.dimensions.flatMap(\.indicators)
        var columns: [String] = []
        var admissible: [Plan.AdmissibleRange] = []
        func place(of column: String, _ range: Plan.AdmissibleRange = .init()) -> Int {
            // Bytes, not Characters: two spellings of one name are two columns.
            if let known = columns.firstIndex(where: { $0.utf8.elementsEqual(column.utf8) }) { return known }
            columns.append(column)
            admissible.append(range)
            return columns.count - 1
        }
        indicatorColumns = indicators.map { place(of: $0.source, $0.admissible) }
        valueColumn = plan.value.map { place(of: $0) }
        outcomeColumn = plan.weighting?.outcome.map { place(of: $0) }
        rankingColumn = if case .column(let column) = plan.tiers.by { place(of: column) } else { nil }
        tieColumn = if case .split(let key) = plan.tiers.ties { place(of: key) } else { nil }
        inactiveColumn = plan.tiers.inactive.map { place(of: $0.column) }
        potentialColumn = plan.tiers.potential.map { place(of: $0.column) }
        negativeColumn = plan.tiers.negative.map { place(of: $0.column) }
        badDebtColumn = plan.tiers.badDebt.map { place(of: $0.column) }
        overdueDaysColumn = plan.tiers.badDebt?.days.map { place(of: $0.column) }
        labelColumns = plan.tiers.perGroup.map { [$0] } ?? []
        groupColumn = plan.tiers.perGroup == nil ? nil : 0
        segmentWeightColumn = plan.segments?.weight.map { place(of: $0, .init(minimum: 0)) }
        lifetimeColumns = plan.input.orders?.lifetime == nil ? [] : Plan.Lifetime.columnNames.map { place(of: $0) }
        rfmColumns = plan.outputColumns.contains(.rfm) ? Plan.RFM.columnNames.map { place(of: $0) } : []
        labels = try LabelPlan(plan) { place(of: $0) }
        scoring = plan.scoringSpecification
        tiers = plan.tierSpecification
        segmentIndicators =
            plan.segments.map { segments in
                indicators.indices.filter { segments.columns.contains(indicators[$0].name) }
            } ?? []
        outputColumns = plan.outputColumns
        outputHeader = plan.outputHeader
        self.columns = columns
        self.admissible = admissible
        self.plan = plan
    }
}

extension Plan {
    /// The plan with every default decided.
    ///
    /// - Throws: `PlanError` as `check()` does.
    public func resolved() throws(PlanError) -> ResolvedPlan { try ResolvedPlan(self) }
}

extension ResolvedPlan: Codable {
    /// Reads the plan and resolves it.
    public init(from decoder: any Decoder) throws {
        try self.init(try Plan(from: decoder))
    }

    /// Writes the plan; all else follows from it.
    public func encode(to encoder: any Encoder) throws {
        try plan.encode(to: encoder)
    }
}
