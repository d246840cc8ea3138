import Scoring
import TestSupport
import Testing

/// What must hold of each normalization whatever the data are.
struct NormalizationPropertyTests {
    private static let ofThePopulation: [Normalization] = [.minMax, .standard, .zScore, .robustZ, .percentileRank]

    private static let onAScale: [Normalization] = [
        .fixedRange(low: 1, high: 5), .benchmark(benchmark: 3, low: 1, high: 9), .likert(points: 7),
        .semanticDifferential(reach: 3), .netPromoter,
        .gradeMap((0...10).map { Grade(number: Double($0), score: Double($0 * $0) / 100) }),
    ]

    private static let all = ofThePopulation + onAScale

    /// 101 values, so that the 1st and the 99th percentile are values, of one customer or of both of two copies.
    private func answers(seed: Int) -> [Double] {
        var random = RepeatableGenerator(seed: seed)
        return (0..<101).map { _ in random.integer(in: 0...19) == 0 ? .nan : Double(random.integer(in: 0...10)) }
    }

    /// Values of which few are equal, a tenth of them missing.
    private func amounts(seed: Int) -> [Double] {
        var random = RepeatableGenerator(seed: seed)
        return (0..<101).map { _ in random.integer(in: 0...9) == 0 ? .nan : random.unit() * 900 - 100 }
    }

    private func scores(
        _ values: [Double], _ normalization: Normalization, _ direction: Direction = .higher
    ) throws -> [Double] {
        let specification = ScoringSpecification(dimensions: [
            DimensionSpecification(
                name: "d",
                indicators: [IndicatorSpecification(name: "x", direction: direction, normalization: normalization)])
        ])
        return try Scored([values], FittedScoring.fit(specification, columns: [values])).composites
    }

    /// Missing where missing; otherwise no farther apart than the tolerance.
    private func expect(_ left: [Double], _ right: [Double], within tolerance: Double = 1e-9) {
        #expect(left.map(\.isNaN) == right.map(\.isNaN))
        #expect(left.contains { !$0.isNaN })
        for (one, other) in zip(left, right) where !one.isNaN { #expect(abs(one - other) <= tolerance) }
    }

    @Test(arguments: ofThePopulation, 0..<4)
    func neitherUnitNorOriginOfAnIndicatorCounts(normalization: Normalization, seed: Int) throws {
        let values = amounts(seed: seed)
        try expect(scores(values, normalization), scores(values.map { $0 * 0.07 + 3000 }, normalization), within: 1e-8)
    }

    @Test(arguments: all, 0..<4)
    func theOtherDirectionGivesWhatIsLeftOfAHundred(normalization: Normalization, seed: Int) throws {
        let values = answers(seed: seed)
        let higher = try scores(values, normalization)
        try expect(higher.map { 100 - $0 }, scores(values, normalization, .lower))
    }

    @Test(arguments: all, 0..<4)
    func theOrderOfCustomersDoesNotCount(normalization: Normalization, seed: Int) throws {
        let values = answers(seed: seed)
        var random = RepeatableGenerator(seed: seed)
        let order = Array(values.indices).shuffled(using: &random)
        let plain = try scores(values, normalization)
        try expect(order.map { plain[$0] }, scores(order.map { values[$0] }, normalization), within: 0)
    }

    @Test(arguments: all, 0..<4)
    func everyCustomerTwiceChangesNothing(normalization: Normalization, seed: Int) throws {
        // All known, so that percentiles remain where they are.
        let values = answers(seed: seed).map { $0.isNaN ? 5 : $0 }
        let plain = try scores(values, normalization)
        try expect(plain + plain, scores(values + values, normalization))
    }

    @Test(arguments: all, 0..<4)
    func aHigherValueNeverScoresLess(normalization: Normalization, seed: Int) throws {
        let values = answers(seed: seed)
        let pairs = zip(values, try scores(values, normalization)).filter { !$0.1.isNaN }.sorted { $0.0 < $1.0 }
        for (one, next) in zip(pairs, pairs.dropFirst()) { #expect(one.1 <= next.1) }
    }
}
