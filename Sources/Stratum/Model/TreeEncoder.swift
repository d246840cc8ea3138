import Reports

extension JSONValue {
    /// Any encodable value as a tree. Lists of numbers, which are long in models, are taken whole.
    ///
    /// Not `JSONEncoder`: that takes some microseconds for each number, half a second for a model with percentile ranks.
    ///
    /// - Throws: `EncodingError` for a number that is not finite.
    init(encoding value: some Encodable, at path: [any CodingKey] = []) throws {
        switch value {
        case let numbers as [Double]: self = .list(try numbers.map { try Self.number(finite: $0, at: path) })
        case let number as Double: self = try Self.number(finite: number, at: path)
        case let text as String: self = .text(text)
        case let flag as Bool: self = .bool(flag)
        case let whole as any FixedWidthInteger:
            guard let whole = Int(exactly: whole) else { throw Self.error("\(whole) is too large", at: path) }
            self = .integer(whole)
        default:
            let encoder = TreeEncoder(codingPath: path)
            try value.encode(to: encoder)
            self = encoder.branch.value
        }
    }

    private static func number(finite value: Double, at path: [any CodingKey]) throws -> JSONValue {
        guard value.isFinite else { throw error("\(value) is not finite", at: path) }
        return .number(value)
    }

    private static func error(_ problem: String, at path: [any CodingKey]) -> EncodingError {
        .invalidValue(problem, .init(codingPath: path, debugDescription: problem))
    }
}

/// A value that is being put together; containers that are still open share it.
private final class Branch {
    enum Content {
        case plain(JSONValue)
        case list([Branch])
        case object([(key: String, value: Branch)])
    }

    var content: Content

    init(_ content: Content = .plain(.null)) { self.content = content }

    var value: JSONValue {
        switch content {
        case .plain(let value): value
        case .list(let branches): .list(branches.map(\.value))
        case .object(let members): .object(members.map { .init($0.key, $0.value.value) })
        }
    }

    func append(_ branch: Branch) {
        guard case .list(var branches) = content else { return }
        content = .plain(.null)
        branches.append(branch)
        content = .list(branches)
    }

    func append(_ branch: Branch, under key: String) {
        guard case .object(let members) = content else { return }
        content = .object(members + [(key, branch)])
    }
}

private struct TreeEncoder: Encoder {
    var codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    var branch = Branch()

    func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .object = branch.content {} else { branch.content = .object([]) }
        return KeyedEncodingContainer(Keyed(codingPath: codingPath, branch: branch))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .list = branch.content {} else { branch.content = .list([]) }
        return Unkeyed(codingPath: codingPath, branch: branch)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(codingPath: codingPath, branch: branch) }

    struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let codingPath: [any CodingKey]
        let branch: Branch

        func encodeNil(forKey key: Key) { branch.append(Branch(), under: key.stringValue) }

        func encode(_ value: some Encodable, forKey key: Key) throws {
            let value = try JSONValue(encoding: value, at: codingPath + [key])
            branch.append(Branch(.plain(value)), under: key.stringValue)
        }

        func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested>
        {
            child(key).container(keyedBy: keyedBy)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { child(key).unkeyedContainer() }

        func superEncoder() -> any Encoder { child(AnyKey(stringValue: "super")) }

        func superEncoder(forKey key: Key) -> any Encoder { child(key) }

        private func child(_ key: some CodingKey) -> TreeEncoder {
            let child = Branch()
            branch.append(child, under: key.stringValue)
            return TreeEncoder(codingPath: codingPath + [key], branch: child)
        }
    }

    struct Unkeyed: UnkeyedEncodingContainer {
        let codingPath: [any CodingKey]
        let branch: Branch
        var count: Int { if case .list(let branches) = branch.content { branches.count } else { 0 } }

        func encodeNil() { branch.append(Branch()) }

        func encode(_ value: some Encodable) throws {
            branch.append(Branch(.plain(try JSONValue(encoding: value, at: codingPath))))
        }

        func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type) -> KeyedEncodingContainer<Nested> {
            child.container(keyedBy: keyedBy)
        }

        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { child.unkeyedContainer() }

        func superEncoder() -> any Encoder { child }

        private var child: TreeEncoder {
            let child = Branch()
            branch.append(child)
            return TreeEncoder(codingPath: codingPath, branch: child)
        }
    }

    struct Single: SingleValueEncodingContainer {
        let codingPath: [any CodingKey]
        let branch: Branch

        func encodeNil() { branch.content = .plain(.null) }

        func encode(_ value: some Encodable) throws {
            branch.content = .plain(try JSONValue(encoding: value, at: codingPath))
        }
    }
}
