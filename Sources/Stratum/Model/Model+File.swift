// The file is JSON of three lines: a header with the size and checksum of the second line, the body, a closing brace.
// Reading compares the header with what writing would have put there, so no byte of the file is free.
// What changes in the body changes `Model.version`.

import Reports
import Scoring
import TableIO
import Tiers

extension Model {
    /// The bytes of the model's file: the same for equal models.
    ///
    /// - Throws: `EncodingError` for a value that is not finite, which no fitted model holds.
    public func encode() throws -> [UInt8] {
        let body = try JSONValue(encoding: ModelBody(self)).encoded(indented: false)
        return Self.header(version: Self.version, body: body[...]) + body + Self.footer
    }

    /// Reads a model's file.
    ///
    /// - Throws: `ModelError` for everything but the unchanged bytes of a model of this version.
    public static func decode(_ bytes: [UInt8]) throws(ModelError) -> Model {
        let body = try body(of: bytes)
        let decoded: ModelBody
        do {
            decoded = try PlanNode(json: Array(body), byteLimit: .max).decoded(as: ModelBody.self)
        } catch {
            throw ModelError(.inconsistent, "its contents are not those of a model: \(error)")
        }
        return try Model(decoded)
    }

    private static let opening = "{\"format\":\"stratum model\",\"version\":"
    private static let footer = Array("\n}\n".utf8)

    private static func header(version: Int, body: ArraySlice<UInt8>) -> [UInt8] {
        var checksum = XXH3()
        body.withUnsafeBytes { checksum.update($0) }
        let text =
            "\(opening)\(version),\"body_bytes\":\(body.count),\"checksum\":\"xxh3:\(XXH3.text(checksum.value))\",\"body\":\n"
        return Array(text.utf8)
    }

    /// The body's bytes, after all that can be checked without understanding them.
    private static func body(of bytes: [UInt8]) throws(ModelError) -> ArraySlice<UInt8> {
        let opening = Array(opening.utf8)
        guard bytes.starts(with: opening) else {
            if !bytes.isEmpty, opening.starts(with: bytes) {
                throw ModelError(.cut, "it ends inside its header", at: bytes.count)
            }
            throw ModelError(.notAModel, bytes.isEmpty ? "an empty file" : "this is not a model of Stratum")
        }
        let version = number(in: bytes, from: opening.count)
        if let version, version > Self.version {
            throw ModelError(.newerVersion, "format version \(version); this release reads up to \(Self.version)")
        }
        guard let lineEnd = bytes.firstIndex(of: 0x0A) else {
            throw ModelError(.cut, "it ends inside its header", at: bytes.count)
        }
        let mark = Array("\"body_bytes\":".utf8)
        let sizeStart = opening.count + String(Self.version).utf8.count + 1 + mark.count
        guard let bodyCount = number(in: bytes, from: sizeStart), bodyCount <= bytes.count else {
            throw ModelError(.cut, "it is shorter than its header says, or the header was altered", at: bytes.count)
        }
        let start = lineEnd + 1
        let expectedCount = start + bodyCount + footer.count
        if bytes.count < expectedCount { throw ModelError(.cut, "it ends too early", at: bytes.count) }
        if bytes.count > expectedCount { throw ModelError(.trailingBytes, "bytes follow its end", at: expectedCount) }
        let body = bytes[start..<start + bodyCount]
        guard bytes[..<start].elementsEqual(header(version: Self.version, body: body)),
            bytes[body.endIndex...].elementsEqual(footer)
        else { throw ModelError(.altered, "its bytes do not match their checksum") }
        return body
    }

    /// The digits from a place on, nil if there are none or more than a file size has.
    private static func number(in bytes: [UInt8], from start: Int) -> Int? {
        guard start <= bytes.count else { return nil }
        let digits = bytes[start...].prefix(19).prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
