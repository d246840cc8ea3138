import Scoring
import Testing

struct ScoringSpecificationTests {
    private static func with(_ change: (inout ScoringSpecification) -> Void) -> ScoringSpecification {
        var specification = ScoringSpecification(dimensions: [
            DimensionSpecification(
                name: "a", indicators: [IndicatorSpecification(name: "x"), IndicatorSpecification(name: "y")]),
            DimensionSpecification(name: "b", indicators: [IndicatorSpecification(name: "z")]),
        ])
        change(&specification)
        return specification
    }

    private static func indicator(_ change: (inout IndicatorSpecification) -> Void) -> ScoringSpecification {
        with { change(&$0.dimensions[0].indicators[1]) }
    }

    @Test func aPlainSpecificationIsValid() throws {
        try Self.with { _ in }.validate()
    }

    @Test(arguments: [
        (with { $0.dimensions = [] }, "dimensions"),
        (with { $0.dimensions[1].indicators = [] }, "dimensions[1].indicators"),
        (with { $0.dimensions[1].name = "a" }, "dimensions[1].name"),
        (with { $0.dimensions[1].weight = .nan }, "dimensions[1].weight"),
        (with { $0.dimensions[0].weight = -1 }, "dimensions[0].weight"),
        (with { $0.dimensions[1].indicators[0].name = "y" }, "dimensions[1].indicators[0].name"),
        (with { $0.dimensions[1].indicators[0].weight = 0 }, "dimensions[1].indicators[0].weight"),
        (with { $0.aggregation = .geometric(floor: 101) }, "aggregation.floor"),
        (indicator { $0.name = "" }, "dimensions[0].indicators[1].name"),
        (indicator { $0.weight = .infinity }, "dimensions[0].indicators[1].weight"),
        (indicator { $0.missing = .constant(1.1) }, "dimensions[0].indicators[1].missing"),
        (
            indicator { $0.normalization = .quantileRange(low: 0.5, high: 0.5) },
            "dimensions[0].indicators[1].normalization"
        ),
        (
            indicator { $0.normalization = .quantileRange(low: -0.1, high: 0.5) },
            "dimensions[0].indicators[1].normalization"
        ),
        (indicator { $0.normalization = .fixedRange(low: 5, high: 1) }, "dimensions[0].indicators[1].normalization"),
        (indicator { $0.normalization = .fixedRange(low: 0, high: .nan) }, "dimensions[0].indicators[1].normalization"),
        (
            indicator {
                $0.normalization = .fixedRange(low: -1, high: 1)
                $0.transform = .log1p
            }, "dimensions[0].indicators[1].normalization"
        ),
        (
            indicator { $0.normalization = .benchmark(benchmark: 5, low: 1, high: 5) },
            "dimensions[0].indicators[1].normalization"
        ),
        (indicator { $0.normalization = .gradeMap([]) }, "dimensions[0].indicators[1].normalization"),
        (
            indicator { $0.normalization = .gradeMap([Grade(number: 1, score: 0), Grade(number: 1, score: 1)]) },
            "dimensions[0].indicators[1].normalization.grades[1]"
        ),
        (
            indicator { $0.direction = .target(value: 1, distance: 0) },
            "dimensions[0].indicators[1].direction.distance"
        ),
        (
            indicator {
                $0.direction = .target(value: 1, distance: 1)
                $0.normalization = .minMax
            }, "dimensions[0].indicators[1].normalization"
        ),
    ])
    func mistakesAreFoundWithTheirPlace(specification: ScoringSpecification, path: String) {
        let error = #expect(throws: ScoringError.self) { try specification.validate() }
        #expect(error?.kind == .invalidSpecification)
        #expect(error?.path == path)
    }

    @Test func onlyWhatIsNeededIsAskedFor() {
        func need(_ normalization: Normalization, _ missing: MissingPolicy = .renormalize) -> StatisticsNeed {
            StatisticsNeed(IndicatorSpecification(name: "x", normalization: normalization, missing: missing))
        }
        #expect(need(.standard).quantileLevels == [0.01, 0.99])
        #expect(need(.standard, .median).quantileLevels == [0.01, 0.5, 0.99])
        #expect(need(.minMax).quantileLevels == [] && need(.minMax).needsExtremes)
        #expect(!need(.standard).needsExtremes)
        #expect(!need(.standard).needsMoments && need(.zScore).needsMoments)
        #expect(need(.robustZ).needsMedianAbsoluteDeviation && need(.robustZ).quantileLevels == [0.5])
        #expect(need(.percentileRank).needsRanks && !need(.minMax).needsRanks)
    }
}
