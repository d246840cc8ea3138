import Reports
import Stratum
import Testing

/// Kinds of indicators, and the words that a plan leaves to the program.
struct PlanLanguageTests {
    private static func plan(_ members: String, indicator: String = "\"n\"") throws -> Plan {
        let text = #"{"version": 1, "dimensions": [{"name": "d", "indicators": ["# + indicator + "]}]" + members + "}"
        return try Plan(json: Array(text.utf8))
    }

    @Test func kindsAreReadAndWrittenBack() throws {
        for kind in Plan.Kind.allCases {
            let plan = try Self.plan("", indicator: #"{"name": "n", "kind": "\#(kind.rawValue)"}"#)
            #expect(plan.dimensions[0].indicators[0].kind == kind)
            let resolved = try plan.resolved()
            #expect(try Plan(json: resolved.json.encoded(indented: false)).dimensions[0].indicators[0].kind == kind)
        }
        #expect(try Self.plan("").dimensions[0].indicators[0].kind == nil)
    }

    @Test func whatIsNoKindIsRefusedWithTheNearest() {
        #expect {
            try Self.plan("", indicator: #"{"name": "n", "kind": "counts"}"#)
        } throws: { error in
            let error = error as? PlanError
            return error?.keyPath == "dimensions[0].indicators[0].kind"
                && error?.remedy == "did you mean 'count'? known here: amount, count, days, rate"
        }
    }

    @Test(arguments: [#""nps""#, #"{"kind": "likert", "points": 5}"#, #"{"kind": "grades", "scores": {"a": 1}}"#])
    func answersHaveNoOtherKind(normalization: String) {
        #expect {
            try Self.plan("", indicator: #"{"name": "n", "kind": "count", "normalization": \#(normalization)}"#)
        } throws: { error in
            let error = error as? PlanError
            return error?.kind == .conflict && error?.keyPath == "dimensions[0].indicators[0].kind"
        }
    }

    @Test func namesThatAreNotGivenAreInThePlansLanguage() throws {
        let layers =
            #","tiers": {"inactive": {"column": "x", "beyond": 3}, "potential": {"column": "x"},"#
            + #""negative": {"column": "y"}, "badDebt": {"name": "debt", "column": "z"}},"#
            + #""matrix": {"x": {"by": "d"}, "y": {"by": "score", "cuts": [30, 60]}}"#
        let chinese = try Self.plan(#","language": "zh""# + layers)
        #expect(chinese.tiers.tiers.map(\.name) == ["顶级客户", "重要客户", "中型客户", "小型客户"])
        #expect(chinese.tiers.inactive?.name == "不活跃客户" && chinese.tiers.potential?.name == "潜在客户")
        #expect(chinese.tiers.negative?.name == "亏损客户" && chinese.tiers.badDebt?.name == "debt")
        let matrix = try #require(try chinese.resolved().plan.matrix)
        #expect(matrix.unplaced == "未归类" && matrix.x.names == ["低", "高"] && matrix.y.names == ["低", "中", "高"])
        #expect(matrix.cells?[1] == ["低d、中score", "高d、中score"])
        let english = try #require(try Self.plan(layers).resolved().plan.matrix)
        #expect(english.unplaced == "unplaced" && english.cells?[1] == ["low d, middle score", "high d, middle score"])
        #expect(try Plan(json: chinese.resolved().json.encoded(indented: false)) == chinese.resolved().plan)
    }

    @Test func aMatrixOfTooManyClassesIsRefusedInAnyLanguage() {
        let cuts = (1...3000).map(String.init).joined(separator: ", ")
        let axis = #"{"by": "d", "cuts": [\#(cuts)]}"#
        #expect(throws: PlanError.self) {
            try Self.plan(#","language": "zh", "matrix": {"x": \#(axis), "y": \#(axis)}"#)
        }
    }
}
