import Scoring
import TestSupport
import Testing

/// What must hold of scores whatever the data are, for every aggregation.
struct ScoringPropertyTests {
    private static let aggregations: [Aggregation] = [.arithmetic, .geometric, .topsis]

    private func population(_ seed: Int) -> (columns: [[Double]], specification: ScoringSpecification) {
        var random = RepeatableGenerator(seed: seed)
        let columns = (0..<4).map { _ in
            (0..<60).map { _ in random.integer(in: 0...9) == 0 ? .nan : Double(random.integer(in: -40...40)) / 4 }
        }
        let indicators = columns.indices.map {
            IndicatorSpecification(name: "x\($0)", normalization: .minMax, weight: random.unit() + 0.1)
        }
        let specification = ScoringSpecification(
            dimensions: [
                DimensionSpecification(name: "a", weight: 2, indicators: Array(indicators[..<3])),
                DimensionSpecification(name: "b", indicators: Array(indicators[3...])),
            ], aggregation: Self.aggregations[seed % 3])
        return (columns, specification)
    }

    private func scores(_ columns: [[Double]], _ specification: ScoringSpecification) throws -> Scored {
        try Scored(columns, FittedScoring.fit(specification, columns: columns))
    }

    @Test(arguments: 0..<12)
    func unitsOfAnIndicatorDoNotMatterUnderMinMax(seed: Int) throws {
        let (columns, specification) = population(seed)
        var scaled = columns
        // A power of two and a whole number leave the quotients exact.
        scaled[1] = columns[1].map { $0 * 1024 + 4096 }
        #expect(try same(scores(columns, specification).composites, scores(scaled, specification).composites))
    }

    @Test(arguments: 0..<12)
    func turningEveryDirectionMirrorsTheDimensions(seed: Int) throws {
        let (columns, specification) = population(seed)
        var turned = specification
        for dimension in turned.dimensions.indices {
            for place in turned.dimensions[dimension].indicators.indices {
                turned.dimensions[dimension].indicators[place].direction = .lower
            }
        }
        let (plain, mirrored) = (try scores(columns, specification), try scores(columns, turned))
        for (scores, others) in zip(plain.dimensions, mirrored.dimensions) {
            for (score, other) in zip(scores, others) where !score.isNaN { #expect(abs(score + other - 100) < 1e-9) }
        }
        guard specification.aggregation != .geometric else { return }
        for (score, other) in zip(plain.composites, mirrored.composites) where !score.isNaN {
            #expect(abs(score + other - 100) < 1e-9)
        }
    }

    @Test(arguments: 0..<12)
    func neitherTheOrderOfCustomersNorCopiesOfThemChangeAScore(seed: Int) throws {
        let (columns, specification) = population(seed)
        let plain = try scores(columns, specification).composites
        var random = RepeatableGenerator(seed: seed)
        let order = Array(columns[0].indices).shuffled(using: &random)
        let shuffled = try scores(columns.map { column in order.map { column[$0] } }, specification).composites
        #expect(same(shuffled, order.map { plain[$0] }))
        let doubled = try scores(columns.map { $0 + $0 }, specification).composites
        #expect(same(doubled, plain + plain))
    }

    /// Bit for bit, so that a missing score is equal to a missing one.
    private func same(_ left: [Double], _ right: [Double]) -> Bool {
        left.map(\.bitPattern) == right.map(\.bitPattern)
    }
}
