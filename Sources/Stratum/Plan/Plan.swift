public import Scoring

/// What a user asks for: which columns count, how much, and what the customers are laid out in.
///
/// A plan is the user's language, kept as written; `resolved()` decides every default and gives the stages their
/// specifications. It comes from YAML or JSON (`init(_:)` over a `PlanNode`) or from code, and is checked the same way.
public struct Plan: Equatable, Sendable {
    /// The version of the language.
    public static let version = 1

    /// The language of the words that the plan leaves to the program.
    public var language = Language.english
    /// Where the customers come from.
    public var input: Input
    /// Columns computed from those of the file, by the bytes of their names; the plan names them like any other.
    public var derived: [DerivedColumn] = [] {
        didSet { derived.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } }
    }
    /// What is done with an indicator that does not say it itself.
    public var defaults: Treatment
    /// The dimensions of value, 1 or more.
    public var dimensions: [Dimension]
    /// Judgments of the dimensions in pairs (see `PairwiseJudgments`), in place of their weights; nil for none.
    public var judgments: [Double]?
    /// Where the weights come from; nil for those of the plan.
    public var weighting: Weighting?
    /// How dimensions become the score.
    public var aggregation: Aggregation
    /// The column whose sums and shares the tables state; nil for none.
    public var value: String?
    /// The ordered tiers.
    public var tiers: Tiers
    /// The unordered segments; nil for none.
    public var segments: Segments?
    /// How many reasons are told of each customer; nil for two up and two down where they are written.
    public var reasons: Reasons?
    /// Names by ordered rules: states, kinds of loyalty, classes of profit.
    public var classes: [Classification] = []
    /// The customer value matrix; nil for none.
    public var matrix: Matrix?
    /// What is done for whom; the first policy that is for a customer counts.
    public var policies: [Policy] = []
    /// The customers whose turn it is; nil for no list.
    public var workList: WorkList?
    /// What is written for each customer.
    public var output: Output
    /// When a run gives up.
    public var limits: Limits

    /// A plan from code; it is checked when it is resolved.
    public init(
        dimensions: [Dimension], input: Input = Input(), defaults: Treatment = Treatment(),
        judgments: [Double]? = nil, weighting: Weighting? = nil, aggregation: Aggregation = .arithmetic,
        value: String? = nil, tiers: Tiers = .classic,
        segments: Segments? = nil, reasons: Reasons? = nil, output: Output = Output(), limits: Limits = Limits()
    ) {
        self.input = input
        self.defaults = defaults
        self.dimensions = dimensions
        self.judgments = judgments
        self.weighting = weighting
        self.aggregation = aggregation
        self.value = value
        self.tiers = tiers
        self.segments = segments
        self.reasons = reasons
        self.output = output
        self.limits = limits
    }

    /// A respect in which customers are valuable.
    public struct Dimension: Equatable, Sendable {
        /// The name: any text, also the heading of its column of scores.
        public var name: String
        /// The weight in the score, 0 or more; the weights of a plan need not sum to 1.
        public var weight: Double
        /// What it is measured by, 1 or more.
        public var indicators: [Indicator]
        /// Judgments of the indicators in pairs, in place of their weights; nil for none.
        public var judgments: [Double]?

        /// A dimension.
        public init(_ name: String, weight: Double = 1, indicators: [Indicator], judgments: [Double]? = nil) {
            self.name = name
            self.weight = weight
            self.indicators = indicators
            self.judgments = judgments
        }
    }

    /// When a run gives up.
    public struct Limits: Equatable, Sendable {
        /// How many rejected records are too many.
        public enum RejectLimit: Equatable, Sendable {
            /// More than this many.
            case count(Int)
            /// More than this share of the records read, 0...1.
            case share(Double)
        }

        /// How many rejected records a run still accepts.
        public var maxRejects: RejectLimit

        /// Limits; one record in a hundred may be rejected.
        public init(maxRejects: RejectLimit = .share(0.01)) {
            self.maxRejects = maxRejects
        }
    }
}
