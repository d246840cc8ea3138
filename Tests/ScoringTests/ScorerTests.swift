import Scoring
import TestSupport
import Testing

struct ScorerTests {
    /// Every kind of indicator in three dimensions, and a population for it that has gaps.
    private func everyKind(seed: Int, rowCount: Int, missingRate: Double) -> (ScoringSpecification, [[Double]]) {
        var generator = RepeatableGenerator(seed: seed)
        let grades = [Grade(number: 1, score: 0), Grade(number: 2, score: 0.4), Grade(number: 5, score: 1)]
        var indicators = [
            IndicatorSpecification(name: "standard"),
            IndicatorSpecification(name: "minMax", direction: .lower, normalization: .minMax, missing: .median),
            IndicatorSpecification(name: "z", transform: .signedSqrt, normalization: .zScore),
            IndicatorSpecification(name: "robust", direction: .lower, normalization: .robustZ, missing: .worst),
            IndicatorSpecification(name: "log", transform: .log1p),
            IndicatorSpecification(name: "rank", direction: .lower, normalization: .percentileRank, missing: .median),
            IndicatorSpecification(name: "scale", normalization: .fixedRange(low: 1, high: 5), missing: .constant(0.3)),
            IndicatorSpecification(
                name: "benchmark", direction: .lower, normalization: .benchmark(benchmark: 3, low: 1, high: 9)),
            IndicatorSpecification(name: "grades", direction: .lower, normalization: .gradeMap(grades)),
            IndicatorSpecification(name: "target", direction: .target(value: 4, distance: 2)),
            IndicatorSpecification(name: "roots", transform: .sqrt, normalization: .quantileRange(low: 0.1, high: 0.8)),
            IndicatorSpecification(name: "signedLog", transform: .signedLog1p, normalization: .minMax),
        ]
        for index in indicators.indices { indicators[index].weight = generator.unit() + (index == 3 ? 0 : 0.01) }
        indicators.shuffle(using: &generator)
        let columns = indicators.map { indicator in
            (0..<rowCount).map { _ -> Double in
                if generator.unit() < missingRate { return .nan }
                switch indicator.name {
                case "grades": return [1, 2, 5][generator.integer(in: 0...2)]
                case "log", "roots": return generator.unit() * 1000
                case "scale", "target", "rank": return Double(generator.integer(in: 0...7))
                default: return generator.unit() * 20 - 5
                }
            }
        }
        let dimensions = [
            DimensionSpecification(name: "a", weight: generator.unit() + 0.1, indicators: Array(indicators[..<5])),
            DimensionSpecification(name: "b", weight: generator.unit() + 0.1, indicators: Array(indicators[5..<11])),
            DimensionSpecification(name: "c", weight: generator.unit() + 0.1, indicators: Array(indicators[11...])),
        ]
        return (ScoringSpecification(dimensions: dimensions), columns)
    }

    @Test(arguments: 0..<24)
    func blocksAgreeWithTheDefinitions(seed: Int) throws {
        let missingRate = [0, 0.02, 0.3, 0.9][seed % 4]
        var (specification, columns) = everyKind(seed: seed, rowCount: 50 + seed, missingRate: missingRate)
        if seed % 3 == 0 { specification.aggregation = [.geometric, .geometric(floor: 0), .topsis][seed / 3 % 3] }
        let isArithmetic = specification.aggregation == .arithmetic
        let scoring = try FittedScoring.fit(specification, columns: columns)
        let scored = try Scored(columns, scoring, contributions: isArithmetic)
        let reference = ReferenceScorer(specification: specification, columns: columns)
        for row in columns[0].indices {
            let expected = reference.row(row)
            for (number, score) in expected.dimensions.enumerated() {
                #expect(near(scored.dimensions[number][row], score))
            }
            #expect(near(scored.composites[row], expected.composite))
            #expect(scored.missingCounts[row] == expected.missingCount)
            var flags: RowFlags = []
            if expected.missingCount > 0 { flags.insert(.someMissing) }
            if expected.dimensions.contains(nil) { flags.insert(.dimensionMissing) }
            if expected.composite == nil { flags.insert(.noScore) }
            #expect(scored.flags[row] == flags)
            guard isArithmetic else { continue }
            for (indicator, contribution) in expected.contributions.enumerated() {
                #expect(near(scored.contributions[indicator][row], contribution))
            }
            let sum = scored.contributions.reduce(0) { $0 + $1[row] }
            #expect(near(sum, expected.composite ?? 0))
        }
    }

