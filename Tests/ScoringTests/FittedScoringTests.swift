import Foundation
import Scoring
import TestSupport
import Testing

struct FittedScoringTests {
    private func single(_ indicator: IndicatorSpecification) -> ScoringSpecification {
        ScoringSpecification(dimensions: [DimensionSpecification(name: "d", indicators: [indicator])])
    }

    private func fit(
        _ indicator: IndicatorSpecification, _ values: [Double]
    ) throws -> (indicator: FittedIndicator, warnings: [FitWarning]) {
        let fitted = try FittedScoring.fitWithWarnings(single(indicator), columns: [values])
        return (fitted.scoring.indicators[0], fitted.warnings)
    }

    @Test(arguments: 0..<20)
    func weightsSumToOne(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let dimensions = (0..<generator.integer(in: 1...5)).map { number in
            DimensionSpecification(
                name: "\(number)", weight: generator.unit() * 9 + 0.1,
                indicators: (0..<generator.integer(in: 1...7)).map {
                    IndicatorSpecification(name: "\(number)-\($0)", weight: generator.unit() * 1e3 + 0.1)
                })
        }
        let specification = ScoringSpecification(dimensions: dimensions)
        let columns = specification.indicators.map { _ in [1.0, 2, 3] }
        let scoring = try FittedScoring.fit(specification, columns: columns)
        #expect(abs(scoring.dimensions.map(\.weight).reduce(0, +) - 1) < 1e-15)
        for dimension in scoring.dimensions {
            #expect(abs(dimension.indicators.map(\.weight).reduce(0, +) - 1) < 1e-15)
        }
    }

    @Test(arguments: [Normalization.minMax, .standard, .zScore, .robustZ, .percentileRank])
    func aConstantColumnScoresAHalf(normalization: Normalization) throws {
        let fitted = try fit(IndicatorSpecification(name: "x", normalization: normalization), [7, 7, .nan, 7])
        #expect(fitted.indicator.score(7) == 0.5)
        #expect(fitted.indicator.score(9) == 0.5)
        #expect(fitted.indicator.score(.nan) == nil)
        #expect(fitted.warnings == [FitWarning(kind: .constant, indicator: "x")])
    }

    @Test func aColumnWithoutValuesIsMissingForEveryone() throws {
        for normalization in [Normalization.minMax, .robustZ, .percentileRank, .fixedRange(low: 0, high: 1)] {
            let indicator = IndicatorSpecification(name: "x", normalization: normalization, missing: .median)
            let fitted = try fit(indicator, [.nan, .nan])
            #expect(fitted.warnings.map(\.kind) == [.allMissing])
            #expect(fitted.indicator.score(.nan) == nil)
        }
    }

    @Test func quantilesThatAreOneValueFallBackToTheWholeRange() throws {
        var values = [Double](repeating: 0, count: 1_000)
        values[3] = 10
        let fitted = try fit(IndicatorSpecification(name: "x"), values)
        #expect(fitted.warnings.map(\.kind) == [.emptyQuantileRange])
        #expect(fitted.indicator.curve == .ramp(zero: 0, one: 10))
        let robust = try fit(IndicatorSpecification(name: "x", normalization: .robustZ), values)
        #expect(robust.warnings.map(\.kind) == [.zeroDeviation])
    }

    @Test func quantilesOfTransformedValuesInterpolateAfterTheTransform() throws {
        let normalization = Normalization.quantileRange(low: 0.25, high: 0.75)
        let fitted = try fit(
            IndicatorSpecification(name: "x", transform: .sqrt, normalization: normalization), [0, 16, 100, 400])
        // Positions .75 and 2.25 of 0, 4, 10, 20.
        #expect(fitted.indicator.curve == .ramp(zero: 3, one: 12.5))
    }

    @Test func theMeanScoresAHalfAndThreeDeviationsScoreOne() throws {
        let fitted = try fit(IndicatorSpecification(name: "x", normalization: .zScore), [2, 4, 4, 4, 5, 5, 7, 9])
        #expect(fitted.indicator.score(5) == 0.5)
        #expect(fitted.indicator.score(11) == 1)
        #expect(fitted.indicator.score(-1) == 0)
        #expect(abs(fitted.indicator.score(7)! - 4.0 / 6) < 1e-15)
    }

