import Reports

extension PlanNode {
    /// The value that the tree was encoded from. Lists of numbers, which are long in models, are taken whole.
    ///
    /// - Throws: `DecodingError`, or what the type's own reading throws.
    func decoded<Value: Decodable>(as type: Value.Type, at path: [any CodingKey] = []) throws -> Value {
        let decoder = TreeDecoder(node: self, codingPath: path)
        switch type {
        case is [Double].Type:
            guard case .list(let nodes) = content else { throw decoder.mismatch(type) }
            return try decoder.value(nodes.map { try TreeDecoder(node: $0, codingPath: path).number() })
        case is Double.Type: return try decoder.value(decoder.number())
        case is String.Type: return try decoder.value(decoder.text())
        default: return try Value(from: decoder)
        }
    }
}

/// A key that is any text.
struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// A decoder over the tree of a JSON text.
struct TreeDecoder: Decoder {
    let node: PlanNode
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .map(let entries) = node.content else { throw mismatch([String: Any].self) }
        let nodes = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
        return KeyedDecodingContainer(Keyed(codingPath: codingPath, nodes: nodes))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let nodes) = node.content else { throw mismatch([Any].self) }
        return Unkeyed(codingPath: codingPath, nodes: nodes)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

    func mismatch(_ type: Any.Type) -> DecodingError {
        .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "another value stands here"))
    }

    /// What was read, as the type that was asked for.
    func value<Value>(_ value: Any) throws -> Value {
        guard let value = value as? Value else { throw mismatch(Value.self) }
        return value
    }

    func number() throws -> Double {
        guard case .scalar(let text, isQuoted: false) = node.content, let value = PlanReader.decimal(text[...]) else {
            throw mismatch(Double.self)
        }
        return value
    }

    func text() throws -> String {
        guard case .scalar(let text, isQuoted: true) = node.content else { throw mismatch(String.self) }
        return text
    }

    struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let codingPath: [any CodingKey]
        let nodes: [String: PlanNode]

        var allKeys: [Key] {
            nodes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { Key(stringValue: $0) }
        }

        func contains(_ key: Key) -> Bool { nodes[key.stringValue] != nil }

        func decodeNil(forKey key: Key) throws -> Bool { try child(key).singleValueContainer().decodeNil() }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try child(key).node.decoded(as: type, at: codingPath + [key])
        }

        func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type, forKey key: Key) throws
            -> KeyedDecodingContainer<Nested>
        {
            try child(key).container(keyedBy: keyedBy)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try child(key).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder { try child(AnyKey(stringValue: "super")) }

        func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }

        private func child(_ key: some CodingKey) throws -> TreeDecoder {
            guard let node = nodes[key.stringValue] else {
                throw DecodingError.keyNotFound(
                    key, .init(codingPath: codingPath, debugDescription: "'\(key.stringValue)' is missing"))
            }
            return TreeDecoder(node: node, codingPath: codingPath + [key])
        }
    }

    struct Unkeyed: UnkeyedDecodingContainer {
        let codingPath: [any CodingKey]
        let nodes: [PlanNode]
        private(set) var currentIndex = 0
        var count: Int? { nodes.count }
        var isAtEnd: Bool { currentIndex == nodes.count }

        init(codingPath: [any CodingKey], nodes: [PlanNode]) {
            self.codingPath = codingPath
            self.nodes = nodes
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, nodes[currentIndex].content == .scalar("null", isQuoted: false) else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try next().node.decoded(as: type, at: codingPath)
        }

        mutating func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type) throws -> KeyedDecodingContainer<Nested>
        {
            try next().container(keyedBy: keyedBy)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

        mutating func superDecoder() throws -> any Decoder { try next() }

        private mutating func next() throws -> TreeDecoder {
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    Any.self, .init(codingPath: codingPath, debugDescription: "the list ends here"))
            }
            currentIndex += 1
            return TreeDecoder(node: nodes[currentIndex - 1], codingPath: codingPath)
        }
    }

    struct Single: SingleValueDecodingContainer {
        let decoder: TreeDecoder
        var codingPath: [any CodingKey] { decoder.codingPath }

        func decodeNil() -> Bool { decoder.node.content == .scalar("null", isQuoted: false) }

        func decode(_: String.Type) throws -> String { try decoder.text() }

        func decode(_: Double.Type) throws -> Double { try decoder.number() }

        func decode(_ type: Bool.Type) throws -> Bool {
            switch decoder.node.content {
            case .scalar("true", isQuoted: false): return true
            case .scalar("false", isQuoted: false): return false
            default: throw decoder.mismatch(type)
            }
        }

        func decode(_: Float.Type) throws -> Float { Float(try decoder.number()) }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            // An integer asks its decoder for itself, so it must be settled here, whatever stands in its place.
            guard let integers = type as? any FixedWidthInteger.Type else {
                return try decoder.node.decoded(as: type, at: codingPath)
            }
            guard case .scalar(let text, isQuoted: false) = decoder.node.content, let value = integers.init(text) else {
                throw decoder.mismatch(type)
            }
            return try decoder.value(value)
        }
    }
}
