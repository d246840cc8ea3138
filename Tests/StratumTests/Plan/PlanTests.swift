import Foundation
import Reports
import Scoring
import Stratum
import TableIO
import Testing

struct PlanTests {
    @Test func fewWordsMakeAPlan() throws {
        let plan = try plan(#"{"version": 1, "dimensions": [{"name": "经济", "indicators": ["消费额", "orders"]}]}"#)
        #expect(plan == Plan(dimensions: [.init("经济", indicators: [.init("消费额"), .init("orders")])]))
        #expect(plan.input == Plan.Input(id: "customer_id", delimiter: ",", nullWords: []))
        #expect(plan.tiers == .classic && plan.segments == nil && plan.limits.maxRejects == .share(0.01))
    }

    @Test func theFormOfNumbersIsRead() throws {
        let german = try plan(
            #"""
            {"version": 1, "dimensions": [{"name": "a", "indicators": ["x"]}],
             "input": {"decimalMark": "comma", "thousandsSeparator": "point", "currency": ["€", "kr."], "percent": true}}
            """#)
        var numbers = NumberFormat()
        numbers.decimalMark = .comma
        numbers.thousandsSeparator = "."
        numbers.currencySymbols = ["€", "kr."]
        numbers.percent = true
        #expect(german.input.numbers == numbers)
        let none = try plan(
            #"""
            {"version": 1, "dimensions": [{"name": "a", "indicators": ["x"]}],
             "input": {"thousandsSeparator": "none", "percent": false}}
            """#)
        #expect(none.input.numbers == NumberFormat())
    }

    @Test func theLayoutOfTheFileIsRead() throws {
        let plan = try plan(
            #"""
            {"version": 1, "dimensions": [{"name": "a", "indicators": ["x", {"name": "y", "column": "Y"}]}],
             "input": {"delimiter": "auto", "columns": {"x": "消费额", "Y": "1", "customer_id": "x"}, "skipLines": 3,
                       "comment": "#", "encoding": "gb18030", "expectedRecords": 2357}}
            """#)
        var input = Plan.Input(delimiter: "auto")
        input.columns = [.init("x", header: "消费额"), .init("Y", header: "1"), .init("customer_id", header: "x")]
        input.skippedLineCount = 3
        input.comment = "#"
        input.encoding = .gb18030
        input.expectedRecordCount = 2357
        #expect(plan.input == input)
        #expect(plan.input.columns.map(\.name) == ["Y", "customer_id", "x"])
    }

    @Test func everyKeyIsRead() throws {
        let plan = try plan(
            #"""
            {"version": 1,
             "input": {"kind": "customers", "id": "编号", "delimiter": "tab", "nullWords": ["NA", null]},
             "defaults": {"transform": "sqrt", "normalization": "minMax", "missing": "median"},
             "dimensions": [
               {"name": "a", "weight": "40%", "indicators": [
                 {"name": "x", "column": "X", "weight": 3, "direction": "lower", "transform": "signedLog1p",
                  "normalization": {"kind": "quantileRange", "low": "5%", "high": 0.9},
                  "missing": {"constant": 0.25}, "admissible": {"minimum": -1.5, "maximum": 1e3}},
                 {"name": "y", "direction": {"target": 20, "zeroAt": 60}, "missing": "fail"}]},
               {"name": "b", "indicators": [
                 {"name": "n", "normalization": {"kind": "fixedRange", "low": 1, "high": 5, "benchmark": 4}},
                 {"name": "g", "transform": "none",
                  "normalization": {"kind": "grades", "scores": {"1": 0, "2": 0.4, "-3.5": 1}}}]}],
             "aggregation": {"kind": "geometric", "floor": 2}, "value": "X",
             "tiers": {"by": {"column": "score"}, "method": "bands", "ties": {"split": "X"},
                       "tiers": [{"name": "VIP", "atLeast": 1000}, {"name": "rest"}],
                       "inactive": {"column": "days", "beyond": 365}, "potential": {"name": "new", "column": "n"}},
             "segments": {"count": 3, "features": "zScore", "columns": ["x", "g"], "seeding": "random",
                          "iterationLimit": 7, "tolerance": 0, "restarts": 2, "seed": 18446744073709551615,
                          "names": {"1": "best"}},
             "output": {"columns": ["score", "missingCount"], "decimals": 0}, "limits": {"maxRejects": 5}}
            """#)
        var expected = Plan(
            dimensions: [
                .init(
                    "a", weight: 0.4,
                    indicators: [
                        .init(
                            "x", column: "X", weight: 3, direction: .lower,
                            treatment: .init(
                                transform: .signedLog1p, normalization: .quantileRange(low: 0.05, high: 0.9),
                                missing: .constant(0.25)), admissible: .init(minimum: -1.5, maximum: 1000)),
                        .init("y", direction: .target(20, zeroAt: 60), treatment: .init(missing: .fail)),
                    ]),
                .init(
                    "b",
                    indicators: [
                        .init("n", treatment: .init(normalization: .benchmark(benchmark: 4, low: 1, high: 5))),
                        .init(
                            "g",
                            treatment: .init(
                                transform: Transform.none,
                                normalization: .gradeMap([
                                    .init(number: -3.5, score: 1), .init(number: 1, score: 0),
                                    .init(number: 2, score: 0.4),
                                ]))),
                    ]),
            ],
            input: .init(id: "编号", delimiter: "\t", nullWords: ["NA", "null"]),
            defaults: .init(transform: .sqrt, normalization: .minMax, missing: .median),
            aggregation: .geometric(floor: 2), value: "X",
            tiers: .init(
                [.init("VIP", .atLeast(1000)), .init("rest", .rest)], by: .column("score"), method: .bands,
                ties: .split(key: "X"), inactive: .init(column: "days", beyond: 365),
                potential: .init(name: "new", column: "n")),
            segments: .init(
                count: 3, features: .zScore, columns: ["x", "g"], seeding: .random, iterationLimit: 7, tolerance: 0,
                restarts: 2, seed: .max, names: [1: "best"]))
        expected.output = .init(columns: [.score, .missingCount], decimals: 0)
        expected.limits = .init(maxRejects: .count(5))
        #expect(plan == expected)
    }

    @Test func theSampleIsTheRetailPlan() throws {
        let file = try String(contentsOf: dataFolder.appending(path: "plans/retail.yaml"), encoding: .utf8)
        #expect(Plan.sample == file)
    }

    @Test(arguments: 0..<200)
    func whatIsPrintedReadsBack(seed: Int) throws {
        let plan = randomPlan(seed: seed)
        #expect(try Plan(json: plan.json.encoded(indented: seed.isMultiple(of: 2))) == plan)
        let encoder = JSONEncoder()
        #expect(try JSONDecoder().decode(Plan.self, from: encoder.encode(plan)) == plan)
    }

    @Test func aDecoderIsAsStrictAsAText() {
        let json = #"{"version": 1, "dimensions": [{"name": "a", "wieght": 2, "indicators": ["x"]}]}"#
        let error = #expect(throws: PlanError.self) { try JSONDecoder().decode(Plan.self, from: Data(json.utf8)) }
        #expect(error?.keyPath == "dimensions[0].wieght")
    }
}

/// The folder of samples, from the place of this file.
let dataFolder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../data").standardized

func plan(_ json: String) throws(PlanError) -> Plan { try Plan(json: Array(json.utf8)) }
