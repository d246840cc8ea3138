import Foundation
import Reports
import Scoring
import Stratum
import TableIO
import Testing

struct DerivedColumnTests {
    private func error(_ derived: String, _ indicator: String = #""x""#, _ more: String = "") -> PlanError? {
        #expect(throws: PlanError.self) {
            try plan(
                #"{"version": 1, "derived": {\#(derived)}, "dimensions": [{"name": "a", "indicators": [\#(indicator)]}]\#(more)}"#
            )
        }
    }

    @Test(arguments: [
        (#""m": "a +""#, "derived.m", "the end where a value belongs at character 4 of 'a +'"),
        (#""m": "m + 1""#, "derived.m", "'m' is derived from itself"),
        (#""p": "q + 1", "q": "r", "r": "p""#, "derived.p", "'p' is derived from itself by way of q, r"),
        (#""customer_id": "a""#, "derived.customer_id", "'customer_id' is the column of ids"),
        (#""m": "customer_id * 2""#, "derived.m", "'customer_id' is the column of ids, no number"),
        (#""m": {}"#, "derived.m", "neither benefits nor costs"),
        (#""m": {"costs": {"a": -1}}"#, "derived.m.costs.a", "the weight -1.0 cannot be used"),
        (#""m": {"cost": {"a": 1}}"#, "derived.m.cost", "unknown key 'cost'"),
        (#""m": "a", "m": "b""#, "derived.m", "the key 'm' is given twice"),
    ])
    func mistakesAreToldWithTheirPlace(_ derived: String, _ path: String, _ problem: String) {
        let found = error(derived)
        #expect(found?.keyPath == path)
        #expect(found?.problem == problem)
    }

    @Test func limitsAndWordsBelongToTheFile() {
        #expect(
            error(#""m": "a""#, #"{"name": "m", "admissible": {"minimum": 0}}"#)?.keyPath
                == "dimensions[0].indicators[0].admissible")
        #expect(
            error(#""m": "a""#, #"{"name": "m", "normalization": "yesNo"}"#)?.keyPath
                == "dimensions[0].indicators[0].normalization")
        let renamed = error(#""m": "a""#, #""m""#, #", "input": {"columns": {"m": "M"}}"#)
        #expect(renamed?.problem == "the plan uses no column 'm'")
    }

    @Test func kindsHaveLimitsOfTheirOwn() throws {
        func indicator(_ text: String) throws -> Plan.Indicator {
            try plan(#"{"version": 1, "dimensions": [{"name": "a", "indicators": [\#(text)]}]}"#).resolved()
                .plan.dimensions[0].indicators[0]
        }
        let kinds: [(String, ClosedRange<Double>)] = [
            (#""nps""#, 0...10), (#""likert""#, 1...5), (#"{"kind": "likert", "points": 7}"#, 1...7),
            (#""semanticDifferential""#, -3...3), (#"{"kind": "semanticDifferential", "reach": 2}"#, -2...2),
        ]
        for (kind, range) in kinds {
            let found = try indicator(#"{"name": "x", "normalization": \#(kind)}"#)
            #expect(found.admissible == .init(minimum: range.lowerBound, maximum: range.upperBound))
        }
        let narrower = try indicator(#"{"name": "x", "normalization": "likert", "admissible": {"minimum": 2}}"#)
        #expect(narrower.admissible == .init(minimum: 2, maximum: 5))
        #expect(throws: PlanError.self) {
            try indicator(#"{"name": "x", "normalization": "likert", "admissible": {"maximum": 9}}"#)
        }
        #expect(throws: PlanError.self) {
            try indicator(#"{"name": "x", "normalization": "nps", "transform": "log1p"}"#)
        }
    }

    @Test func oneColumnHasOneSetOfWords() {
        let other = #"{"name": "y", "column": "x", "normalization": {"kind": "grades", "scores": {"a": 1}}}"#
        #expect(
            error(#""m": "a""#, #"{"name": "x", "normalization": "yesNo"}, \#(other)"#)?.kind == .conflict)
        #expect(
            error(#""m": "a""#, #"{"name": "x", "normalization": "yesNo"}, {"name": "z", "column": "x"}"#)?.kind
                == .conflict)
        #expect(
            error(#""m": "a""#, #"{"name": "x", "normalization": "yesNo"}"#, #", "input": {"nullWords": ["Yes"]}"#)?
                .kind
                == .conflict)
    }

    // MARK: Runs

    private static let planText = #"""
        {"version": 1, "input": {"nullWords": ["NA"]},
         "derived": {"rate": "margin / `net sales`", "delivered": {"benefits": {"q": 0.5}, "costs": {"price": 2}},
                     "double": "rate * 2", "answers": "(s1 + s2) / 2"},
         "dimensions": [
           {"name": "d", "indicators": [{"name": "rate", "normalization": {"kind": "fixedRange", "low": 0, "high": 1}},
             {"name": "v", "column": "delivered", "normalization": {"kind": "fixedRange", "low": -10, "high": 10}}]},
           {"name": "e", "indicators": [{"name": "answers", "normalization": "likert"}, {"name": "n", "normalization": "nps"},
             {"name": "level", "normalization": {"kind": "grades", "scores": {"gold": 1, "铜": 0.25, "7": 0.5}}},
             {"name": "member", "normalization": "yesNo", "direction": "lower"}]}],
         "value": "double", "tiers": {"by": {"column": "double"}},
         "output": {"columns": ["dimensions", "score", "tier", "flags"]}}
        """#

    private static let customers = """
        customer_id,margin,net sales,q,price,s1,s2,n,level,member
        a,1,4,10,1,4,5,9,gold,YES
        b,3,4,20,7,1,2,8, 铜 ,否
        c,1,0,,1,9,9,6,"7",0
        d,-2,4,10,1,3,3,NA,,true
        e,1,2,10,1,3,3,10,tin,true

        """

    @Test func derivedColumnsServeWhereverAColumnDoes() throws {
        let folder = EngineTests.Folder()
        var options = RunOptions()
        options.sync = false
        options.maxRejects = .count(1)
        let engine = Engine(plan: try plan(Self.planText).resolved(), options: options)
        let result = try engine.run(
            InputSource(bytes: Array(Self.customers.utf8), name: "m"), outputFolder: folder.path + "/out")
        let lines = try folder.text("out/scores.csv").split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "customer_id,d,e,score,tier,flags",
                // rate .25, delivered 3 -> .65; answers 4.5 -> .875, promoter, gold, member turned to 0.
                "a,45.000,71.875,58.438,small,",
                // rate .75, delivered -4 -> .3; answers 1.5 -> .125, passive, 铜 .25, no member: 1.
                "b,52.500,46.875,49.688,medium,",
                // Neither rate nor delivered; answers 9 is none; detractor, 7 -> .5, 1.
                "c,,50.000,50.000,,some_missing dimension_missing out_of_domain",
                "d,32.500,25.000,28.750,small,some_missing",
            ])
        let missing = Dictionary(uniqueKeysWithValues: result.summary.missing.map { ($0.name, $0.count) })
        #expect(missing == ["rate": 1, "delivered": 1, "answers": 0, "n": 1, "level": 1, "member": 0, "double": 1])
        #expect(result.summary.rows.rejectReasons.map(\.name) == ["unknown_word"])
        let promoters: JSONValue = [
            "indicator": "n", "promoters": .integer(1), "passives": .integer(1), "detractors": .integer(1),
            "score": .number(0),
        ]
        #expect(result.summary.results.first { $0.key == "netPromoter" }?.value == .list([promoters]))

        // The model keeps words and expressions: scoring gives the same bytes, for its resolved plan too.
        let model = try #require(result.model)
        #expect(try Model.decode(model.encode()).plan == model.plan)
        let again = try Plan(json: model.plan.json.encoded(indented: false)).resolved()
        #expect(again == model.plan)
        nonisolated(unsafe) var bytes: [UInt8] = []
        _ = try Engine.score(
            model: Model.decode(model.encode()), InputSource(bytes: Array(Self.customers.utf8), name: "m"),
            options: options
        ) { bytes += Array($0) }
        #expect(String(decoding: bytes, as: UTF8.self) == (try folder.text("out/scores.csv")))
    }

    @Test func deliveredValueIsShownAsAnExpression() throws {
        let resolved = try plan(Self.planText).resolved()
        #expect(resolved.plan.derived.first { $0.name == "delivered" }?.formula == .expression("0.5 * q - 2 * price"))
        let quoted = DerivedColumn(
            "v",
            .deliveredValue(
                benefits: [], costs: [.init("a \"b\"", weight: 1), .init("9x", weight: 0.5), .init("价×", weight: 2)]))
        #expect(quoted.expression == #"-1 * "a ""b""" - 0.5 * "9x" - 2 * "价×""#)
    }
}
