import Reports
import Scoring
import Tables
import Tiers
import VectorMath

/// Customers laid out in tiers: the fitted cut-offs, each customer's tier, and the table.
struct TierLayout: Sendable {
    let fit: TierFit
    /// For each customer the code of the tier.
    let codes: [UInt8]
    /// For each customer what is to be flagged of the tier; empty where nothing can be.
    let flags: [UInt8]
    let report: TierReport
    let warnings: [String]

    /// - Parameters:
    ///   - scores: the composite of every customer.
    ///   - frozen: the model whose cut-offs are taken; nil to learn them.
    ///   - previous: the tiers of the last run.
    /// - Throws: `TiersError`, `EngineError`.
    init(
        _ population: Population, scores: [Double], by plan: ResolvedPlan, frozen: Model? = nil,
        previous: PreviousTiers? = nil, workers: Workers
    ) throws {
        let ranking = plan.rankingColumn.map { population.values(ofColumn: $0, workers: workers) } ?? scores
        let standings = Self.standings(population, plan, workers: workers)
        let groups = try plan.groupColumn.map {
            try CustomerGroups(population, labelColumn: $0, named: plan.labelColumns[$0], workers: workers)
        }
        fit =
            if let frozen {
                try TierFit.frozen(
                    frozen.tiers, plan.tiers, values: ranking, standings: standings, groups: groups, workers: workers)
            } else {
                try TierFit.fit(plan.tiers, values: ranking, standings: standings, groups: groups, workers: workers)
            }
        let keys = plan.tieColumn.map { population.values(ofColumn: $0, workers: workers) }
        var codes = fit.assign(ranking, standings: standings, groups: groups, tieKeys: keys, workers: workers)
        let bounds = TierBounds(fit.cutoffs, groups: groups?.names.map { Array($0.utf8) } ?? [])
        let hasFlags = groups != nil || previous != nil
        var flags = hasFlags ? [UInt8](repeating: 0, count: codes.count) : []
        var notes = TierNotes(plan, fit, frozen: frozen)
        if let groups {
            notes.groupCount = fit.cutoffs.groups?.groups.count ?? 0
            for row in codes.indices where codes[row] < plan.tiers.names.count && !bounds.hasOwn(groups.codes[row]) {
                flags[row] |= RowFlags.withoutGroup.rawValue
                notes.withoutGroupCount += 1
            }
        }
        if let previous {
            let moves = Self.hold(
                &codes, &flags, population, previous, bounds, plan.plan.tiers.hysteresis, ranking, groups, workers)
            notes.moves = (moves, previous.count)
        }
        let amounts = plan.valueColumn.map { population.values(ofColumn: $0, workers: workers) }
        let tally = TierTally.of(codes: codes, values: ranking, amounts: amounts ?? ranking, workers: workers)
        var report = TierReport(
            table: TierTable(fit, tally), tierCount: fit.cutoffs.names.count, valueTitle: plan.plan.value,
            rankedBy: plan.rankingColumn.map { plan.columns[$0] } ?? "score",
            concentration: amounts.flatMap { Concentration(of: $0, workers: workers) })
        report.unrankedName = plan.plan.language.tiers.unranked
        report.facts = notes.json
        report.remarks = notes.remarks
        if let groups {
            report.groups = fit.tables(
                of: groups, codes: codes, values: ranking, amounts: amounts ?? ranking, workers: workers
            ).map { TierReport.GroupTable(name: $0.name, table: $0.table) }
            report.groupCutoffs = notes.groupCutoffs(fit.cutoffs, counts: report.rankedCounts)
        }
        (self.codes, self.flags, self.report) = (codes, flags, report)
        warnings = notes.warnings
    }

    /// The tiers alone, by cut-offs learned from the scores: for those who ask who is where and no more.
    ///
    /// - Throws: `TiersError`.
    static func codes(
        _ population: Population, scores: [Double], by plan: ResolvedPlan, workers: Workers
    ) throws -> [UInt8] {
        let ranking = plan.rankingColumn.map { population.values(ofColumn: $0, workers: workers) } ?? scores
        let standings = standings(population, plan, workers: workers)
        let groups = try plan.groupColumn.map {
            try CustomerGroups(population, labelColumn: $0, named: plan.labelColumns[$0], workers: workers)
        }
        return try TierFit.fit(plan.tiers, values: ranking, standings: standings, groups: groups, workers: workers)
            .assign(
                ranking, standings: standings, groups: groups,
                tieKeys: plan.tieColumn.map { population.values(ofColumn: $0, workers: workers) }, workers: workers)
    }

