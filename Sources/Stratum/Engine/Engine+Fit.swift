import Reports
import Scoring
import Segmentation
import TableIO
import Tables
import Tiers
import VectorMath

/// What a fit gives: the model, and every customer's place that was found on the way.
struct FittedPopulation: Sendable {
    let model: Model
    let scorer: Scorer
    let layout: TierLayout
    let segmentation: SegmentLayout?
    /// The percentile rank of every customer; empty if it is not written.
    let percentileRanks: [Double]
    let missingCounts: [Int]
    let warnings: [String]
    /// The weights that the plan's method found; nil if they are the plan's own.
    let weightFit: WeightFit?
}

extension Engine {
    /// Learns everything that depends on the population.
    func fit(_ population: Population, _ stopwatch: inout Stopwatch) throws -> FittedPopulation {
        try options.checkFitting(population, hasSegments: plan.plan.segments != nil)
        if options.previousSegments != nil, plan.plan.segments == nil {
            throw EngineError(
                .noSegments, at: "segments", "the plan has no segments that could continue earlier ones",
                remedy: "add `segments: 6`, or leave the earlier model out")
        }
        let rowCount = population.table.rowCount
        try options.begin("fit", of: population)
        let scoringFit = try stopwatch.time("fit") {
            try ScoringFit(population, by: plan, workers: workers)
        }
        let weightFit = try plan.plan.weighting.map { weighting in
            try options.begin("weights", of: population)
            return try stopwatch.time("weights") {
                try WeightFit(weighting, plan.scoredTable(population, scoringFit.scoring, workers: workers))
            }
        }
        let scoring = weightFit?.scoring ?? scoringFit.scoring
        let scorer = Scorer(scoring)
        try options.begin("score", of: population, needed: 8 * rowCount)
        let (scores, contributionMeans) = try stopwatch.time("score") {
            try population.compositesAndMeans(
                scorer, indicatorColumns: plan.indicatorColumns,
                wantsMeans: scoring.aggregation == .arithmetic, workers: workers,
                isCancelled: options.checkpoint(population.intake.files[0].path))
        }
        let previous = try previousTiers(&stopwatch)
        try options.begin("tiers", of: population, needed: plan.tierByteCount(rowCount: rowCount))
        let layout = try stopwatch.time("tiers") {
            try TierLayout(
                population, scores: scores, by: plan, frozen: options.frozenTiers, previous: previous,
                workers: workers)
        }
        let writesRanks = plan.outputColumns.contains(.percentileRank)
        try options.begin("ranks", of: population, needed: writesRanks ? 8 * rowCount : 0)
        let ranks = stopwatch.time("ranks") {
            writesRanks ? PercentileRanks(scores, workers) : nil
        }
        try options.begin("segments", of: population, needed: plan.segmentByteCount(rowCount: rowCount))
        let segmentation = try plan.plan.segments.map { segments in
            try stopwatch.time("segments") {
                try SegmentLayout(
                    population, scorer: scorer, by: plan, segments, previous: options.previousSegments,
                    workers: workers)
            }
        }
        let matrix = try plan.plan.matrix.map { matrix in
            try options.begin("matrix", of: population, needed: 8 * rowCount)
            return try stopwatch.time("matrix") {
                try Model.MatrixCuts(matrix, population, scorer: scorer, scores: scores, by: plan, workers: workers)
            }
        }
        try options.begin("write", of: population)
        let model = Model(
            engineVersion: Self.version,
            source: population.source,
            plan: plan, scoring: scoring, tiers: layout.fit.cutoffs, segments: segmentation?.model,
            matrix: matrix, lifetime: population.lifetime, rfm: population.rfm, scoreRanks: ranks?.table ?? .empty,
            contributionMeans: contributionMeans)
        return FittedPopulation(
            model: model, scorer: scorer, layout: layout, segmentation: segmentation,
            percentileRanks: ranks?.percentiles ?? [], missingCounts: scoringFit.missingCounts,
            warnings: plan.judgmentNotes + plan.labels.notes + scoringFit.warnings.map(\.description)
                + (weightFit?.warnings ?? []) + layout.warnings + (segmentation?.warnings ?? []),
            weightFit: weightFit)
    }

    /// The tiers of the last run, if its scores are given; refuses frozen tiers that are not the plan's.
    private func previousTiers(_ stopwatch: inout Stopwatch) throws -> PreviousTiers? {
        if let frozen = options.frozenTiers { try plan.checkFrozen(frozen) }
        return try options.previousScores.map { path in
            try stopwatch.time("previous") {
                try PreviousTiers(
                    path: path, id: plan.plan.input.id,
                    cutoffs: TierCutoffs(names: plan.tiers), options: options)
            }
        }
    }

    /// The result of a run over a population.
    func result(
        of verb: String, _ population: Population, _ fitted: FittedPopulation, _ stopwatch: Stopwatch
    ) -> RunResult {
        var results: [JSONValue.Member] = [.init("tiers", fitted.layout.report.json)]
        results += plan.netPromoterResults(population.netPromoterTallies(plan, workers: workers))
        if let weightFit = fitted.weightFit { results.append(.init("weights", weightFit.json)) }
        results += fitted.segmentation?.results ?? []
        results += population.intake.results
        let summary = RunSummary(
            engineVersion: Self.version, verb: verb, rows: population.intake.rows,
            missing: zip(plan.columns, fitted.missingCounts).map { .init($0, $1) },
            warnings: population.intake.warnings + fitted.warnings, inputs: population.intake.files,
            stages: stopwatch.stages, results: results, plan: plan.json)
        var result = RunResult(
            summary: summary, pyramid: fitted.layout.report.pyramid, firstRejects: population.intake.firstRejects,
            model: fitted.model, tierTable: fitted.layout.report.table)
        result.tierNotes = fitted.layout.report.notes
        result.tierGroups = fitted.layout.report.groupCutoffs
        // Profiles are in a file of their own; what was decided about them is told.
        result.segmentCounts = fitted.segmentation?.choice
        result.segmentDrift = fitted.segmentation?.drift
        result.convergence = fitted.segmentation?.convergence
        return result
    }
}

extension ResolvedPlan {
    /// Bytes that laying out tiers takes at least: a code for each customer, each column that it is done by, and two words
    /// for the sort that natural breaks and the concentration of the value need; few customers are sorted with less.
    fileprivate func tierByteCount(rowCount: Int) -> Int {
        let columns = [rankingColumn, tieColumn, valueColumn]
        let groupByteCount = groupColumn == nil ? 0 : 2 + 17
        let sortByteCount = rowCount >= 1 << 20 && (valueColumn != nil || plan.tiers.method == .naturalBreaks) ? 16 : 0
        return rowCount
            * (1 + 8 * columns.count { $0 != nil } + (takesCustomersOut ? 1 : 0) + groupByteCount + sortByteCount)
    }

    /// Bytes that finding segments takes at least: the features, each customer's segment, and the value.
    func segmentByteCount(rowCount: Int) -> Int {
        plan.segments == nil ? 0 : rowCount * (4 * segmentIndicators.count + 2 + 8)
    }

    /// The plan with another seed for its segments.
    func seeded(_ seed: UInt64) -> ResolvedPlan {
        var changed = plan
        changed.segments?.seed = seed
        // The plan was resolved before, and a seed makes no plan wrong.
        return (try? changed.resolved()) ?? self
    }
}
