public import Reports
import Scoring
import TableIO
import Tiers
import VectorMath

extension Engine {
    /// Compares methods of weighting on a population: the weights of each, and whom of the top tier each would change.
    ///
    /// Methods that learn from an outcome take part if the plan's weights name one.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin.
    ///   - output: where the weights go as CSV; nil for nowhere.
    ///   - replicateCount: bootstrap replicates for intervals of the objective weights; 0 for no intervals.
    /// - Throws: as `run`.
    /// - Complexity: one pass for all objective methods together, one to two for each outcome method but a few more for
    ///   logistic regression, and one scoring for each.
    public func weights(
        inputs: [String], output: String? = nil, replicateCount: Int = 0
    ) throws -> (report: WeightReport, summary: RunSummary) {
        var stopwatch = Stopwatch()
        let sources = try options.sources(inputs)
        let files = try output.map {
            try VerbFiles(output: $0, rejects: nil, summary: nil, sources: sources, options)
        }
        let population = try stopwatch.time("read") {
            try Population.read(sources, by: plan, options) { _ in }
        }
        try population.requireCustomers()
        let fit = try stopwatch.time("fit") { try ScoringFit(population, by: plan, workers: workers) }
        let found = try stopwatch.time("weights") { try methods(population, fit, replicateCount) }
        let report = try stopwatch.time("comparison") { try compare(found, population, fit) }
        var summary = RunSummary(
            engineVersion: Self.version, verb: "weights", rows: population.intake.rows,
            missing: zip(plan.columns, fit.missingCounts).map { .init($0, $1) },
            warnings: population.intake.warnings + plan.judgmentNotes + fit.warnings.map(\.description),
            inputs: population.intake.files, stages: stopwatch.stages, results: [.init("weights", report.json)],
            plan: plan.json)
        if let files {
            try files.output.append(report.csv)
            summary.outputs = try files.commit(&summary)
        }
        return (report, summary)
    }

    /// What each method of weighting finds; the scoring with its weights, nil where it finds none.
    private func methods(
        _ population: Population, _ fit: ScoringFit, _ replicateCount: Int
    ) throws -> [(report: WeightReport.Method, scoring: FittedScoring?)] {
        let table = plan.scoredTable(population, fit.scoring, workers: workers)
        let chosen = plan.plan.weighting ?? Plan.Weighting(.given)
        let moments = try table.moments(chosen.scope)
        let parts = replicateCount > 0 ? try table.momentParts(chosen.scope) : []
        let usable = Plan.Weighting.Method.allCases.filter { $0.regression == nil || chosen.outcome != nil }
        return try usable.map { method in
            var weighting = chosen
            weighting.method = method
            // Methods are compared as they are; the plan's mixture is a choice for one of them.
            weighting.ownShare = 0
            do {
                let weights = try WeightFit(weighting, table, moments: moments)
                let report = WeightReport.Method(
                    name: method.rawValue, weights: weights.scoring.overallWeights,
                    intervals: intervals(method, parts, weights.scoring, weighting.scope, replicateCount),
                    holdOutFigure: weights.outcome?.holdOutFigure)
                return (report, weights.scoring)
            } catch let error as ScoringError where method.regression != nil {
                return (WeightReport.Method(name: method.rawValue, weights: [], problem: error.description), nil)
            }
        }
    }

    /// Whom of the top tier under the plan's own weights each method would move.
    private func compare(
        _ methods: [(report: WeightReport.Method, scoring: FittedScoring?)], _ population: Population, _ fit: ScoringFit
    ) throws -> WeightReport {
        let own = try tierCodes(population, fit.scoring)
        let compared = try methods.map { method, scoring in
            var method = method
            if let scoring {
                let codes = scoring == fit.scoring ? own : try tierCodes(population, scoring)
                method.leavingTopCount = count(own, codes) { $0 == 0 && $1 != 0 }
            }
            return method
        }
        return WeightReport(
            dimensionNames: fit.scoring.dimensions.flatMap { dimension in
                dimension.indicators.map { _ in dimension.name }
            },
            indicatorNames: fit.scoring.indicators.map(\.name), methods: compared,
            topTier: plan.tiers.names.first ?? "", topTierCount: count(own, own) { code, _ in code == 0 })
    }

    /// The tier of each customer under a scoring.
    private func tierCodes(_ population: Population, _ scoring: FittedScoring) throws -> [UInt8] {
        let scores = try population.composites(
            Scorer(scoring), indicatorColumns: plan.indicatorColumns, workers: workers)
        return try TierLayout.codes(population, scores: scores, by: plan, workers: workers)
    }

    /// Customers of whose two codes a claim holds.
    private func count(
        _ codes: [UInt8], _ others: [UInt8], where holds: @Sendable (UInt8, UInt8) -> Bool
    ) -> Int {
        let rowCount = 1 << 20
        return workers.map(chunkCount: (codes.count + rowCount - 1) / rowCount) { chunk in
            let rows = chunk * rowCount..<min(codes.count, (chunk + 1) * rowCount)
            return zip(codes[rows], others[rows]).count { holds($0, $1) }
        }.reduce(0, +)
    }

    /// Intervals of overall weights: those within a dimension, times what the dimension weighs.
    private func intervals(
        _ method: Plan.Weighting.Method, _ parts: [IndicatorMoments], _ scoring: FittedScoring,
        _ scope: Plan.Weighting.Scope, _ replicateCount: Int
    ) -> [ClosedRange<Double>] {
        guard let objective = method.objective, !parts.isEmpty else { return [] }
        func intervals(_ group: Int) -> [ClosedRange<Double>] {
            WeightIntervals(
                objective, parts: parts, group: group, replicateCount: replicateCount, seed: options.seed ?? 0
            ).ranges
        }
        guard scope == .withinDimensions else { return intervals(0) }
        return zip(scoring.dimensions, 0...).flatMap { dimension, group in
            intervals(group).map { $0.lowerBound * dimension.weight...$0.upperBound * dimension.weight }
        }
    }
}

extension ResolvedPlan {
    /// The customers as methods of weighting see them.
    func scoredTable(_ population: Population, _ scoring: FittedScoring, workers: Workers) -> ScoredTable {
        ScoredTable(
            table: population.table, scorer: Scorer(scoring), indicatorColumns: indicatorColumns,
            outcomeColumn: outcomeColumn, workers: workers)
    }
}
