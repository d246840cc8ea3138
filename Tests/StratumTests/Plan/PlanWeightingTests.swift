import Reports
import Scoring
import Stratum
import Testing

/// `weights:` and `judgments:` of a plan.
struct PlanWeightingTests {
    private func read(_ line: String, dimensions: String = #"[{"name": "a", "indicators": ["x", "y", "z"]}]"#) throws
        -> Plan
    {
        try plan("{\"version\": 1, \"dimensions\": \(dimensions), \(line)}")
    }

    @Test func aMethodAloneHasDefaults() throws {
        #expect(try read(#""weights": "critic""#).weighting == Plan.Weighting(.critic))
        let whole = #""weights": {"method": "logistic", "scope": "allIndicators", "outcome": "stayed", "ridge": 0.1}"#
        #expect(
            try read(whole).weighting
                == Plan.Weighting(.logistic, scope: .allIndicators, outcome: "stayed", ridge: 0.1))
        #expect(try read(#""weights": {"method": "merec", "ownShare": "50%"}"#).weighting?.ownShare == 0.5)
    }

    @Test func whatIsReadIsWrittenAndReadAgain() throws {
        let text =
            #""weights": {"method": "leastSquares", "outcome": "o", "ridge": 2, "ownShare": 0.25}, "judgments": []"#
        let dimensions = #"[{"name": "a", "indicators": ["x", "y", "z"], "judgments": [3, 5, "1/3"]}]"#
        var plan = try read(text.replacing(#", "judgments": []"#, with: ""), dimensions: dimensions)
        #expect(plan.dimensions[0].judgments == [3, 5, 1.0 / 3])
        #expect(try Plan(json: plan.json.encoded(indented: false)) == plan)
        plan = try plan.resolved().plan
        #expect(plan.dimensions[0].judgments == nil)
        #expect(try plan.resolved().plan == plan)
    }

    @Test(arguments: [
        (#""weights": "critik""#, "weights"), (#""weights": {"method": "leastSquares"}"#, "weights.outcome"),
        (#""weights": {"method": "critic", "outcome": "o"}"#, "weights.outcome"),
        (#""weights": {"method": "critic", "ridge": 1}"#, "weights.ridge"),
        (#""weights": {"method": "critic", "ownShare": 2}"#, "weights.ownShare"),
        (#""weights": {"method": "critic", "mix": 2}"#, "weights.mix"),
        (#""judgments": [3]"#, "judgments"),
    ])
    func mistakesAreRefusedAtTheirPlace(line: String, path: String) {
        let error = #expect(throws: PlanError.self) { try read(line) }
        #expect(error?.keyPath == path)
        #expect(error?.remedy.isEmpty == false)
    }

    @Test(arguments: [
        (#""judgments": [3, 5]"#, "dimensions[0].judgments"),
        (#""judgments": [3, 5, 0]"#, "dimensions[0].judgments[2]"),
        (#""judgments": [3, 5, "1/0"]"#, "dimensions[0].judgments[2]"),
    ])
    func judgmentsMustBeATriangleOfRatios(judgments: String, path: String) {
        let error = #expect(throws: PlanError.self) {
            try read(
                #""value": "x""#, dimensions: #"[{"name": "a", "indicators": ["x", "y", "z"], \#(judgments)}]"#)
        }
        #expect(error?.keyPath == path)
    }

    @Test func judgmentsBesideWeightsAreAConflict() {
        let error = #expect(throws: PlanError.self) {
            try read(
                #""value": "x""#,
                dimensions: #"[{"name": "a", "indicators": [{"name": "x", "weight": 2}, "y"], "judgments": [3]}]"#)
        }
        #expect(error?.kind == .conflict)
    }
}
