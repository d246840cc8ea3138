import Reports

/// A piece of a plan with its key path: the strict readings that the plan's decoder is made of.
struct PlanReader {
    let node: PlanNode
    let keyPath: String

    /// The fields of a map of which no key is unknown or comes twice.
    func fields(_ known: [String]) throws(PlanError) -> PlanFields {
        guard case .map(let entries) = node.content else { throw wrongType("keys with values") }
        var readers: [String: PlanReader] = [:]
        for entry in entries {
            let path = keyPath.isEmpty ? entry.key : "\(keyPath).\(entry.key)"
            guard known.contains(entry.key) else {
                let nearest = nearestName(to: entry.key, among: known)
                throw PlanError(
                    .unknownKey, at: path, entry.keyPosition, problem: "unknown key '\(entry.key)'",
                    remedy: nearest.map { "did you mean '\($0)'?" } ?? "known here: \(known.joined(separator: ", "))")
            }
            guard readers[entry.key] == nil else { throw duplicateKey(path, entry) }
            readers[entry.key] = PlanReader(node: entry.value, keyPath: path)
        }
        return PlanFields(reader: self, fields: readers)
    }

    /// All entries of a map with free keys, none of them twice.
    func entries() throws(PlanError) -> [(key: String, value: PlanReader)] {
        guard case .map(let entries) = node.content else { throw wrongType("keys with values") }
        var known: Set<String> = []
        var readers: [(key: String, value: PlanReader)] = []
        for entry in entries {
            let path = "\(keyPath).\(entry.key)"
            guard known.insert(entry.key).inserted else { throw duplicateKey(path, entry) }
            readers.append((entry.key, PlanReader(node: entry.value, keyPath: path)))
        }
        return readers
    }

    /// The elements of a list that is not empty.
    func elements() throws(PlanError) -> [PlanReader] {
        guard case .list(let nodes) = node.content else { throw wrongType("a list") }
        guard !nodes.isEmpty else { throw invalid("the list is empty", remedy: "give it an element, or drop the key") }
        return nodes.enumerated().map { PlanReader(node: $1, keyPath: "\(keyPath)[\($0)]") }
    }

    var isScalar: Bool { if case .scalar = node.content { true } else { false } }

    var isList: Bool { if case .list = node.content { true } else { false } }

    /// A text or word; numbers are texts too, `null` and nothing are not.
    func text() throws(PlanError) -> String {
        guard case .scalar(let text, let isQuoted) = node.content else { throw wrongType("a text") }
        if !isQuoted, ["", "~", "null", "Null", "NULL"].contains(text) {
            throw PlanError(
                .wrongType, at: keyPath, node.position, problem: "a key without a value",
                remedy: "give it a value, or drop the key for the default; quote a text that looks like nothing")
        }
        return text
    }

    /// A finite decimal number; with `allowsPercent` also `15%` for 0.15.
    func number(allowsPercent: Bool = false) throws(PlanError) -> Double {
        let text = try text()
        guard case .scalar(_, let isQuoted) = node.content else { throw wrongType("a number") }
        if allowsPercent, text.utf8.last == UInt8(ascii: "%"), let percent = Self.decimal(text.dropLast()) {
            return percent / 100
        }
        guard !isQuoted, let value = Self.decimal(text[...]) else {
            if isQuoted, Self.decimal(text[...]) != nil {
                throw wrongType("a number", remedy: "drop the quotes around it")
            }
            throw wrongType(allowsPercent ? "a number or percentage" : "a number")
        }
        return value
    }

    /// A whole number of at least `minimum`.
    func count(atLeast minimum: Int) throws(PlanError) -> Int {
        let value = try number()
        guard let count = Int(exactly: value), count >= minimum else {
            throw invalid("\(shortestText(value)) is not a whole number of \(minimum) or more", remedy: "correct it")
        }
        return count
    }

    /// `true` or `false`.
    func flag() throws(PlanError) -> Bool {
        switch try text() {
        case "true": return true
        case "false": return false
        default: throw wrongType("true or false")
        }
    }

    /// One of the words of an enumeration.
    func word<Words: RawRepresentable<String> & CaseIterable>(_: Words.Type) throws(PlanError) -> Words {
        let text = try text()
        guard let value = Words(rawValue: text) else { throw unknownWord(text, known: Words.allCases.map(\.rawValue)) }
        return value
    }

    func unknownWord(_ word: String, known: [String]) -> PlanError {
        let nearest = nearestName(to: word, among: known).map { "did you mean '\($0)'? " } ?? ""
        return invalid("unknown word '\(word)'", remedy: "\(nearest)known here: \(known.joined(separator: ", "))")
    }

    /// A key that is known here, but not with the kind beside it.
    func inapplicable(_ kind: String) -> PlanError {
        let key = keyPath.split(separator: ".").last ?? ""
        return PlanError(
            .unknownKey, at: keyPath, node.position, problem: "\(kind) has no '\(key)'",
            remedy: "drop the key, or choose another kind")
    }

    func invalid(_ problem: String, remedy: String) -> PlanError {
        PlanError(.invalidValue, at: keyPath, node.position, problem: problem, remedy: remedy)
    }

    func wrongType(_ wanted: String, remedy: String? = nil) -> PlanError {
        let found =
            switch node.content {
            case .scalar(let text, _): "'\(text)'"
            case .list: "a list"
            case .map: "keys with values"
            }
        return PlanError(
            .wrongType, at: keyPath, node.position, problem: "\(found) where \(wanted) belongs",
            remedy: remedy ?? "'stratum plan' shows how it is written")
    }

    private func duplicateKey(_ path: String, _ entry: PlanNode.Entry) -> PlanError {
        PlanError(
            .duplicateKey, at: path, entry.keyPosition, problem: "the key '\(entry.key)' is given twice",
            remedy: "keep one of the two")
    }

    /// The value of `[+-]?(d+(.d*)?|.d+)([eE][+-]?d+)?`, nil for everything else and for what overflows.
    ///
    /// The grammar is checked first: `Double(_:)` alone would take `nan`, `inf` and `0x1p3`.
    static func decimal(_ text: Substring) -> Double? {
        let allowed = text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
        }
        guard allowed, let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

/// The fields of a map in a plan.
struct PlanFields {
    let reader: PlanReader
    fileprivate let fields: [String: PlanReader]

    fileprivate init(reader: PlanReader, fields: [String: PlanReader]) {
        self.reader = reader
        self.fields = fields
    }

    /// The value of a field, nil when it is not given.
    subscript(_ key: String) -> PlanReader? { fields[key] }

    /// The value of a field that must be given.
    func required(_ key: String) throws(PlanError) -> PlanReader {
        guard let field = fields[key] else {
            throw PlanError(
                .missingKey, at: reader.keyPath, reader.node.position, problem: "the key '\(key)' is missing",
                remedy: "add '\(key): …'")
        }
        return field
    }
}
