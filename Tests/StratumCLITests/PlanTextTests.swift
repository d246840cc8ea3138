import Stratum
import Testing

@testable import StratumCLI

struct PlanTextTests {
    @Test func yamlAndJSONGiveTheSameNodes() throws {
        let yaml = try planNode(ofText: Array("a: 1\nb: ['x', y, 2.5]\nc: {d: true}\n".utf8))
        let json = try planNode(ofText: Array(#"{"a": 1, "b": ["x", "y", 2.5], "c": {"d": true}}"#.utf8))
        #expect(shape(yaml) == "{a:1,b:['x',y,2.5],c:{d:true}}")
        #expect(shape(json) == "{a:1,b:['x','y',2.5],c:{d:true}}")
    }

    @Test func quotedScalarsAreTexts() throws {
        let node = try planNode(ofText: Array("- 1\n- '1'\n- \"1\"\n- |\n  1\n".utf8))
        #expect(shape(node) == "[1,'1','1','1\n']")
    }

    @Test func keysKeepTheirPlace() throws {
        let node = try planNode(ofText: Array("first: 1\nsecond:\n  third: 2\n".utf8))
        guard case .map(let entries) = node.content else {
            Issue.record("no map")
            return
        }
        #expect(entries[1].keyPosition == PlanPosition(line: 2, column: 1))
        #expect(entries[1].value.position == PlanPosition(line: 3, column: 3))
    }

    @Test(arguments: [
        ("a: &x 1\nb: *x\n", "the anchor &x (line 1, column 4)"),
        ("a: &x [1]\n", "the anchor &x (line 1, column 4)"),
        ("a: &x {b: 1}\n", "the anchor &x (line 1, column 4)"),
        ("&x a: 1\n", "the anchor &x (line 1, column 1)"),
        ("a: *x\n", "found undefined alias (line 1, column 4)"),
        ("a: !!str 1\n", "the tag tag:yaml.org,2002:str (line 1, column 4)"),
        ("a: !mine [1]\n", "the tag !mine (line 1, column 4)"),
        ("a: 1\na: 2\n", "a key is given twice (a, line 1, column 1)"),
        ("[a]: 1\n", "a list or map stands where a key belongs (line 1, column 1)"),
        ("a: [1\nb: 2\n", "did not find expected ',' or ']'"),
        ("a: 1\n---\nb: 2\n", "but found another document (line 2, column 1)"),
        ("", "the plan is empty"),
        ("a: \u{0}\n", "the plan is not UTF-8 text"),
    ])
    func mistakesAreNamedWithTheirPlace(text: String, message: String) {
        let error = #expect(throws: PlanError.self) { try planNode(ofText: Array(text.utf8)) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func depthAndSizeAreLimited() {
        let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
        #expect(throws: PlanError.self) { try planNode(ofText: Array(deep.utf8)) }
        let deeper = String(repeating: "[", count: 100_000)
        #expect(throws: PlanError.self) { try planNode(ofText: Array(deeper.utf8)) }
        let large = [UInt8](repeating: UInt8(ascii: "#"), count: PlanNode.byteLimit + 1)
        #expect(throws: PlanError.self) { try planNode(ofText: large) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: PlanError.self) { try planNode(ofText: [0x61, 0x3a, 0x20, 0xff, 0x0a]) }
    }

    private func shape(_ node: PlanNode) -> String {
        switch node.content {
        case .scalar(let text, let isQuoted): isQuoted ? "'\(text)'" : text
        case .list(let nodes): "[" + nodes.map(shape).joined(separator: ",") + "]"
        case .map(let entries): "{" + entries.map { "\($0.key):\(shape($0.value))" }.joined(separator: ",") + "}"
        }
    }
}
