import Foundation
import Reports
import Scoring
import Segmentation
import Stratum
import Testing
import Tiers

struct ResolvedPlanTests {
    @Test func defaultsAreDecidedAndPrinted() throws {
        let resolved = try plan(
            #"{"version": 1, "dimensions": [{"name": "经济", "weight": 3, "indicators": ["消费额", {"name": "n", "weight": 3}]}]}"#
        ).resolved()
        #expect(
            String(decoding: resolved.json.encoded(indented: true), as: UTF8.self) == """
                {
                  "aggregation": "arithmetic",
                  "dimensions": [
                    {
                      "indicators": [
                        {
                          "column": "消费额",
                          "direction": "higher",
                          "missing": "renormalize",
                          "name": "消费额",
                          "normalization": {
                            "high": 0.99,
                            "kind": "quantileRange",
                            "low": 0.01
                          },
                          "transform": "none",
                          "weight": 0.25
                        },
                        {
                          "column": "n",
                          "direction": "higher",
                          "missing": "renormalize",
                          "name": "n",
                          "normalization": {
                            "high": 0.99,
                            "kind": "quantileRange",
                            "low": 0.01
                          },
                          "transform": "none",
                          "weight": 0.75
                        }
                      ],
                      "name": "经济",
                      "weight": 1
                    }
                  ],
                  "input": {
                    "delimiter": ",",
                    "id": "customer_id",
                    "kind": "customers"
                  },
                  "limits": {
                    "maxRejects": {
                      "share": 0.01
                    }
                  },
                  "output": {
                    "columns": ["dimensions", "score", "percentileRank", "tier", "flags"],
                    "decimals": 3
                  },
                  "tiers": {
                    "by": "score",
                    "method": "shares",
                    "tiers": [
                      {
                        "name": "top",
                        "share": 0.01
                      },
                      {
                        "name": "major",
                        "share": 0.04
                      },
                      {
                        "name": "medium",
                        "share": 0.15
                      },
                      {
                        "name": "small",
                        "share": 0.8
                      }
                    ],
                    "ties": "upward"
                  },
                  "version": 1
                }
                """)
    }

    @Test func columnsAreReadOnceIndicatorsFirst() throws {
        var plan = Plan(
            dimensions: [
                .init("a", indicators: [.init("x"), .init("y", column: "spend", admissible: .init(minimum: 0))]),
                .init("b", indicators: [.init("z", column: "x")]),
            ], value: "spend")
        plan.tiers = .init(
            [.init("all", .rest)], by: .column("rank"), ties: .split(key: "tie"),
            inactive: .init(column: "days", beyond: 10), potential: .init(column: "x"))
        let resolved = try plan.resolved()
        #expect(resolved.columns == ["x", "spend", "rank", "tie", "days"])
        #expect(resolved.admissible.map(\.minimum) == [nil, 0, nil, nil, nil])
        #expect(resolved.indicatorColumns == [0, 1, 0] && resolved.valueColumn == 1 && resolved.rankingColumn == 2)
        #expect(resolved.tieColumn == 3 && resolved.inactiveColumn == 4 && resolved.potentialColumn == 0)
        #expect(resolved.outputHeader == ["customer_id", "a", "b", "score", "percentile_rank", "tier", "flags"])
        #expect(resolved.standing(inactivity: 11, activity: 1) == .inactive)
        #expect(resolved.standing(inactivity: 10, activity: 1) == .active)
        #expect(resolved.standing(inactivity: 11, activity: 0) == .potential)
        #expect(resolved.standing(inactivity: .nan, activity: .nan) == .active)
    }

    @Test func spellingsOfOneNameAreTwoColumns() throws {
        let plan = Plan(dimensions: [.init("a", indicators: [.init("x", column: "é"), .init("y", column: "e\u{301}")])])
        #expect(try plan.resolved().columns.count == 2)
    }

    @Test func weightsSumToOne() throws {
        let plan = Plan(dimensions: [
            .init("a", weight: 2, indicators: [.init("x", weight: 1), .init("y", weight: 2)]),
            .init("b", weight: 6, indicators: [.init("z", weight: 0.1)]),
        ])
        let scoring = try plan.resolved().scoring
        #expect(scoring.dimensions.map(\.weight) == [0.25, 0.75])
        let thirds: [Double] = [1 / 3.0, 2 / 3.0, 1]
        #expect(scoring.indicators.map(\.weight) == thirds)
    }

    @Test func targetsAndGradesKeepThemselvesOutOfTheDefaults() throws {
        let plan = Plan(
            dimensions: [
                .init(
                    "a",
                    indicators: [
                        .init("x", direction: .target(10, zeroAt: 4)),
                        .init("g", treatment: .init(normalization: .gradeMap([.init(number: 1, score: 1)]))),
                        .init("y"),
                    ])
            ], defaults: .init(transform: .log1p, normalization: .zScore, missing: .worst))
        let indicators = try plan.resolved().scoring.indicators
        #expect(indicators[0].direction == .target(value: 10, distance: 6) && indicators[0].normalization == .standard)
        #expect(indicators.map(\.transform) == [Transform.none, .none, .log1p])
        #expect(indicators.map(\.missing) == [MissingPolicy.worst, .worst, .worst])
    }

    @Test func tiersSpeakTheWordsOfTheirStage() throws {
        func tiers(_ json: String) throws -> TierSpecification {
            try plan(#"{"version": 1, "dimensions": [{"name": "a", "indicators": ["x"]}], "tiers": \#(json)}"#)
                .resolved().tiers
        }
        #expect(
            try plan(#"{"version": 1, "dimensions": [{"name": "a", "indicators": ["x"]}]}"#).resolved().tiers
                == .pyramid)
        #expect(try tiers(#"[{"name": "a", "share": "20%"}, "b"]"#).rule == .customerShares([0.2, 0.8]))
        #expect(try tiers(#"[{"name": "a", "share": 1}, "b"]"#).rule == .customerShares([1, 0]))
        #expect(
            try tiers(#"[{"name": "a", "atLeast": 60}, {"name": "b", "atLeast": 0}, "c"]"#).rule
                == .lowerBounds([60, 0]))
        #expect(
            try tiers(#"{"by": "x", "tiers": [{"name": "A", "cumulativeShare": "80%"}, {"name": "B"}]}"#).rule
                == .valueShares([0.8]))
        #expect(try tiers(#"{"ties": {"split": "x"}, "potential": {"column": "n"}}"#).potentialName == "potential")
        #expect(try tiers(#"["everyone"]"#).rule == .customerShares([1]))
    }

    @Test(arguments: 0..<200)
    func resolvingTwiceChangesNothing(seed: Int) throws {
        let resolved = try randomPlan(seed: seed).resolved()
        #expect(try resolved.plan.resolved() == resolved)
        #expect(try Plan(json: resolved.json.encoded(indented: true)).resolved() == resolved)
        #expect(try JSONDecoder().decode(ResolvedPlan.self, from: JSONEncoder().encode(resolved)) == resolved)
        #expect(throws: Never.self) { try resolved.scoring.validate() }
        #expect(throws: Never.self) { try resolved.tiers.validate() }
        #expect(throws: Never.self) { try resolved.plan.segments?.parameters.validate() }
        let weights = resolved.scoring.dimensions.map(\.weight).reduce(0, +)
        #expect(abs(weights - 1) < 1e-12)
    }
}
