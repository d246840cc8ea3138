public import Rules

/// The names that customers get by their scores of recency, frequency and monetary value.
public struct RFMSegments: Equatable, Sendable {
    /// Ordered rules over the columns `r`, `f` and `m`.
    public let rules: OrderedRules
    /// How many scores there are.
    public let scoreCount: Int
    /// What the check of the rules found.
    public let coverage: RuleCoverage
    /// Whether the rules are of five scores, to which others are brought.
    private let isOfFive: Bool

    /// Rules of one's own, over scores in 1...`scoreCount`.
    ///
    /// - Throws: `RulesError`; `EngineError` of kind `optionConflict` if some scores have no name.
    public init(_ rules: [Rule], scoreCount: Int) throws {
        try self.init(checking: rules, scoreCount: scoreCount)
        if let gap = coverage.gaps.first {
            throw EngineError(
                .optionConflict, at: "rules", "no rule names customers with \(gap.text), such as \(gap.exampleText)",
                remedy: Self.gapRemedy)
        }
    }

    /// The usual eleven segments.
    ///
    /// They are told of five scores; of n scores s counts as the nearest whole number to `1 + 4 (s - 1) / (n - 1)`.
    public static func usual(scoreCount: Int) throws -> RFMSegments {
        try RFMSegments(checking: usualRules, scoreCount: scoreCount, isOfFive: true)
    }

    /// What helps where scores are left without a name.
    static let gapRemedy = "widen a rule, or end with one without conditions"

    /// Rules that may leave gaps: the caller looks at `coverage`.
    init(checking rules: [Rule], scoreCount: Int, isOfFive: Bool = false) throws(RulesError) {
        let columns = ["r", "f", "m"].map {
            RuleColumn(
                $0, minimum: 1, maximum: isOfFive ? 5 : Double(scoreCount), isWhole: true, mayBeMissing: false)
        }
        self.rules = try OrderedRules(columns: columns, rules: rules)
        self.scoreCount = scoreCount
        self.isOfFive = isOfFive
        coverage = try self.rules.check()
    }

    /// The names in the order of their codes.
    public var names: [String] { rules.rules.map(\.name) }

    /// The code of each triple of scores, numbered as the cells of `RFMCuts`.
    var codes: [UInt8] {
        let n = scoreCount
        func score(_ index: Int) -> Double {
            isOfFive ? (1 + 4 * Double(index) / Double(n - 1)).rounded() : Double(index + 1)
        }
        let cells = 0..<n * n * n
        var classifier = RuleClassifier(rules)
        return classifier.codes(of: [
            cells.map { score($0 / (n * n)) }, cells.map { score($0 / n % n) }, cells.map { score($0 % n) },
        ])
    }

    /// What a reader should know of the rules.
    var warnings: [String] {
        coverage.unreachableRules.map {
            "the rule '\(rules.rules[$0].name)' can never apply: those before it take all that it would"
        }
    }

    /// Best first; the first that applies names a customer, so that who is both at risk and of high value cannot be lost.
    private static let usualRules = [
        Rule("champions", when: [Condition("r", atLeast: 4), Condition("f", atLeast: 4), Condition("m", atLeast: 4)]),
        Rule(
            "can't lose them",
            when: [Condition("r", atMost: 2), Condition("f", atLeast: 4), Condition("m", atLeast: 4)]),
        Rule("loyal", when: [Condition("r", atLeast: 3), Condition("f", atLeast: 4)]),
        Rule("new", when: [Condition("r", equals: 5), Condition("f", equals: 1)]),
        Rule("promising", when: [Condition("r", equals: 4), Condition("f", equals: 1)]),
        Rule("potential loyalist", when: [Condition("r", atLeast: 4), Condition("f", in: 2...3)]),
        Rule("need attention", when: [Condition("r", equals: 3), Condition("f", in: 2...3)]),
        Rule("about to sleep", when: [Condition("r", equals: 3), Condition("f", equals: 1)]),
        Rule("at risk", when: [Condition("r", atMost: 2), Condition("f", atLeast: 3)]),
        Rule("hibernating", when: [Condition("r", equals: 2), Condition("f", atMost: 2)]),
        Rule("lost", when: [Condition("r", equals: 1), Condition("f", atMost: 2)]),
    ]
}
