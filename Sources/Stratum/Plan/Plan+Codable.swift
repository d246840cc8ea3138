import Reports

extension Plan: Codable {
    /// Reads a plan as strictly as from a text, except for repeated keys, which decoders do not show.
    ///
    /// - Throws: `PlanError`, or the decoder's own error for what is not a tree of plain values.
    public init(from decoder: any Decoder) throws {
        try self.init(try PlanNode(from: decoder))
    }

    /// Writes the plan in its own language.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}

extension PlanNode {
    /// The tree of plain values that a decoder holds; keys in byte order, since decoders have none.
    fileprivate init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: AnyKey.self) {
            let keys = container.allKeys.sorted { $0.stringValue.utf8.lexicographicallyPrecedes($1.stringValue.utf8) }
            self.init(
                .map(
                    try keys.map { key in
                        Entry(key: key.stringValue, value: try PlanNode(from: container.superDecoder(forKey: key)))
                    }))
        } else if var container = try? decoder.unkeyedContainer() {
            var nodes: [PlanNode] = []
            while !container.isAtEnd { nodes.append(try PlanNode(from: container.superDecoder())) }
            self.init(.list(nodes))
        } else {
            self.init(try Self.scalar(decoder.singleValueContainer()))
        }
    }

    private static func scalar(_ container: any SingleValueDecodingContainer) throws -> Content {
        if container.decodeNil() { return .scalar("null", isQuoted: false) }
        if let text = try? container.decode(String.self) { return .scalar(text, isQuoted: true) }
        if let value = try? container.decode(Bool.self) { return .scalar(String(value), isQuoted: false) }
        if let value = try? container.decode(Int.self) { return .scalar(String(value), isQuoted: false) }
        return .scalar(shortestText(try container.decode(Double.self)), isQuoted: false)
    }
}
