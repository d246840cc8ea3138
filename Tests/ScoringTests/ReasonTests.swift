import CKernels
import Scoring
import TestSupport
import Testing

/// Reasons and the means that they compare with.
struct ReasonTests {
    private static let means = [10.0, 10.0, 5.0, 0.0, 20.0, 8.0]

    /// Scored rows of six indicators, some values missing.
    private static func scored(seed: Int, rowCount: Int) throws -> (block: ScoreBlock, scorer: Scorer) {
        var random = RepeatableGenerator(seed: seed)
        let specification = ScoringSpecification(dimensions: [
            DimensionSpecification(
                name: "a",
                indicators: (0..<6).map {
                    IndicatorSpecification(name: "i\($0)", normalization: .fixedRange(low: 0, high: 1))
                })
        ])
        let columns = (0..<6).map { _ in (0..<rowCount).map { _ in random.unit() < 0.1 ? .nan : random.unit() } }
        let scorer = Scorer(try FittedScoring.fit(specification, columns: columns))
        let block = ScoreBlock(for: scorer.scoring, contributions: true)
        for (indicator, column) in columns.enumerated() {
            _ = block.values(ofIndicator: indicator).update(fromContentsOf: column)
        }
        try scorer.score(block, rowCount: rowCount)
        return (block, scorer)
    }

    /// The definition: sort the differences as they are written, leave out those that are written as 0.
    private static func slow(_ block: ScoreBlock, row: Int, count: Int, sign: Double) -> [Reason] {
        let tenths = means.indices.map { indicator -> Int in
            if block.values(ofIndicator: indicator)[row].sign == .minus { return 0 }
            let points = block.contributions(ofIndicator: indicator)[row] - means[indicator]
            return Int((sign * points * 10).rounded(.toNearestOrEven))
        }
        let order = tenths.indices.filter { tenths[$0] > 0 }.sorted { (-tenths[$0], $0) < (-tenths[$1], $1) }
        return order.prefix(count).map { indicator in
            var reason = Reason(key: 65_536)!
            (reason.indicator, reason.tenths) = (indicator, tenths[indicator])
            return reason
        }
    }

    @Test(arguments: [(0, 1), (1, 2), (2, 3), (3, 0), (4, 6), (5, 20)])
    func reasonsAreTheLargestDifferencesOfWhatIsThere(seed: Int, count: Int) throws {
        let (block, _) = try Self.scored(seed: seed, rowCount: 700)
        let selection = ReasonSelection(means: Self.means, upCount: count, downCount: count)
        selection.select(from: block, rowCount: 700)
        for row in 0..<700 {
            #expect(selection.reasonsUp(ofRow: row) == Self.slow(block, row: row, count: count, sign: 1))
            #expect(selection.reasonsDown(ofRow: row) == Self.slow(block, row: row, count: count, sign: -1))
        }
    }

    @Test func equalDifferencesComeInThePlansOrder() throws {
        let (block, _) = try Self.scored(seed: 9, rowCount: 1)
        let contributions = (0..<6).map { block.contributions(ofIndicator: $0)[0] }
        let selection = ReasonSelection(means: contributions.map { $0 - 3 }, upCount: 6, downCount: 1)
        selection.select(from: block, rowCount: 1)
        let up = selection.reasonsUp(ofRow: 0)
        #expect(up.map(\.indicator) == up.map(\.indicator).sorted())
        #expect(up.allSatisfy { $0.tenths == 30 } && !up.isEmpty)
        #expect(selection.reasonsDown(ofRow: 0).isEmpty)
    }

