import TableIO
import Testing

struct TextFormatTests {
    private func csv(_ text: String, _ field: CSVField = CSVField()) -> String {
        String(decoding: field.bytes(text.utf8), as: UTF8.self)
    }

    @Test func aFieldIsQuotedOnlyWhenAReaderNeedsIt() {
        let cases = [
            ("", ""), ("C1", "C1"), ("a b", "a b"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("\"", "\"\"\"\""),
            ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""), (" a", "\" a\""), ("a ", "\"a \""), ("\ta", "\"\ta\""),
            ("a\t", "\"a\t\""), ("客户", "客户"), ("a\u{301},", "\"a\u{301},\""), (" ", "\" \""), ("=1+1", "=1+1"),
        ]
        for (text, expected) in cases { #expect(csv(text) == expected) }
        #expect(csv("a,b", CSVField(delimiter: 0x3B)) == "a,b")
        #expect(csv("a;b", CSVField(delimiter: 0x3B)) == "\"a;b\"")
    }

    @Test func cellsThatASpreadsheetWouldRunAreGuardedOnDemand() {
        let guarded = CSVField(spreadsheetSafe: true)
        let cases = [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@A", "'@A"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""),
            ("=\"a\",b", "\"'=\"\"a\"\",b\""), ("a=1", "a=1"), ("", ""), ("= ", "\"'= \""),
        ]
        for (text, expected) in cases { #expect(csv(text, guarded) == expected) }
    }

    @Test func aFieldNeverNeedsMoreThanItsRoom() {
        for text in ["\"", "\"\"\"\"", "=\"\"", "\r", " "] {
            #expect(
                CSVField(spreadsheetSafe: true).bytes(text.utf8).count
                    <= CSVField.maximumByteCount(text.utf8.count))
        }
    }

    @Test func jsonIsEscapedByBytes() {
        var output: [UInt8] = []
        JSONText.append(Array("a\"\\\n\t\r\u{08}\u{0C}\u{01}\u{1F}\u{7F}\"\u{301}客".utf8) + [0xFF, 0xC3], to: &output)
        #expect(
            String(decoding: output, as: UTF8.self)
                == "a\\\"\\\\\\n\\t\\r\\b\\f\\u0001\\u001F\\u007F\\\"\u{301}客\u{FFFD}\u{FFFD}")
    }

    @Test func onlyPrintableTextReachesATerminal() {
        #expect(TerminalText.escaped("Müller 客户 😀") == "Müller 客户 😀")
        #expect(TerminalText.escaped("\u{1B}[2J\r\n\u{7F}") == "\\x1B[2J\\x0D\\x0A\\x7F")
        #expect(TerminalText.escaped("\u{85}\u{9B}\u{A0}") == "\\xC2\\x85\\xC2\\x9B\u{A0}")
        #expect(
            TerminalText.escaped("\u{2028}\u{202E}\u{2066}\u{200E}\u{FEFF}")
                == "\\xE2\\x80\\xA8\\xE2\\x80\\xAE\\xE2\\x81\\xA6\\xE2\\x80\\x8E\\xEF\\xBB\\xBF")
    }

    /// Unicode 15, table 3-7 and the examples of chapter 3.9: overlong forms, surrogates, cut sequences.
    @Test func bytesThatAreNotUTF8AreShown() {
        let cases: [([UInt8], String)] = [
            ([0xC0, 0xAF], "\\xC0\\xAF"), ([0xE0, 0x80, 0xAF], "\\xE0\\x80\\xAF"),
            ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"),
            ([0xF4, 0x90, 0x80, 0x80], "\\xF4\\x90\\x80\\x80"), ([0xF0, 0x8F, 0xBF, 0xBF], "\\xF0\\x8F\\xBF\\xBF"),
            ([0x41, 0xC3], "A\\xC3"), ([0xE5, 0xAE], "\\xE5\\xAE"), ([0xF5], "\\xF5"), ([0xC3, 0x28], "\\xC3("),
            ([0xF4, 0x8F, 0xBF, 0xBF], "\u{10FFFF}"), ([0xED, 0x9F, 0xBF], "\u{D7FF}"),
        ]
        for (bytes, expected) in cases { #expect(TerminalText.escaped(bytes) == expected) }
    }

    @Test func everyScalarIsTakenForUTF8() {
        for value in stride(from: UInt32(0xA0), through: 0x10FFFF, by: 61) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(Character(scalar))
            let escaped = TerminalText.escaped(text)
            #expect(escaped == text || escaped.utf8.allSatisfy { $0 < 0x80 })
            var json: [UInt8] = []
            JSONText.append(text.utf8, to: &json)
            #expect(json == Array(text.utf8))
        }
    }
}
