import Reports
import Tiers

/// What is to be said of how customers were laid out in tiers, beside the table.
struct TierNotes {
    /// Groups with cut-offs of their own; nil if the plan has none.
    var groupCount: Int?
    /// Ranked customers who are in none of them.
    var withoutGroupCount = 0
    /// What became of customers since the last run, and how many were in it; nil if that was not given.
    var moves: (counts: TierMoves, previousCount: Int)?

    private let plan: Plan
    private let frozenFrom: Model.Source?
    private let goodnessOfFit: Double?
    private let hasIdleTiers: Bool

    /// Notes on tiers that were fitted, or taken from a model.
    init(_ plan: ResolvedPlan, _ fit: TierFit, frozen: Model?) {
        self.plan = plan.plan
        frozenFrom = frozen?.source
        goodnessOfFit = fit.goodnessOfFit
        let bounds = fit.cutoffs.lowerBounds
        hasIdleTiers = fit.goodnessOfFit != nil && zip(bounds, bounds.dropFirst()).contains { $0 == $1 }
    }

    /// Notes on tiers of a stored model.
    init(_ model: Model) {
        plan = model.plan.plan
        frozenFrom = model.source
        goodnessOfFit = nil
        hasIdleTiers = false
        groupCount = model.tiers.groups?.groups.count
    }

    /// Figures for the summary.
    var json: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("method", .optional(plan.tiers.method?.rawValue)),
            .init("cut_offs", .text(frozenFrom == nil ? "floating" : "frozen")),
        ]
        if let source = frozenFrom {
            members.append(
                .init(
                    "frozen_from",
                    [
                        "checksum": .text(source.checksum), "customers": .integer(source.rowCount),
                        "fitted_at": .optional(source.fittedAt),
                    ]))
        }
        if let goodnessOfFit { members.append(.init("goodness_of_fit", .number(goodnessOfFit))) }
        if let groupCount {
            members.append(
                .init(
                    "groups",
                    [
                        "column": .optional(plan.tiers.perGroup), "groups": .integer(groupCount),
                        "customers_without_one": .integer(withoutGroupCount),
                    ]))
        }
        if let (counts, previousCount) = moves {
            members.append(
                .init("since_last_run", counts.json(previousCount: previousCount, plan.tiers.hysteresis)))
        }
        return members
    }

    /// The cut-offs of groups beside each other; nil where all customers share one ranking.
    ///
    /// - Parameter counts: the ranked customers of groups by name; nil where they were not counted.
    func groupCutoffs(_ cutoffs: TierCutoffs, counts: [[UInt8]: Int]?) -> GroupTierReport? {
        guard let column = plan.tiers.perGroup, let groups = cutoffs.groups else { return nil }
        return GroupTierReport(
            title: column, cutoffs,
            counts: counts.map { counts in groups.groups.map { counts[Array($0.name.utf8)] ?? 0 } },
            restCount: withoutGroupCount)
    }

    /// Sentences for a reader of the pyramid.
    var remarks: [String] {
        moves.map { [$0.counts.sentence(previousCount: $0.previousCount)] } ?? []
    }

    /// What the user should know.
    var warnings: [String] {
        var warnings: [String] = []
        if plan.tiers.hysteresis != nil, moves == nil {
            warnings.append(
                "the plan's hysteresis holds nobody, since the tiers of the last run are not known: give its scores "
                    + "with --previous-scores")
        }
        if withoutGroupCount > 0, let column = plan.tiers.perGroup {
            warnings.append(
                "\(withoutGroupCount) customers have no \(column), or one without cut-offs of its own: they have the "
                    + "cut-offs of all customers and the flag no_group")
        }
        if hasIdleTiers { warnings.append("there are fewer different values than tiers: some tiers are empty") }
        return warnings
    }
}
