import Reports
import Tables
import Tiers
import VectorMath

/// Customers laid out in tiers: the fitted cut-offs, each customer's tier, and the table.
struct TierLayout: Sendable {
    let fit: TierFit
    /// For each customer the code of the tier.
    let codes: [UInt8]
    let report: TierReport

    /// - Parameters:
    ///   - scores: the composite of every customer.
    ///   - isDetailed: whether the concentration of value is wanted too; it needs a sort.
    init(
        _ population: Population, scores: [Double], by plan: ResolvedPlan, isDetailed: Bool, workers: Workers
    ) throws {
        let ranking = plan.rankingColumn.map { population.values(ofColumn: $0, workers: workers) } ?? scores
        let standings = Self.standings(population, plan, workers: workers)
        fit = try TierFit.fit(plan.tiers, values: ranking, standings: standings, workers: workers)
        let keys = plan.tieColumn.map { population.values(ofColumn: $0, workers: workers) }
        codes = fit.assign(ranking, standings: standings, tieKeys: keys, workers: workers)
        let amounts = plan.valueColumn.map { population.values(ofColumn: $0, workers: workers) }
        let tally = TierTally.of(codes: codes, values: ranking, amounts: amounts ?? ranking, workers: workers)
        report = TierReport(
            table: TierTable(fit, tally), tierCount: fit.cutoffs.names.count, valueTitle: plan.plan.value,
            rankedBy: plan.rankingColumn.map { plan.columns[$0] } ?? "score",
            concentration: isDetailed ? amounts.flatMap { Concentration(of: $0, workers: workers) } : nil)
    }

    /// Where each customer stands before the ranking; nil if the plan takes nobody out.
    private static func standings(
        _ population: Population, _ plan: ResolvedPlan, workers: Workers
    ) -> [Standing]? {
        guard plan.inactiveColumn != nil || plan.potentialColumn != nil else { return nil }
        let inactivity = plan.inactiveColumn.map { population.values(ofColumn: $0, workers: workers) }
        let activity = plan.potentialColumn.map { population.values(ofColumn: $0, workers: workers) }
        return (0..<population.table.rowCount).map { row in
            plan.standing(inactivity: inactivity?[row] ?? .nan, activity: activity?[row] ?? .nan)
        }
    }
}
