internal import VectorMath

extension FittedIndicator {
    /// Fits one indicator.
    ///
    /// - Parameters:
    ///   - indicator: its specification, valid.
    ///   - share: its weight in the dimension after normalization.
    ///   - statistics: what was learned of the column.
    ///   - path: its key path, for errors.
    /// - Returns: the fitted indicator, and what the reader should be told.
    /// - Throws: `ScoringError` of kind `unusableColumn`, `missingStatistic` or `missingValue`.
    static func fit(
        _ indicator: IndicatorSpecification, share: Double, statistics: ColumnStatistics, path: String
    ) throws(ScoringError) -> (indicator: FittedIndicator, warning: FitWarning.Kind?) {
        if indicator.missing == .fail, statistics.missingCount > 0 {
            throw ScoringError(
                .missingValue, at: path,
                "\(statistics.missingCount) customers have no \"\(indicator.name)\" and the policy is to fail",
                remedy: "complete the data or choose another missing policy")
        }
        // Ranks and grades are taken of the values as they are.
        let transform = indicator.normalization == .percentileRank ? Transform.none : indicator.transform
        if transform.needsNonnegative, let minimum = statistics.minimum, minimum < 0 {
            throw ScoringError(
                .unusableColumn, at: path,
                "\"\(indicator.name)\" falls to \(minimum), where \(transform.rawValue) has no value",
                remedy: "use the transform \(transform == .sqrt ? "signedSqrt" : "signedLog1p")")
        }
        let fitting = CurveFit(indicator: indicator, transform: transform, statistics: statistics, path: path)
        let (curve, warning) = try fitting.curve()

        let missing: FittedMissing =
            switch indicator.missing {
            case .renormalize: .renormalize
            case .fail: .fail
            case .worst: .fill(0)
            case .constant(let score): .fill(score)
            case .median:
                if statistics.presentCount == 0 {
                    .renormalize
                } else if let score = curve.score(try fitting.quantile(0.5)) {
                    .fill(score)
                } else {
                    // The median lies between two grades, or is none.
                    throw ScoringError(
                        .unusableColumn, at: "\(path).missing", "the median of \"\(indicator.name)\" is no grade",
                        remedy: "add it to the grade map or give a constant score")
                }
            }
        return (
            FittedIndicator(
                name: indicator.name, transform: transform, curve: curve, missing: missing, weight: share),
            warning
        )
    }
}

/// Makes the score curve of one indicator from what was learned of its column.
private struct CurveFit {
    let indicator: IndicatorSpecification
    let transform: Transform
    let statistics: ColumnStatistics
    let path: String

    func curve() throws(ScoringError) -> (ScoreCurve, FitWarning.Kind?) {
        if case .target(let value, let distance) = indicator.direction {
            let scores = BendScores(low: 0, knot: 1, high: 0)
            let curve = ScoreCurve.bend(low: value - distance, knot: value, high: value + distance, scores: scores)
            return (curve, emptiness)
        }
        switch indicator.normalization {
        case .fixedRange(let low, let high):
            return (ramp(transform(low), transform(high)), emptiness)
        case .benchmark(let benchmark, let low, let high):
            let scores = BendScores(low: turned(0), knot: 0.5, high: turned(1))
            let curve = ScoreCurve.bend(
                low: transform(low), knot: transform(benchmark), high: transform(high), scores: scores)
            return (curve, emptiness)
        case .gradeMap(let grades):
            return (.grades(grades.map { Grade(number: $0.number, score: turned($0.score)) }), emptiness)
        case .likert, .semanticDifferential:
            let range = indicator.normalization.answerRange ?? 0...1
            let isFalling = indicator.direction == .lower
            let (zero, one) = isFalling ? (range.upperBound, range.lowerBound) : (range.lowerBound, range.upperBound)
            return (.scale(zero: zero, one: one), emptiness)
        case .netPromoter:
            let grades = Normalization.netPromoterGrades
            return (.grades(grades.map { Grade(number: $0.number, score: turned($0.score)) }), emptiness)
        case .gradeWords:
            return (ramp(0, 1), emptiness)
        case .minMax, .quantileRange, .zScore, .robustZ, .percentileRank:
            break
        }
        guard statistics.presentCount > 0 else { return (.constant(0.5), .allMissing) }
        return try populationCurve()
    }

