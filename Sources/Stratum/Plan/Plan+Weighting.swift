import Reports
import Scoring

extension Plan {
    /// Where the weights come from.
    public struct Weighting: Equatable, Sendable {
        /// The method.
        public var method: Method
        /// Which indicators are weighed among themselves.
        public var scope: Scope
        /// The column that says what became of each customer; for methods that learn from one.
        public var outcome: String?
        /// What is added to the curvature of each coefficient of a regression, 0 or more.
        public var ridge: Double
        /// The share t, 0...1, that the plan's own weights keep: weights are proportional to own^t found^(1 - t).
        public var ownShare: Double

        /// Weights.
        public init(
            _ method: Method, scope: Scope = .withinDimensions, outcome: String? = nil, ridge: Double = 0,
            ownShare: Double = 0
        ) {
            self.method = method
            self.scope = scope
            self.outcome = outcome
            self.ridge = ridge
            self.ownShare = ownShare
        }

        /// How weights are found.
        public enum Method: String, CaseIterable, Sendable {
            /// Those of the plan.
            case given
            /// The same for all.
            case equal
            /// See `ObjectiveWeighting.entropy`.
            case entropy
            /// See `ObjectiveWeighting.critic`.
            case critic
            /// See `ObjectiveWeighting.standardDeviation`.
            case standardDeviation
            /// See `ObjectiveWeighting.coefficientOfVariation`.
            case coefficientOfVariation
            /// See `ObjectiveWeighting.merec`.
            case merec
            /// See `ObjectiveWeighting.principalComponent`.
            case principalComponent
            /// See `OutcomeRegression.leastSquares`.
            case leastSquares
            /// See `OutcomeRegression.logistic`.
            case logistic

            /// The method as the scoring stage's, if it looks at the indicators only.
            var objective: ObjectiveWeighting? { ObjectiveWeighting(rawValue: rawValue) }

            /// Whether the method needs to be told what became of the customers.
            public var learnsFromOutcome: Bool { regression != nil }

            /// The method as the scoring stage's, if it learns from an outcome.
            var regression: OutcomeRegression? { OutcomeRegression(rawValue: rawValue) }
        }

        /// Which indicators are weighed among themselves.
        public enum Scope: String, CaseIterable, Sendable {
            /// Those of each dimension; the dimensions keep their weights.
            case withinDimensions
            /// All of them; a dimension weighs what its indicators do.
            case allIndicators
        }
    }
}

extension Plan.Weighting {
    /// Reads a method, alone or with its options.
    init(_ reader: PlanReader) throws(PlanError) {
        if reader.isScalar {
            self.init(try reader.word(Method.self))
            return
        }
        let fields = try reader.fields(["method", "scope", "outcome", "ridge", "ownShare"])
        self.init(
            try fields.required("method").word(Method.self),
            scope: try fields["scope"]?.word(Scope.self) ?? .withinDimensions, outcome: try fields["outcome"]?.text(),
            ridge: try fields["ridge"]?.number() ?? 0,
            ownShare: try fields["ownShare"]?.number(allowsPercent: true) ?? 0)
    }

    /// Refuses what cannot be meant.
    func check() throws(PlanError) {
        func refuse(_ key: String, _ problem: String, _ remedy: String) -> PlanError {
            PlanError(.invalidValue, at: "weights.\(key)", nil, problem: problem, remedy: remedy)
        }
        if method.regression != nil {
            guard let outcome, !outcome.isEmpty else {
                throw refuse(
                    "outcome", "'\(method.rawValue)' learns from an outcome, and none is named",
                    "name the column that says what became of each customer")
            }
        } else if outcome != nil {
            throw refuse(
                "outcome", "'\(method.rawValue)' looks at no outcome", "drop it, or use leastSquares or logistic")
        }
        guard ridge >= 0, ridge.isFinite, ridge == 0 || method.regression != nil else {
            throw refuse("ridge", "a ridge of \(ridge)", "give 0 or more, with leastSquares or logistic")
        }
        guard (0...1).contains(ownShare) else {
            throw refuse("ownShare", "\(ownShare) is not a share", "give 0 to 1, or 0% to 100%")
        }
    }

    /// The weights in the plan's language.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("method", .text(method.rawValue)), .init("scope", .text(scope.rawValue)),
        ]
        if let outcome { members.append(.init("outcome", .text(outcome))) }
        if ridge != 0 { members.append(.init("ridge", .number(ridge))) }
        members.append(.init("ownShare", .number(ownShare)))
        return .object(members)
    }
}

extension PlanReader {
    /// Judgments in pairs: numbers, or fractions such as 1/3.
    func judgments() throws(PlanError) -> [Double] {
        try elements().map { reader throws(PlanError) in
            let text = try reader.text()
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return try reader.number() }
            guard let above = Self.decimal(parts[0]), let below = Self.decimal(parts[1]), above > 0, below > 0 else {
                throw reader.wrongType("a number or a fraction such as 1/3")
            }
            return above / below
        }
    }
}