    private func near(_ value: Double, _ expected: Double?) -> Bool {
        guard let expected else { return value.isNaN }
        return abs(value - expected) < 1e-9
    }

    @Test(arguments: 0..<6, [1, 7, 8, 100, 959, 960])
    func bitsOfARowDependOnThatRowOnly(seed: Int, blockRowCount: Int) throws {
        let (specification, columns) = everyKind(seed: seed, rowCount: 1_000, missingRate: 0.05)
        let scoring = try FittedScoring.fit(specification, columns: columns)
        let whole = try Scored(columns, scoring, contributions: true)
        let parts = try Scored(columns, scoring, contributions: true, blockRowCount: blockRowCount)
        #expect(bits(whole.composites) == bits(parts.composites))
        #expect(whole.dimensions.map(bits) == parts.dimensions.map(bits))
        #expect(whole.contributions.map(bits) == parts.contributions.map(bits))
        #expect(whole.flags == parts.flags)
        let turned = try Scored(columns.map { $0.reversed() }, scoring)
        #expect(bits(turned.composites.reversed()) == bits(whole.composites))
    }

    @Test(arguments: 1...17)
    func equalRowsAreEqualAnywhereInABlock(indicatorCount: Int) throws {
        var generator = RepeatableGenerator(seed: indicatorCount)
        for dimensionCount in 1...min(indicatorCount, 9) {
            let names = (0..<indicatorCount).map { "i\($0)" }
            let dimensions = (0..<dimensionCount).map { number in
                let indicators = names.indices.filter { $0 % dimensionCount == number }.map {
                    IndicatorSpecification(
                        name: names[$0], normalization: .fixedRange(low: 0, high: 1), weight: generator.unit() + 0.1)
                }
                return DimensionSpecification(
                    name: "d\(number)", weight: generator.unit() + 0.1, indicators: indicators)
            }
            let row = names.map { _ in generator.unit() }
            let columns = row.map { [Double](repeating: $0, count: 960) }
            let scoring = try FittedScoring.fit(ScoringSpecification(dimensions: dimensions), columns: columns)
            let scored = try Scored(columns, scoring)
            #expect(Set(bits(scored.composites)).count == 1)
            for scores in scored.dimensions { #expect(Set(bits(scores)).count == 1) }
        }
    }

    @Test func scalingAnIndicatorLeavesItsScores() throws {
        let columns = [[3.0, 1, 4, 1, 5, 9, 2, 6, .nan]]
        let specification = ScoringSpecification(dimensions: [
            DimensionSpecification(name: "d", indicators: [IndicatorSpecification(name: "x", normalization: .minMax)])
        ])
        let plain = try Scored(columns, .fit(specification, columns: columns))
        let scaled = columns.map { $0.map { $0 * -8 } }
        var turned = specification
        turned.dimensions[0].indicators[0].direction = .lower
        let reversed = try Scored(scaled, .fit(turned, columns: scaled))
        #expect(bits(plain.composites.dropLast()) == bits(reversed.composites.dropLast()))
    }

    @Test(arguments: 0..<8)
    func reversingADirectionGivesOneLessTheScore(seed: Int) throws {
        var (specification, columns) = everyKind(seed: seed, rowCount: 200, missingRate: 0)
        var turned = specification
        for dimension in turned.dimensions.indices {
            for indicator in turned.dimensions[dimension].indicators.indices {
                let direction = specification.dimensions[dimension].indicators[indicator].direction
                if case .target = direction {
                    specification.dimensions[dimension].indicators[indicator].direction = .higher
                    turned.dimensions[dimension].indicators[indicator].direction = .lower
                } else {
                    turned.dimensions[dimension].indicators[indicator].direction =
                        direction == .lower ? .higher : .lower
                }
            }
        }
        let plain = try Scored(columns, .fit(specification, columns: columns))
        let reversed = try Scored(columns, .fit(turned, columns: columns))
        #expect(zip(plain.composites, reversed.composites).allSatisfy { abs($0 + $1 - 100) < 1e-9 })
    }

    @Test func theBestOfAllScoresExactlyOneHundredAndTheWorstZero() throws {
        let specification = ScoringSpecification(dimensions: [
            DimensionSpecification(
                name: "d",
                indicators: [
                    IndicatorSpecification(name: "x", normalization: .minMax),
                    IndicatorSpecification(name: "y", direction: .lower, normalization: .minMax),
                ])
        ])
        var generator = RepeatableGenerator(seed: 5)
        for _ in 0..<300 {
            let x = (0..<3).map { _ in generator.unit() * 1e6 }.sorted()
            let columns = [x, x.map { -$0 / 3 }]
            let scored = try Scored(columns, .fit(specification, columns: columns))
            #expect(scored.composites[0] == 0)
            #expect(scored.composites[2] == 100)
        }
    }

    @Test func outOfDomainIsMissingAndFlagged() throws {
        let specification = ScoringSpecification(dimensions: [
            DimensionSpecification(
                name: "d",
                indicators: [
                    IndicatorSpecification(name: "x", transform: .log1p, normalization: .minMax),
                    IndicatorSpecification(name: "y", normalization: .gradeMap([Grade(number: 1, score: 0.5)])),
                ])
        ])
        let scoring = try FittedScoring.fit(specification, columns: [[0, 10], [1, 1]])
        let scored = try Scored([[-1, 10, .nan, -0.0], [1, 3, 3, 1]], scoring)
        #expect(scored.flags[0] == [.someMissing, .outOfDomain])
        #expect(scored.flags[1] == [.someMissing, .outOfDomain])
        #expect(scored.flags[2] == [.someMissing, .outOfDomain, .dimensionMissing, .noScore])
        #expect(scored.flags[3] == [])
        #expect(scored.missingCounts == [1, 1, 2, 0])
        #expect(scored.composites[0] == 50 && scored.composites[1] == 100 && scored.composites[3] == 25)
    }

    @Test func aMissingValueUnderFailEndsScoringWithItsPlace() throws {
        let specification = ScoringSpecification(dimensions: [
            DimensionSpecification(name: "c", indicators: [IndicatorSpecification(name: "w")]),
            DimensionSpecification(
                name: "d",
                indicators: [IndicatorSpecification(name: "v"), IndicatorSpecification(name: "x", missing: .fail)]),
        ])
        let full = [[1.0, 2], [1.0, 2], [1.0, 2]]
        let scoring = try FittedScoring.fit(specification, columns: full)
        let error = #expect(throws: ScoringError.self) {
            try Scored([[1, 2, 3], [1, 2, 3], [1, 2, .nan]], scoring)
        }
        #expect(error?.kind == .missingValue)
        #expect(error?.row == 2)
        #expect(error?.path == "dimensions[1].indicators[1]")
    }

    @Test func oneZeroAnnihilatesOnlyWithoutAFloor() throws {
        func composite(_ aggregation: Aggregation) throws -> Double {
            let dimensions = ["a", "b"].map {
                DimensionSpecification(
                    name: $0,
                    indicators: [IndicatorSpecification(name: $0, normalization: .fixedRange(low: 0, high: 1))])
            }
            let specification = ScoringSpecification(dimensions: dimensions, aggregation: aggregation)
            return try Scored([[0], [0.64]], .fit(specification, columns: [[0], [0.64]])).composites[0]
        }
        #expect(try composite(.geometric(floor: 0)) == 0)
        #expect(abs(try composite(.geometric) - 8) < 1e-12)
        #expect(try composite(.arithmetic) == 32)
    }
}
