import Stratum
import Testing

struct JSONReaderTests {
    private func read(_ json: String) throws(PlanError) -> PlanNode { try PlanNode(json: Array(json.utf8)) }

    @Test func keysKeepTheirOrderTheirPlaceAndTheirRepetitions() throws {
        let node = try read("{ \"b\": 1,\n  \"a\": [true, null],\n\"b\": \"1\"}")
        guard case .map(let entries) = node.content else { return #expect(Bool(false), "no map") }
        #expect(entries.map(\.key) == ["b", "a", "b"])
        #expect(
            entries.map { $0.keyPosition?.line } == [1, 2, 3] && entries.map { $0.keyPosition?.column } == [3, 3, 1])
        #expect(entries[0].value.content == .scalar("1", isQuoted: false))
        #expect(entries[2].value.content == .scalar("1", isQuoted: true))
        #expect(entries[1].value.position == PlanPosition(line: 2, column: 8))
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"), (#""\u5ba2\u6237""#, "客户"), ("\"客户\"", "客户"),
        (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\0"),
    ])
    func textsAreUnescaped(json: String, text: String) throws {
        #expect(try read(json).content == .scalar(text, isQuoted: true))
    }

    @Test(arguments: ["0", "-0", "12", "-1.5", "1e5", "1E+05", "0.1e-7", "true", "false", "null"])
    func wordsAreKeptAsWritten(word: String) throws {
        #expect(try read(" \t\n\(word)\r\n").content == .scalar(word, isQuoted: false))
    }

    @Test(arguments: [
        "", " ", "01", "+1", "1.", ".5", "1e", "--1", "NaN", "nan", "Infinity", "tru", "True", "[1,]", "[,1]", "[1 2]",
        "{\"a\":1,}",
        "{a:1}", "{\"a\" 1}", "{\"a\":}", "[1", "{\"a\":1", "\"a", "\"a\\", "\"\\u12", "\"\\x\"", "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"", "\"\u{1}\"", "\"\n\"", "1 2", "{}{}", "// a\n1", "'a'", "]", "}", "1]",
    ])
    func otherTextsAreRefused(json: String) {
        let error = #expect(throws: PlanError.self) { try read(json) }
        #expect(error?.kind == .syntax && error?.position != nil)
    }

    @Test func bytesThatAreNoUTF8AreRefused() {
        let error = #expect(throws: PlanError.self) { try PlanNode(json: [0x22, 0xFF, 0x22]) }
        #expect(error?.kind == .syntax)
        #expect(throws: PlanError.self) { try PlanNode(json: [0xFF]) }
    }

    @Test func nothingEndsTheProcess() {
        // Every cut and every changed byte of a text with all of JSON in it: read or refused.
        let text = Array(#"{"a": [1.5e3, -2, "\u00e9\n\ud83d\ude00"], "b": {"c": null, "d": true}}"#.utf8)
        for end in text.indices {
            _ = try? PlanNode(json: Array(text[..<end]))
            for byte in [UInt8(0), 0x22, 0x5C, 0x7B, 0x5D, 0x2C, 0x75, 0x80, 0xFF] {
                var changed = text
                changed[end] = byte
                _ = try? PlanNode(json: changed)
            }
        }
        #expect(throws: Never.self) { try PlanNode(json: text) }
    }

    @Test func depthAndSizeHaveLimits() throws {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try read(deepest) }
        #expect(#expect(throws: PlanError.self) { try read("[" + deepest + "]") }?.kind == .limit)
        #expect(throws: PlanError.self) { try read(String(repeating: "[", count: 1 << 20)) }
        let large = "\"" + String(repeating: "a", count: (1 << 20) - 2) + "\""
        #expect(throws: Never.self) { try read(large) }
        #expect(#expect(throws: PlanError.self) { try read(large + " ") }?.kind == .limit)
    }

    @Test func aByteOrderMarkIsDropped() throws {
        #expect(try PlanNode(json: [0xEF, 0xBB, 0xBF] + Array("7".utf8)).position == PlanPosition(line: 1, column: 1))
    }

    @Test func errorsHaveLineAndColumn() {
        let error = #expect(throws: PlanError.self) { try read("{\n  \"a\": 1\n  \"b\": 2}") }
        #expect(error?.description == "plan: found '\"' where ',' belongs (line 3, column 3); correct the JSON")
    }
}