    /// The curve of a normalization that looks at the population, which is not empty.
    private func populationCurve() throws(ScoringError) -> (ScoreCurve, FitWarning.Kind?) {
        switch indicator.normalization {
        case .quantileRange(let lowLevel, let highLevel):
            let low = try quantile(lowLevel)
            let high = try quantile(highLevel)
            if low < high { return (try checkedRamp(low, high), nil) }
            // More customers than the range leaves out share one value: clipping there would tell only two groups apart.
            let whole = try wholeRange()
            return (whole, whole == .constant(0.5) ? .constant : .emptyQuantileRange)
        case .zScore:
            let curve = try ramp(around: mean(), unit: deviation())
            return (curve, curve == .constant(0.5) ? .constant : nil)
        case .robustZ:
            let median = try quantile(0.5)
            guard let distance = statistics.medianAbsoluteDeviation else { throw lacking("median absolute deviation") }
            if distance > 0 { return (try ramp(around: median, unit: Self.normalConsistency * distance), nil) }
            let curve = try ramp(around: median, unit: deviation())
            return (curve, curve == .constant(0.5) ? .constant : .zeroDeviation)
        case .percentileRank:
            guard let ranks = statistics.ranks, !ranks.values.isEmpty else { throw lacking("ranks") }
            if ranks.values.count == 1 { return (.constant(0.5), .constant) }
            return (.ranks(ranks, lowerIsBetter: indicator.direction == .lower), nil)
        default:
            let whole = try wholeRange()
            return (whole, whole == .constant(0.5) ? .constant : nil)
        }
    }

    /// From the minimum to the maximum; 0.5 for all if they are one.
    private func wholeRange() throws(ScoringError) -> ScoreCurve {
        guard let low = statistics.minimum, let high = statistics.maximum else { throw lacking("range") }
        return low < high ? try checkedRamp(low, high) : .constant(0.5)
    }

    /// 1 / (the 0.75 quantile of the standard normal): MAD times this estimates its standard deviation.
    private static let normalConsistency = 1.4826

    /// z-scores beyond this are clipped: 0.3 % of a normal population.
    private static let largestZ = 3.0

    private var emptiness: FitWarning.Kind? { statistics.presentCount == 0 ? .allMissing : nil }

    private func turned(_ score: Double) -> Double { indicator.direction == .lower ? 1 - score : score }

    private func ramp(_ low: Double, _ high: Double) -> ScoreCurve {
        indicator.direction == .lower ? .ramp(zero: high, one: low) : .ramp(zero: low, one: high)
    }

    private func checkedRamp(_ low: Double, _ high: Double) throws(ScoringError) -> ScoreCurve {
        guard (high - low).isFinite else {
            throw ScoringError(
                .unusableColumn, at: path,
                "\"\(indicator.name)\" runs from \(low) to \(high), more than binary64 can subtract",
                remedy: "correct the values or use a transform")
        }
        return ramp(low, high)
    }

    private func ramp(around center: Double, unit: Double) throws(ScoringError) -> ScoreCurve {
        let low = center - Self.largestZ * unit
        let high = center + Self.largestZ * unit
        // A spread that rounding swallows is none.
        return low < high ? try checkedRamp(low, high) : .constant(0.5)
    }

    func quantile(_ level: Double) throws(ScoringError) -> Double {
        guard let value = statistics.quantile(level) else { throw lacking("quantile \(level)") }
        return value
    }

    private func mean() throws(ScoringError) -> Double {
        guard let mean = statistics.mean else { throw lacking("mean") }
        return mean
    }

    private func deviation() throws(ScoringError) -> Double {
        guard let deviation = statistics.standardDeviation else { throw lacking("standard deviation") }
        return deviation
    }

    private func lacking(_ statistic: String) -> ScoringError {
        ScoringError(
            .missingStatistic, at: path, "the \(statistic) of \"\(indicator.name)\" was not given",
            remedy: "gather what its StatisticsNeed names")
    }
}
