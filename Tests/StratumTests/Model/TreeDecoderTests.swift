import Testing

@testable import Stratum

/// Reading values from the tree of a JSON text, whatever stands in their place.
struct TreeDecoderTests {
    private struct Counted: Decodable, Equatable {
        let count: Int
        let small: UInt16
        let ratio: Float
        let isSet: Bool
    }

    private func read(_ field: String, _ value: String) throws -> Counted {
        var fields = ["count": "7", "small": "65535", "ratio": "0.5", "isSet": "true"]
        fields[field] = value
        let text = "{" + fields.map { "\"\($0.key)\": \($0.value)" }.sorted().joined(separator: ", ") + "}"
        return try PlanNode(json: Array(text.utf8)).decoded(as: Counted.self)
    }

    @Test func whatFitsIsRead() throws {
        #expect(try read("count", "-3") == Counted(count: -3, small: 65535, ratio: 0.5, isSet: true))
    }

    /// An object where an integer belongs once sent the decoder round in circles until the stack was full.
    @Test(arguments: ["{}", "[]", "{\"count\": 7}", "[7]", "\"7\"", "true", "null", "1.5", "1e99", "-70000"])
    func whatIsNoSuchIntegerIsRefused(value: String) {
        #expect(throws: DecodingError.self) { try read("small", value) }
        if value != "-70000" { #expect(throws: DecodingError.self) { try read("count", value) } }
    }

    @Test(arguments: ["{}", "[]", "\"0.5\"", "true", "null"])
    func whatIsNoNumberIsRefused(value: String) {
        #expect(throws: DecodingError.self) { try read("ratio", value) }
    }

    @Test(arguments: ["{}", "[]", "\"true\"", "1", "null"])
    func whatIsNoTruthValueIsRefused(value: String) {
        #expect(throws: DecodingError.self) { try read("isSet", value) }
    }
}
