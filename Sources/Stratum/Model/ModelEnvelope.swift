// The file is JSON of three lines: a header with the size and checksum of the second line, the body, a closing brace.
// Reading compares the header with what writing would have put there, so no byte of the file is free.

import TableIO

/// What stands around the body of a model's file.
struct ModelEnvelope {
    /// What the file says that it is.
    let format: String
    /// The version of the body.
    let version: Int

    static let model = ModelEnvelope(format: "stratum model", version: Model.version)
    static let segments = ModelEnvelope(format: "stratum segments", version: SegmentModel.version)
    static let lifetime = ModelEnvelope(format: "stratum lifetime", version: StoredLifetime.version)
    static let contracts = ModelEnvelope(format: "stratum contracts", version: StoredContracts.version)

    /// Whether bytes begin like a file of this kind.
    func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: opening.utf8) }

    /// The bytes of a file with this body.
    func bytes(around body: [UInt8]) -> [UInt8] { header(body[...]) + body + Self.footer }

    private var opening: String { "{\"format\":\"\(format)\",\"version\":" }

    /// What a file is that is none of this kind.
    private func otherKind(_ bytes: [UInt8]) -> String {
        if format == Self.model.format, Self.segments.begins(bytes) {
            return "it holds segments only: give it to 'stratum segment --apply'"
        }
        if isOfLifetimes {
            if Self.lifetime.begins(bytes) { return "it holds no model of contracts: leave --contracts out" }
            if Self.contracts.begins(bytes) { return "it holds a model of contracts: add --contracts" }
            return "this is not a lifetime model of Stratum"
        }
        if Self.lifetime.begins(bytes) || Self.contracts.begins(bytes) {
            return "it holds a lifetime model: give it to 'stratum lifetime predict'"
        }
        return "this is not a model of Stratum"
    }

    private var isOfLifetimes: Bool { [Self.lifetime, Self.contracts].contains { $0.format == format } }

    private static let footer = Array("\n}\n".utf8)

    private func header(_ body: ArraySlice<UInt8>) -> [UInt8] {
        var checksum = XXH3()
        body.withUnsafeBytes { checksum.update($0) }
        let text =
            "\(opening)\(version),\"body_bytes\":\(body.count),\"checksum\":\"xxh3:\(XXH3.text(checksum.value))\",\"body\":\n"
        return Array(text.utf8)
    }

    /// The body's bytes, after all that can be checked without understanding them.
    func body(of bytes: [UInt8]) throws(ModelError) -> ArraySlice<UInt8> {
        let opening = Array(opening.utf8)
        guard bytes.starts(with: opening) else {
            if !bytes.isEmpty, opening.starts(with: bytes) {
                throw ModelError(.cut, "it ends inside its header", at: bytes.count)
            }
            let kind: ModelError.Kind = isOfLifetimes ? .notALifetimeModel : .notAModel
            throw ModelError(kind, bytes.isEmpty ? "an empty file" : otherKind(bytes))
        }
        if let found = Self.number(in: bytes, from: opening.count), found != version {
            guard found < version else {
                throw ModelError(.newerVersion, "format version \(found); this release reads up to \(version)")
            }
            throw ModelError(.olderVersion, "format version \(found); this release reads version \(version)")
        }
        guard let lineEnd = bytes.firstIndex(of: 0x0A) else {
            throw ModelError(.cut, "it ends inside its header", at: bytes.count)
        }
        let mark = Array("\"body_bytes\":".utf8)
        let sizeStart = opening.count + String(version).utf8.count + 1 + mark.count
        guard let bodyCount = Self.number(in: bytes, from: sizeStart), bodyCount <= bytes.count else {
            throw ModelError(.cut, "it is shorter than its header says, or the header was altered", at: bytes.count)
        }
        let start = lineEnd + 1
        let expectedCount = start + bodyCount + Self.footer.count
        if bytes.count < expectedCount { throw ModelError(.cut, "it ends too early", at: bytes.count) }
        if bytes.count > expectedCount { throw ModelError(.trailingBytes, "bytes follow its end", at: expectedCount) }
        let body = bytes[start..<start + bodyCount]
        guard bytes[..<start].elementsEqual(header(body)),
            bytes[body.endIndex...].elementsEqual(Self.footer)
        else { throw ModelError(.altered, "its bytes do not match their checksum") }
        return body
    }

    /// What the body says, read strictly.
    func decoded<Body: Decodable>(_ bytes: [UInt8], what: String) throws(ModelError) -> Body {
        let body = try body(of: bytes)
        do {
            return try PlanNode(json: Array(body), byteLimit: .max).decoded(as: Body.self)
        } catch {
            throw ModelError(.inconsistent, "its contents are not those of \(what): \(error)")
        }
    }

    /// The digits from a place on, nil if there are none or more than a file size has.
    private static func number(in bytes: [UInt8], from start: Int) -> Int? {
        guard start <= bytes.count else { return nil }
        let digits = bytes[start...].prefix(19).prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
