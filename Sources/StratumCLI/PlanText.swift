import Foundation
import Stratum
import Yams

/// The nodes of a plan's text: JSON when it begins with a brace, YAML otherwise.
///
/// YAML's anchors, aliases and tags are refused: a plan says each thing once, where it holds.
func planNode(ofText bytes: [UInt8]) throws -> PlanNode {
    guard bytes.count <= PlanNode.byteLimit else {
        throw PlanError(
            .limit, at: "", nil, problem: "\(bytes.count) bytes are too many for a plan",
            remedy: "a plan has at most \(PlanNode.byteLimit) bytes; is this the right file?")
    }
    let firstByte = bytes.first { !" \t\r\n".utf8.contains($0) && ![0xEF, 0xBB, 0xBF].contains($0) }
    if firstByte == UInt8(ascii: "{") { return try PlanNode(json: bytes) }
    guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
        throw PlanError(.syntax, at: "", nil, problem: "the plan is not UTF-8 text", remedy: "save the plan as UTF-8")
    }
    return try PlanNode(yaml: text)
}

extension PlanNode {
    /// Reads one YAML document.
    ///
    /// - Throws: `PlanError` of kind `syntax`, `duplicateKey` or `limit`, with line and column where known.
    init(yaml text: String) throws {
        do {
            let parser = try Parser(yaml: text)
            // A node holds its anchor weakly: only while the parser lives can anchors be seen.
            self = try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    throw PlanError(
                        .syntax, at: "", nil, problem: "the plan is empty",
                        remedy: "'stratum plan' prints one to start from")
                }
                return try PlanNode(root, depth: 1)
            }
        } catch let error as YamlError {
            throw PlanError(yaml: error)
        }
    }

    private init(_ node: Node, depth: Int) throws {
        let position = node.mark.map { PlanPosition(line: $0.line, column: $0.column) }
        guard depth <= PlanNode.depthLimit else {
            throw PlanError(
                .limit, at: "", position, problem: "nested deeper than \(PlanNode.depthLimit)",
                remedy: "no plan needs this; look for a bracket too many")
        }
        // An alias needs an anchor before it, so the walk meets the anchor first and never the copies.
        try PlanNode.refuse(anchorOf: node)
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            // The composer itself tags quoted scalars as texts.
            if isPlain { try PlanNode.refuse(tag: scalar.tag, at: position) }
            self.init(.scalar(scalar.string, isQuoted: !isPlain), position: position)
        case .sequence(let sequence):
            try PlanNode.refuse(tag: sequence.tag, at: position)
            self.init(.list(try sequence.map { try PlanNode($0, depth: depth + 1) }), position: position)
        case .mapping(let mapping):
            try PlanNode.refuse(tag: mapping.tag, at: position)
            self.init(.map(try mapping.map { try Entry($0.key, $0.value, depth: depth) }), position: position)
        case .alias(let alias):
            throw PlanError(
                .syntax, at: "", position, problem: "the alias *\(alias.anchor.rawValue)",
                remedy: "anchors and aliases are not read in plans: write the values out")
        }
    }

    fileprivate static func refuse(anchorOf node: Node) throws {
        guard let anchor = node.anchor else { return }
        throw PlanError(
            .syntax, at: "", node.mark.map { PlanPosition(line: $0.line, column: $0.column) },
            problem: "the anchor &\(anchor.rawValue)",
            remedy: "anchors and aliases are not read in plans: write the values out")
    }

    private static func refuse(tag: Tag, at position: PlanPosition?) throws {
        guard tag != .implicit else { return }
        throw PlanError(
            .syntax, at: "", position, problem: "the tag \(tag.description)",
            remedy: "tags are not read in plans: write the value without it")
    }
}

extension PlanNode.Entry {
    fileprivate init(_ key: Node, _ value: Node, depth: Int) throws {
        let position = key.mark.map { PlanPosition(line: $0.line, column: $0.column) }
        guard case .scalar(let scalar) = key else {
            throw PlanError(
                .syntax, at: "", position, problem: "a list or map stands where a key belongs",
                remedy: "write a word followed by a colon")
        }
        try PlanNode.refuse(anchorOf: key)
        self.init(key: scalar.string, keyPosition: position, value: try PlanNode(value, depth: depth + 1))
    }
}

extension PlanError {
    /// The YAML reader's error in a plan's words.
    fileprivate init(yaml error: YamlError) {
        func syntax(_ problem: String, _ mark: Mark?) -> PlanError {
            PlanError(
                .syntax, at: "", mark.map { PlanPosition(line: $0.line, column: $0.column) }, problem: problem,
                remedy: "correct the YAML there; a missing colon, blank or quote is the usual cause")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self = syntax(problem, mark)
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem), .representer(let problem):
            self = syntax(problem, nil)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let position = PlanPosition(line: context.mark.line, column: context.mark.column)
            self.init(
                .duplicateKey, at: duplicates.first ?? "", position, problem: "a key is given twice",
                remedy: "keep one of the two")
        case .no, .memory, .dataCouldNotBeDecoded:
            self = syntax("the YAML reader gave up", nil)
        }
    }
}
