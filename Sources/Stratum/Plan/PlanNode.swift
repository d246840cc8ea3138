/// A piece of a plan as it was written, before anything is understood: the tree that JSON and YAML readers share.
public struct PlanNode: Equatable, Sendable {
    /// What stands there.
    public enum Content: Equatable, Sendable {
        /// A word, a number or a text; `isQuoted` tells the text `"1"` from the number `1`.
        case scalar(String, isQuoted: Bool)
        /// Values in order.
        case list([PlanNode])
        /// Named values in order; the same key may come twice, which the plan's decoder refuses.
        case map([Entry])
    }

    /// A named value of a map.
    public struct Entry: Equatable, Sendable {
        /// The key, unescaped.
        public let key: String
        /// Where the key begins.
        public let keyPosition: PlanPosition?
        /// The value.
        public let value: PlanNode

        /// A value under a key.
        public init(key: String, keyPosition: PlanPosition? = nil, value: PlanNode) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    /// What stands there.
    public let content: Content
    /// Where it begins, if it came from a text.
    public let position: PlanPosition?

    /// A piece of a plan.
    public init(_ content: Content, position: PlanPosition? = nil) {
        self.content = content
        self.position = position
    }

    /// The largest plan that is read, in bytes: a plan is written by hand, a larger file is a mistake.
    public static let byteLimit = 1 << 20

    /// The deepest nesting that is read.
    public static let depthLimit = 64
}

/// A place in the text of a plan; both counts from 1.
public struct PlanPosition: Equatable, Sendable {
    /// The line.
    public let line: Int
    /// The column: bytes for JSON, characters for YAML.
    public let column: Int

    /// A place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
