/// What one column must hold for a rule to apply: a range of values, and whether a missing value will do.
public struct Condition: Equatable, Sendable {
    /// An end of a range.
    public enum Bound: Equatable, Sendable {
        /// The range has no end on this side.
        case none
        /// The value itself belongs to the range.
        case including(Double)
        /// The value itself does not.
        case excluding(Double)

        /// The value of the end; nil without one.
        public var value: Double? {
            switch self {
            case .none: nil
            case .including(let value), .excluding(let value): value
            }
        }
    }

    /// The column's name.
    public var column: String
    /// Where the range begins.
    public var lower: Bound
    /// Where the range ends.
    public var upper: Bound
    /// Whether values of the range are taken; without, only a missing value satisfies the condition.
    public var takesValues: Bool
    /// Whether a missing value satisfies the condition.
    public var takesMissing: Bool
    /// Which names will do; nil for a condition on numbers.
    public private(set) var names: NameChoice?

    /// A range by its ends, finite where there is one.
    public init(_ column: String, lower: Bound, upper: Bound, orMissing: Bool = false) {
        self.column = column
        self.lower = lower
        self.upper = upper
        takesValues = true
        takesMissing = orMissing
    }

    /// Names of a column that has names.
    public init(_ column: String, _ names: NameChoice) {
        self.init(column, lower: .none, upper: .none)
        self.names = names
    }

    /// Any value.
    public static func known(_ column: String) -> Condition { Condition(column, lower: .none, upper: .none) }

    /// No value.
    public static func missing(_ column: String) -> Condition {
        var condition = Condition(column, lower: .none, upper: .none, orMissing: true)
        condition.takesValues = false
        return condition
    }

    /// This value or more.
    public init(_ column: String, atLeast value: Double, orMissing: Bool = false) {
        self.init(column, lower: .including(value), upper: .none, orMissing: orMissing)
    }

    /// More than this value.
    public init(_ column: String, above value: Double, orMissing: Bool = false) {
        self.init(column, lower: .excluding(value), upper: .none, orMissing: orMissing)
    }

    /// This value or less.
    public init(_ column: String, atMost value: Double, orMissing: Bool = false) {
        self.init(column, lower: .none, upper: .including(value), orMissing: orMissing)
    }

    /// Less than this value.
    public init(_ column: String, below value: Double, orMissing: Bool = false) {
        self.init(column, lower: .none, upper: .excluding(value), orMissing: orMissing)
    }

    /// This value and no other.
    public init(_ column: String, equals value: Double, orMissing: Bool = false) {
        self.init(column, lower: .including(value), upper: .including(value), orMissing: orMissing)
    }

    /// A value of a closed range.
    public init(_ column: String, in range: ClosedRange<Double>, orMissing: Bool = false) {
        self.init(
            column, lower: .including(range.lowerBound), upper: .including(range.upperBound), orMissing: orMissing)
    }

    /// Whether a number, NaN for a missing one, satisfies the condition; of a condition on names it says nothing.
    public func admits(_ value: Double) -> Bool {
        guard !value.isNaN else { return takesMissing }
        guard takesValues else { return false }
        let reachesLower =
            switch lower {
            case .none: true
            case .including(let bound): value >= bound
            case .excluding(let bound): value > bound
            }
        let staysBelowUpper =
            switch upper {
            case .none: true
            case .including(let bound): value <= bound
            case .excluding(let bound): value < bound
            }
        return reachesLower && staysBelowUpper
    }
}

/// A name for whoever satisfies all conditions of one of the alternatives.
public struct Rule: Equatable, Sendable {
    /// The name.
    public var name: String
    /// Lists of conditions that hold together; one list is enough. An empty list holds for everybody.
    public var alternatives: [[Condition]]

    /// A rule of several alternatives.
    public init(_ name: String, anyOf alternatives: [[Condition]]) {
        self.name = name
        self.alternatives = alternatives
    }

    /// A rule of conditions that hold together; without any it applies to everybody.
    public init(_ name: String, when conditions: [Condition] = []) {
        self.init(name, anyOf: [conditions])
    }

    /// Whether the rule takes whatever comes to it.
    public var takesTheRest: Bool { alternatives.contains { $0.isEmpty } }
}