    @Test func meansAreThoseOfThePlainSumWhateverTheBlocks() throws {
        let (block, scorer) = try Self.scored(seed: 3, rowCount: 900)
        var whole = ContributionSums(for: scorer.scoring)
        whole.update(block, rowCount: 900)
        for indicator in 0..<6 {
            let sum: Double = block.contributions(ofIndicator: indicator)[..<900].reduce(0, +)
            let apart: Double = whole.means[indicator] - sum / 900
            #expect(abs(apart) < 1e-7)
        }
        let meanSum: Double = whole.means.reduce(0, +)
        let scoreSum: Double = block.scores[..<900].reduce(0, +)
        #expect(abs(meanSum - scoreSum / 900) < 1e-6)
        // The same rows, scored again one by one.
        var parts = ContributionSums(for: scorer.scoring)
        let single = ScoreBlock(for: scorer.scoring, contributionSums: true)
        let (again, _) = try Self.scored(seed: 3, rowCount: 900)
        let values = try Self.values(seed: 3, rowCount: 900)
        #expect(again.scores[0] == block.scores[0])
        for row in (0..<900).reversed() {
            for indicator in 0..<6 { single.values(ofIndicator: indicator)[0] = values[indicator][row] }
            try scorer.score(single, rowCount: 1)
            var part = ContributionSums(for: scorer.scoring)
            part.update(single, rowCount: 1)
            parts.combine(part)
        }
        #expect(parts == whole)
    }

    private static func values(seed: Int, rowCount: Int) throws -> [[Double]] {
        var random = RepeatableGenerator(seed: seed)
        return (0..<6).map { _ in (0..<rowCount).map { _ in random.unit() < 0.1 ? .nan : random.unit() } }
    }
}

/// Values that would lead to a score.
struct InverseTests {
    private static let curves: [ScoreCurve] = [
        .ramp(zero: 1, one: 5), .ramp(zero: 7, one: -2),
        .bend(low: 0, knot: 2, high: 9, scores: .init(low: 0, knot: 0.5, high: 1)),
        .bend(low: 0, knot: 2, high: 9, scores: .init(low: 1, knot: 0.5, high: 0)),
        .bend(low: 1, knot: 3, high: 5, scores: .init(low: 0, knot: 1, high: 0)),
    ]

    @Test(arguments: curves.indices, Transform.allCases)
    func aReachedScoreIsTheOneAskedFor(curve: Int, transform: Transform) {
        let indicator = FittedIndicator(
            name: "i", transform: transform, curve: Self.curves[curve], missing: .renormalize, weight: 1)
        for score in [0.125, 0.5, 0.75, 1] {
            for start in [0.5, 3.5, .nan] {
                guard let reach = indicator.reach(score, from: start) else {
                    Issue.record("no value scores \(score)")
                    continue
                }
                // A root and a logarithm have no values below 0, where some of these curves begin.
                guard !transform.needsNonnegative || reach.value > 0 else { continue }
                let reached: Double = indicator.score(reach.value) ?? .nan
                #expect(abs(reached - score) < 1e-12)
            }
        }
    }

    @Test func aTargetIsReachedFromTheNearerSide() {
        let indicator = FittedIndicator(
            name: "i", transform: .none, curve: Self.curves[4], missing: .renormalize, weight: 1)
        #expect(indicator.reach(0.5, from: 1)?.value == 2)
        #expect(indicator.reach(0.5, from: 9)?.value == 4)
        #expect(indicator.reach(0.5, from: 9)?.isRising == false)
    }

    @Test func aConstantReachesNothingAndGradesReachTheLeastThatSuffices() {
        let grades = [Grade(number: 1, score: 0), Grade(number: 2, score: 0.6), Grade(number: 7, score: 0.6)]
        let graded = FittedIndicator(
            name: "i", transform: .none, curve: .grades(grades), missing: .renormalize, weight: 1)
        #expect(graded.reach(0.3, from: 1)?.value == 2)
        #expect(graded.reach(0.3, from: 6)?.value == 7)
        #expect(graded.reach(0.7, from: 1) == nil)
        let constant = FittedIndicator(
            name: "i", transform: .none, curve: .constant(0.5), missing: .renormalize, weight: 1)
        #expect(constant.reach(0.4, from: 1) == nil)
    }
}
