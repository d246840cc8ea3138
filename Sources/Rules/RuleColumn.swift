/// A column that rules speak of, and what is known of its values before they are read.
public struct RuleColumn: Equatable, Sendable {
    /// The name.
    public var name: String
    /// The least value there is; nil if none is known.
    public var minimum: Double?
    /// The greatest value there is; nil if none is known.
    public var maximum: Double?
    /// Whether there are whole numbers only.
    public var isWhole: Bool
    /// Whether a value may be missing.
    public var mayBeMissing: Bool
    /// The names that the column has in place of numbers; nil for numbers.
    public private(set) var names: RuleNames?

    /// A column; of which nothing is known unless it is said.
    public init(
        _ name: String, minimum: Double? = nil, maximum: Double? = nil, isWhole: Bool = false,
        mayBeMissing: Bool = true
    ) {
        self.name = name
        self.minimum = minimum
        self.maximum = maximum
        self.isWhole = isWhole
        self.mayBeMissing = mayBeMissing
    }

    /// A column of names; its values are their places.
    public init(_ name: String, names: RuleNames) {
        self.init(name, minimum: 0, maximum: Double(max(0, names.count - 1)), isWhole: true, mayBeMissing: false)
        self.names = names
    }
}
