import Reports
import Scoring
import Tables
import Tiers
import VectorMath

/// What one worker needs to report on single customers.
final class CustomerBench: @unchecked Sendable {
    // SAFETY: unchecked, since a worker keeps its own, and has one job at a time.
    private let model: Model
    private let bench: ScoringBench
    private let segmenter: SegmentBench?
    /// For each indicator the words that its column holds; nil for a column of numbers.
    private let words: [ColumnWords?]

    init(_ model: Model) throws {
        self.model = model
        bench = ScoringBench(
            Scorer(model.scoring), indicatorColumns: model.plan.indicatorColumns,
            contributions: model.scoring.aggregation == .arithmetic)
        words = model.plan.indicatorColumns.map { ColumnWords(model.plan, column: $0) }
        segmenter = try model.segments.map { try SegmentBench($0, plan: model.plan) }
    }

    /// The report on a row of a batch.
    func report(_ row: Int, of batch: Batch) throws -> CustomerReport {
        var report: CustomerReport?
        try bench.score(batch, rows: row..<row + 1) { _ in report = try self.report(scored: row, of: batch) }
        guard let report else { preconditionFailure("a batch without the row \(row)") }
        return report
    }

    /// The report on the row that is alone in the block.
    private func report(scored row: Int, of batch: Batch) throws -> CustomerReport {
        let plan = model.plan
        let block = bench.block
        let values = plan.indicatorColumns.map { batch.columns[$0][row] }
        let scores: [Double?] = values.indices.map { indicator in
            let score = block.values(ofIndicator: indicator)[0]
            return score.sign == .minus ? nil : score
        }
        let ranked = plan.rankingColumn.map { batch.columns[$0][row] } ?? block.scores[0]
        let (group, cutoffs) = try self.cutoffs(row, of: batch)
        let tier = cutoffs.tier(of: ranked, standing: plan.standings(of: batch, row..<row + 1)[0])
        let bound = TierDistance(cutoffs, isWhole: plan.plan.ranksByWholeNumbers).bound(above: tier)
        let lift = bound.flatMap { bound in
            plan.rankingColumn == nil
                ? CustomerLift(bench.scorer, plan: plan, words: words, values: values, scores: scores, bound: bound)
                : nil
        }
        let dimensions = self.dimensions(block, values, scores, lift)
        let score = block.scores[0].isNaN ? nil : block.scores[0]
        var flags = block.flags(ofRow: 0)
        if let group, !group.hasOwnCutoffs, Int(tier) < cutoffs.names.count { flags.insert(.withoutGroup) }
        // Last, since it uses the block's values up.
        let segment = try segmenter.flatMap { segmenter in
            try segmenter.segments(of: batch, row..<row + 1, block).first.flatMap { segment in
                model.segments.map { $0.names[Int(segment)] }
            }
        }
        return CustomerReport(
            id: String(decoding: batch.identifiers[row], as: UTF8.self), score: score,
            tier: model.tiers.name(of: tier),
            percentileRank: score.flatMap {
                model.scoreRanks.values.isEmpty ? nil : model.scoreRanks.percentile(of: $0)
            },
            segment: segment, flags: flags.wordList, dimensions: dimensions,
            rankedBy: plan.rankingColumn.map { plan.columns[$0] } ?? "score",
            nextTier: bound.map { bound in
                let next = cutoffs.name(of: cutoffs.tier(of: bound)) ?? ""
                return CustomerReport.NextTier(name: next, bound: bound, distance: max(0, bound - ranked))
            },
            isAdditive: model.scoring.aggregation == .arithmetic, decimals: plan.plan.output.decimals, group: group)
    }

    /// The customer's group, nil if the plan has none, and the cut-offs that count.
    private func cutoffs(
        _ row: Int, of batch: Batch
    ) throws(EngineError) -> (group: CustomerReport.Group?, cutoffs: TierCutoffs) {
        guard let column = model.plan.groupColumn else { return (nil, model.tiers) }
        let labels = batch.labels[column]
        let name = model.plan.labelColumns[column]
        if labels.isOverfull { throw CustomerGroups.tooMany(name) }
        let text = labels.texts[Int(labels.codes[row])]
        let own = model.tiers.own(of: text)
        let group = CustomerReport.Group(
            column: name, name: text.isEmpty ? nil : String(decoding: text, as: UTF8.self), hasOwnCutoffs: own != nil)
        return (group, own ?? model.tiers)
    }

    private func dimensions(
        _ block: ScoreBlock, _ values: [Double], _ scores: [Double?], _ lift: CustomerLift?
    ) -> [CustomerReport.Dimension] {
        var column = 0
        return model.scoring.dimensions.enumerated().map { number, dimension in
            let score = block.scores(ofDimension: number)[0]
            let indicators = dimension.indicators.map { indicator in
                defer { column += 1 }
                return CustomerReport.Indicator(
                    name: indicator.name, value: values[column].isNaN ? nil : values[column],
                    word: words[column]?.text(of: values[column]),
                    normalized: scores[column].map { 100 * $0 }, weight: dimension.weight * indicator.weight,
                    contribution: block.hasContributions
                        ? CustomerReport.Comparison(
                            points: block.contributions(ofIndicator: column)[0],
                            mean: model.contributionMeans?[column]) : nil,
                    lift: lift?.lift(column))
            }
            return CustomerReport.Dimension(
                name: dimension.name, score: score.isNaN ? nil : score, weight: dimension.weight,
                indicators: indicators)
        }
    }
}