    @Test func tiesShareTheMidRank() throws {
        let fitted = try fit(IndicatorSpecification(name: "x", normalization: .percentileRank), [1, 2, 2, 3])
        #expect([1, 2, 3].map { fitted.indicator.score($0) } == [0.125, 0.5, 0.875])
        #expect(fitted.indicator.score(2.5) == 0.6875)
        // Nobody of the population is so far out.
        #expect(fitted.indicator.score(99) == 1)
        #expect(fitted.indicator.score(0) == 0)
    }

    @Test func anIndustryBenchmarkScoresAHalf() throws {
        let normalization = Normalization.benchmark(benchmark: 10, low: 0, high: 100)
        let higher = try fit(IndicatorSpecification(name: "x", normalization: normalization), [1])
        #expect([-5, 0, 5, 10, 55, 100, 200].map { higher.indicator.score($0) } == [0, 0, 0.25, 0.5, 0.75, 1, 1])
        let lower = try fit(IndicatorSpecification(name: "x", direction: .lower, normalization: normalization), [1])
        #expect([0, 10, 100].map { lower.indicator.score($0) } == [1, 0.5, 0])
    }

    @Test(arguments: [Transform.log1p, .sqrt])
    func aNegativeValueUnderALogarithmOrRootIsAnError(transform: Transform) throws {
        let error = #expect(throws: ScoringError.self) {
            try fit(IndicatorSpecification(name: "x", transform: transform), [1, -2])
        }
        #expect(error?.kind == .unusableColumn)
        #expect(error?.path == "dimensions[0].indicators[0]")
        #expect(error?.description.contains("signed") == true)
    }

    @Test func missingValuesUnderFailAreFoundAtTheFit() {
        let error = #expect(throws: ScoringError.self) {
            try fit(IndicatorSpecification(name: "x", missing: .fail), [1, .nan])
        }
        #expect(error?.kind == .missingValue)
    }

    @Test func aStatisticNotGivenIsAnError() {
        let statistics = ColumnStatistics(presentCount: 2, missingCount: 0)
        for normalization in [Normalization.standard, .zScore, .robustZ, .percentileRank] {
            let error = #expect(throws: ScoringError.self) {
                try FittedScoring.fit(
                    single(IndicatorSpecification(name: "x", normalization: normalization)), statistics: [statistics])
            }
            #expect(error?.kind == .missingStatistic)
        }
    }

    @Test(arguments: everyThreadCount)
    func anyThreadCountFitsTheSame(threadCount: Int) throws {
        var generator = RepeatableGenerator(seed: 9)
        let normalizations = [Normalization.standard, .zScore, .robustZ, .percentileRank, .minMax]
        let columns = normalizations.map { _ in
            (0..<140_000).map { _ in generator.unit() < 0.05 ? .nan : generator.unit() * 1e3 }
        }
        let specification = ScoringSpecification(dimensions: [
            DimensionSpecification(
                name: "d",
                indicators: normalizations.enumerated().map {
                    IndicatorSpecification(name: "\($0)", transform: .log1p, normalization: $1, missing: .median)
                })
        ])
        let one = try FittedScoring.fitWithWarnings(specification, columns: columns, threadCount: 1)
        let many = try FittedScoring.fitWithWarnings(specification, columns: columns, threadCount: threadCount)
        #expect(one.scoring == many.scoring)
    }

    @Test func theModelFileKeepsEveryBit() throws {
        var generator = RepeatableGenerator(seed: 1)
        let values = (0..<500).map { _ in generator.unit() * 1e3 }
        for normalization in [Normalization.standard, .zScore, .robustZ, .percentileRank, .minMax] {
            let scoring = try FittedScoring.fit(
                single(IndicatorSpecification(name: "x", transform: .log1p, normalization: normalization)),
                columns: [values])
            let data = try JSONEncoder().encode(scoring)
            #expect(try JSONDecoder().decode(FittedScoring.self, from: data) == scoring)
        }
    }
}