    /// Applies the hysteresis, batch by batch.
    private static func hold(
        _ codes: inout [UInt8], _ flags: inout [UInt8], _ population: Population, _ previous: PreviousTiers,
        _ bounds: TierBounds, _ hysteresis: Hysteresis?,
        _ values: [Double], _ groups: CustomerGroups?, _ workers: Workers
    ) -> TierMoves {
        let (batches, offsets) = (population.table.batches, population.table.rowOffsets)
        return codes.withUnsafeMutableBufferPointer { codes in
            flags.withUnsafeMutableBufferPointer { flags in
                // SAFETY: batches have rows of their own, so the parts are disjoint.
                nonisolated(unsafe) let (codes, flags) = (codes, flags)
                return workers.map(chunkCount: batches.count) { batch in
                    let rows = offsets[batch]..<offsets[batch + 1]
                    let earlier = previous.codes(of: batches[batch].identifiers, near: rows.lowerBound)
                    return earlier.withUnsafeBufferPointer { earlier in
                        values[rows].withUnsafeBufferPointer { values in
                            (groups?.codes[rows] ?? []).withUnsafeBufferPointer { groups in
                                bounds.hold(
                                    hysteresis, UnsafeMutableBufferPointer(rebasing: codes[rows]), previous: earlier,
                                    values: values, groups: groups
                                ) { flags[rows.lowerBound + $0] |= RowFlags.tierKept.rawValue }
                            }
                        }
                    }
                }.reduce(into: TierMoves()) { $0.combine($1) }
            }
        }
    }

    /// Where each customer stands before the ranking; nil if the plan takes nobody out.
    private static func standings(
        _ population: Population, _ plan: ResolvedPlan, workers: Workers
    ) -> [Standing]? {
        let columns = plan.standingColumns
        guard columns.contains(where: { $0 != nil }) else { return nil }
        let (batches, offsets) = (population.table.batches, population.table.rowOffsets)
        return filled(count: population.table.rowCount) { standings in
            // SAFETY: batches have rows of their own, so the parts are disjoint.
            nonisolated(unsafe) let standings = standings
            workers.forEach(chunkCount: batches.count) { number in
                let batch = batches[number]
                for start in stride(from: 0, to: batch.rowCount, by: ScoreBlock.rowCapacity) {
                    let rows = start..<min(batch.rowCount, start + ScoreBlock.rowCapacity)
                    for (place, standing) in plan.standings(of: batch, rows).enumerated() {
                        standings[offsets[number] + start + place] = standing
                    }
                }
            }
        }
    }
}

extension ResolvedPlan {
    /// The columns that tell where a customer stands, in the order of the parameters of `standing`.
    fileprivate var standingColumns: [Int?] {
        [inactiveColumn, potentialColumn, negativeColumn, badDebtColumn, overdueDaysColumn]
    }

    /// Whether customers can be taken out of the ranking.
    var takesCustomersOut: Bool { standingColumns.contains { $0 != nil } }

    /// Where some customers of a batch stand.
    func standings(of batch: Batch, _ rows: Range<Int>) -> [Standing] {
        let values = standingColumns.map { $0.map { batch.columns[$0].values(rows) } }
        return (0..<rows.count).map { row in
            standing(
                inactivity: values[0]?[row] ?? .nan, activity: values[1]?[row] ?? .nan, margin: values[2]?[row] ?? .nan,
                overdue: values[3]?[row] ?? .nan, overdueDays: values[4]?[row] ?? .nan)
        }
    }
}

extension RowFlags {
    /// The customer is in the tier of the last run, not being past its cut-off by the margin.
    static let tierKept = RowFlags(rawValue: 64)
    /// The customer was cut by the cut-offs of all, being in no group that has its own.
    static let withoutGroup = RowFlags(rawValue: 128)
}
