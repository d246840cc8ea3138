import Scoring
import Stratum
import Testing

/// Every mistake is refused, with its key path, its place in the text and a remedy.
struct PlanErrorTests {
    /// A plan with one more line, or with its dimensions replaced.
    private func error(_ line: String, dimensions: String = #"[{"name": "a", "indicators": ["x"]}]"#) -> PlanError? {
        let comma = line.isEmpty ? "" : ","
        return #expect(throws: PlanError.self) {
            try plan("{\"version\": 1,\n \"dimensions\": \(dimensions)\(comma)\n \(line)}")
        }
    }

    @Test func unknownKeyNamesTheNearest() {
        let found = error("", dimensions: #"[{"name": "a", "indicators": [{"name": "x", "wieght": 2}]}]"#)
        #expect(
            found?.description
                == "plan: unknown key 'wieght' (dimensions[0].indicators[0].wieght, line 2, column 60); did you mean 'weight'?"
        )
        #expect(error(#""Tiers": []"#)?.remedy == "did you mean 'tiers'?")
        #expect(error(#""colour": 1"#)?.remedy.hasPrefix("known here: version, input") == true)
    }

    @Test(arguments: [
        (#""value": "a", "value": "b""#, PlanError.Kind.duplicateKey, "value"),
        (#""segments": {"count": 2, "names": {"1": "a", "1": "b"}}"#, .duplicateKey, "segments.names.1"),
        (#""segments": {}"#, .missingKey, "segments"),
        (#""segments": {"names": {}}"#, .missingKey, "segments"),
        (#""segments": 2.5"#, .invalidValue, "segments"),
        (#""segments": 0"#, .invalidValue, "segments"),
        (#""segments": "6""#, .wrongType, "segments"),
        (#""segments": {"count": 2, "names": {"3": "c"}}"#, .invalidValue, "segments.names.3"),
        (#""segments": {"count": 2, "names": {"1": "c", "2": "c"}}"#, .duplicateName, "segments.names.2"),
        (#""segments": {"count": 2, "columns": ["X"]}"#, .invalidValue, "segments.columns[0]"),
        (#""segments": {"count": 2, "columns": []}"#, .invalidValue, "segments.columns"),
        (#""segments": {"count": 2, "tolerance": -1}"#, .invalidValue, "segments.tolerance"),
        (#""segments": {"count": 2, "seed": -1}"#, .wrongType, "segments.seed"),
        (#""segments": 70000"#, .invalidValue, "segments.count"),
        (#""segments": "2...70000""#, .invalidValue, "segments.count"),
        (#""segments": "12...2""#, .wrongType, "segments"),
        (#""segments": "0...3""#, .wrongType, "segments"),
        (#""segments": {"count": "2...", "seed": 1}"#, .wrongType, "segments.count"),
        (#""segments": {"count": 3, "criterion": "knee"}"#, .conflict, "segments.criterion"),
        (#""segments": {"count": 3, "gapReferences": 5}"#, .conflict, "segments.gapReferences"),
        (#""segments": {"count": "2...5", "criterion": "elbow"}"#, .invalidValue, "segments.criterion"),
        (#""segments": {"count": "2...3", "criterion": "knee"}"#, .invalidValue, "segments.criterion"),
        (#""segments": {"count": "2...3", "gapReferences": 1001}"#, .invalidValue, "segments.gapReferences"),
        (#""segments": {"count": "2...3", "silhouetteSample": 1}"#, .invalidValue, "segments.silhouetteSample"),
        (#""segments": {"count": 3, "minimumShare": "100%"}"#, .invalidValue, "segments.minimumShare"),
        (#""segments": {"count": 3, "algorithm": "fast"}"#, .invalidValue, "segments.algorithm"),
        (#""segments": {"count": 3, "weight": ""}"#, .invalidValue, "segments.weight"),
        (#""value": null"#, .wrongType, "value"),
        (#""value": ["a"]"#, .wrongType, "value"),
        (#""value": " a""#, .invalidValue, "value"),
        (#""value": "a\nb""#, .invalidValue, "value"),
        (#""aggregation": "geometrical""#, .invalidValue, "aggregation"),
        (#""aggregation": {"kind": "arithmetic", "floor": 1}"#, .unknownKey, "aggregation.floor"),
        (#""aggregation": {"kind": "geometric", "floor": 101}"#, .invalidValue, "aggregation.floor"),
        (#""input": {"delimiter": "ab"}"#, .invalidValue, "input.delimiter"),
        (#""input": {"delimiter": "a"}"#, .invalidValue, "input.delimiter"),
        (#""input": {"delimiter": "\""}"#, .invalidValue, "input.delimiter"),
        (#""input": {"delimiter": "，"}"#, .invalidValue, "input.delimiter"),
        (#""input": {"kind": "order"}"#, .invalidValue, "input.kind"),
        (#""input": {"id": ""}"#, .invalidValue, "input.id"),
        (#""input": {"nullWords": ["NA", "NA"]}"#, .duplicateName, "input.nullWords[1]"),
        (#""input": {"decimalMark": "colon"}"#, .invalidValue, "input.decimalMark"),
        (#""input": {"thousandsSeparator": "point"}"#, .invalidValue, "input.thousandsSeparator"),
        (#""input": {"decimalMark": "comma", "thousandsSeparator": ","}"#, .invalidValue, "input.thousandsSeparator"),
        (#""input": {"thousandsSeparator": "7"}"#, .invalidValue, "input.thousandsSeparator"),
        (#""input": {"thousandsSeparator": "''"}"#, .invalidValue, "input.thousandsSeparator"),
        (#""input": {"currency": []}"#, .invalidValue, "input.currency"),
        (#""input": {"currency": ["€", "-"]}"#, .invalidValue, "input.currency[1]"),
        (#""input": {"percent": "yes"}"#, .wrongType, "input.percent"),
        (#""input": {"percent": 1}"#, .wrongType, "input.percent"),
        (#""input": {"delimiter": "Auto"}"#, .invalidValue, "input.delimiter"),
        (#""input": {"skipLines": -1}"#, .invalidValue, "input.skipLines"),
        (#""input": {"skipLines": 1.5}"#, .invalidValue, "input.skipLines"),
        (#""input": {"skipLines": "1"}"#, .wrongType, "input.skipLines"),
        (#""input": {"comment": "//"}"#, .invalidValue, "input.comment"),
        (#""input": {"comment": "a"}"#, .invalidValue, "input.comment"),
        (#""input": {"comment": "\t"}"#, .invalidValue, "input.comment"),
        (#""input": {"comment": ";", "delimiter": "semicolon"}"#, .conflict, "input.comment"),
        (#""input": {"comment": null}"#, .wrongType, "input.comment"),
        (#""input": {"encoding": "latin1"}"#, .invalidValue, "input.encoding"),
        (#""input": {"expectedRecords": -1}"#, .invalidValue, "input.expectedRecords"),
        (#""input": {"columns": ["x"]}"#, .wrongType, "input.columns"),
        (#""input": {"columns": {"x": 1, "x": 2}}"#, .duplicateKey, "input.columns.x"),
        (#""input": {"columns": {"x": null}}"#, .wrongType, "input.columns.x"),
        (#""input": {"columns": {"x": " a"}}"#, .invalidValue, "input.columns.x"),
        (#""input": {"columns": {"y": "a"}}"#, .invalidValue, "input.columns.y"),
        (#""input": {"columns": {"customer_id": "a", "x": "a"}}"#, .conflict, "input.columns.x"),
        (#""input": {"columns": {"x": "customer_id"}}"#, .conflict, "input.columns.x"),
        (#""output": {"columns": []}"#, .invalidValue, "output.columns"),
        (#""output": {"columns": ["score", "score"]}"#, .duplicateName, "output.columns[1]"),
        (#""output": {"columns": ["segment"]}"#, .conflict, "output.columns[0]"),
        (#""output": {"columns": ["Score"]}"#, .invalidValue, "output.columns[0]"),
        (#""output": {"columns": ["contributions"]}, "aggregation": "geometric""#, .conflict, "output.columns[0]"),
        (#""output": {"decimals": 10}"#, .invalidValue, "output.decimals"),
        (#""output": {"decimals": -1}"#, .invalidValue, "output.decimals"),
        (#""input": {"id": "tier"}"#, .duplicateName, "output.columns"),
        (#""limits": {"maxRejects": "101%"}"#, .invalidValue, "limits.maxRejects"),
        (#""limits": {"maxRejects": -1}"#, .invalidValue, "limits.maxRejects"),
        (#""limits": {"maxRejects": 0.01}"#, .invalidValue, "limits.maxRejects"),
        (#""tiers": []"#, .invalidValue, "tiers"),
        (#""tiers": ["a", "b"]"#, .conflict, "tiers.tiers[0]"),
        (#""tiers": [{"name": "a", "share": 0.5}, {"name": "a"}]"#, .duplicateName, "tiers.tiers[1].name"),
        (#""tiers": [{"name": "a", "share": 0.5, "atLeast": 1}]"#, .conflict, "tiers[0]"),
        (#""tiers": [{"name": "a", "share": 0.5}, {"name": "b", "share": 0.4}]"#, .invalidValue, "tiers.tiers"),
        (#""tiers": [{"name": "a", "share": 0.7}, {"name": "b", "share": 0.4}]"#, .invalidValue, "tiers.tiers"),
        (#""tiers": [{"name": "a", "share": 0}, {"name": "b"}]"#, .invalidValue, "tiers.tiers[0].share"),
        (#""tiers": [{"name": "a", "share": "-5%"}, {"name": "b"}]"#, .invalidValue, "tiers.tiers[0].share"),
        (#""tiers": [{"name": "a", "atLeast": 5}, {"name": "b", "cumulativeShare": 1}]"#, .conflict, "tiers.tiers[1]"),
        (
            #""tiers": [{"name": "a", "atLeast": 5}, {"name": "b", "atLeast": 5}]"#, .invalidValue,
            "tiers.tiers[1].atLeast"
        ),
        (#""tiers": [{"name": "a", "atLeast": 5}]"#, .invalidValue, "tiers.tiers[0]"),
        (
            #""tiers": {"method": "bands", "tiers": [{"name": "a", "atLeast": 5}, {"name": "b"}]}"#, .conflict,
            "tiers.method"
        ),
        (#""tiers": {"by": "x", "method": "cutoffs", "tiers": [{"name": "a"}]}"#, .conflict, "tiers.method"),
        (
            #""tiers": [{"name": "a", "cumulativeShare": 0.8}, {"name": "b", "cumulativeShare": 0.8}]"#, .invalidValue,
            "tiers.tiers[1].cumulativeShare"
        ),
        (#""tiers": [{"name": "a", "cumulativeShare": 0.8}]"#, .invalidValue, "tiers.tiers[0].cumulativeShare"),
        (#""tiers": {"ties": "up"}"#, .invalidValue, "tiers.ties"),
        (#""tiers": {"inactive": {"column": "d"}}"#, .missingKey, "tiers.inactive"),
        (#""tiers": {"inactive": {"name": "top", "column": "d", "beyond": 1}}"#, .duplicateName, "tiers.inactive.name"),
    ])
    func mistakesHaveTheirKind(line: String, kind: PlanError.Kind, keyPath: String) {
        let found = error(line)
        #expect(found?.kind == kind && found?.keyPath == keyPath, "\(found?.description ?? "nothing")")
        #expect(found?.position?.line == 3 || keyPath == "output.columns" || keyPath.hasPrefix("tiers"))
        #expect(found?.remedy.isEmpty == false)
    }

    @Test(arguments: [
        (#"[]"#, PlanError.Kind.invalidValue, "dimensions"),
        (#"{"name": "a"}"#, .wrongType, "dimensions"),
        (#"[{"name": "a", "indicators": []}]"#, .invalidValue, "dimensions[0].indicators"),
        (#"[{"name": "a"}]"#, .missingKey, "dimensions[0]"),
        (#"[{"name": "a", "indicators": ["x", "x"]}]"#, .duplicateName, "dimensions[0].indicators[1].name"),
        (
            #"[{"name": "a", "indicators": ["x"]}, {"name": "b", "indicators": ["x"]}]"#, .duplicateName,
            "dimensions[1].indicators[0].name"
        ),
        (
            #"[{"name": "a", "indicators": ["x"]}, {"name": "a", "indicators": ["y"]}]"#, .duplicateName,
            "dimensions[1].name"
        ),
        (#"[{"name": "tier", "indicators": ["x"]}]"#, .duplicateName, "output.columns"),
        (#"[{"name": "a", "weight": -1, "indicators": ["x"]}]"#, .invalidValue, "dimensions[0].weight"),
        (#"[{"name": "a", "weight": 0, "indicators": ["x"]}]"#, .invalidValue, "dimensions[0].weight"),
        (#"[{"name": "a", "weight": 1e999, "indicators": ["x"]}]"#, .wrongType, "dimensions[0].weight"),
        (#"[{"name": "a", "weight": "nan", "indicators": ["x"]}]"#, .wrongType, "dimensions[0].weight"),
        (#"[{"name": "a", "weight": "0.4", "indicators": ["x"]}]"#, .wrongType, "dimensions[0].weight"),
        (#"[{"name": "a", "weight": true, "indicators": ["x"]}]"#, .wrongType, "dimensions[0].weight"),
        (
            #"[{"name": "a", "indicators": [{"name": "x", "normalization": {"kind": "minMax", "low": 1}}]}]"#,
            .unknownKey,
            "dimensions[0].indicators[0].normalization.low"
        ),
        (
            #"[{"name": "a", "indicators": [{"name": "x", "normalization": "fixedRange"}]}]"#, .invalidValue,
            "dimensions[0].indicators[0].normalization"
        ),
        (
            #"[{"name": "a", "indicators": [{"name": "x", "normalization": {"kind": "quantileRange", "low": 0.9, "high": 0.1}}]}]"#,
            .invalidValue, "dimensions[0].indicators[0].normalization"
        ),
        (
            #"[{"name": "a", "indicators": [{"name": "x", "direction": {"target": 3, "zeroAt": 3}}]}]"#, .invalidValue,
            "dimensions[0].indicators[0].direction.zeroAt"
        ),
        (
            #"[{"name": "a", "indicators": [{"name": "x", "missing": {"constant": 3}}]}]"#, .invalidValue,
            "dimensions[0].indicators[0].missing"
        ),
        (
            #"[{"name": "a", "indicators": [{"name": "x", "admissible": {"minimum": 3, "maximum": 1}}]}]"#,
            .invalidValue,
            "dimensions[0].indicators[0].admissible"
        ),
        (
            #"[{"name": "a", "indicators": ["x", {"name": "y", "column": "x", "admissible": {"minimum": 0}}]}]"#,
            .conflict,
            "dimensions[0].indicators[1].admissible"
        ),
    ])
    func mistakesInDimensionsHaveTheirKind(dimensions: String, kind: PlanError.Kind, keyPath: String) {
        let found = error("", dimensions: dimensions)
        #expect(found?.kind == kind && found?.keyPath == keyPath, "\(found?.description ?? "nothing")")
    }

    @Test func checksFindTheirPlaceInShortFormsToo() {
        let tier = error(#""tiers": [{"name": "a", "share": 0.1}, {"name": "b", "share": 3}, "c"]"#)
        #expect(tier?.keyPath == "tiers.tiers[1].share" && tier?.position == PlanPosition(line: 3, column: 64))
        let name = error("", dimensions: #"[{"name": "a", "indicators": ["x", "x"]}]"#)
        #expect(name?.position == PlanPosition(line: 2, column: 51))
    }

    @Test func versionIsAskedFirst() {
        #expect(#expect(throws: PlanError.self) { try plan("{}") }?.keyPath == "")
        let newer = #expect(throws: PlanError.self) { try plan(#"{"version": 2, "dimensions": []}"#) }
        #expect(newer?.remedy == "this release reads version 1")
        #expect(throws: PlanError.self) { try plan("[]") }
    }

    @Test(arguments: [Double.nan, .infinity, -1])
    func plansFromCodeAreCheckedToo(weight: Double) {
        let plan = Plan(dimensions: [.init("a", weight: weight, indicators: [.init("x")])])
        #expect(#expect(throws: PlanError.self) { try plan.resolved() }?.keyPath == "dimensions[0].weight")
    }

    @Test func textsFromThePlanDoNotReachTheTerminalRaw() {
        let found = error(#""va\u001b[31mlue": 1"#)
        #expect(found?.description.contains("\u{1B}") == false)
    }
}
