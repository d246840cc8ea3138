public import Reports
public import Tiers

/// What a run leaves for its caller, beside the files.
public struct RunResult: Sendable {
    /// What was read, written and decided.
    public var summary: RunSummary
    /// The pyramid; nil for a run that lays out no tiers.
    public var pyramid: Pyramid?
    /// The first rejected records, each with its place and reason, for a person to read.
    public var firstRejects: [String] = []
    /// The model that was fitted or used.
    public var model: Model?
    /// The tiers' table.
    public var tierTable: TierTable?
    /// The cut-offs of groups that have their own; nil for one ranking of all.
    public var tierGroups: GroupTierReport?
    /// Sentences on how the value is spread over the customers, and on what became of them since the last run.
    public var tierNotes: [String] = []
    /// The names by rules and the cells of the matrix, a table each.
    public var classes: [ClassReport] = []
    /// The policies with their customers and contacts; nil without policies.
    public var policies: ClassReport?
    /// A sentence on who is on the work list; nil without one.
    public var workListNote: String?
    /// The segments; nil for a run that finds none.
    public var segments: SegmentReport?
    /// The numbers of segments that were tried; nil if the number was known.
    public var segmentCounts: ClusterCountReport?
    /// How many customers stored segments were given to; nil for any other run.
    public var segmentSizes: SegmentSizeReport?
    /// What changed against earlier segments; nil without them.
    public var segmentDrift: DriftReport?
    /// What happened in each iteration; nil for a run that finds no segments.
    public var convergence: ConvergenceReport?
    /// What `rfm` and `lifetime` found; nil for other verbs.
    public var tables: Tables?

    /// Findings that are tables of their own.
    public enum Tables: Sendable {
        /// Customers by recency, frequency and monetary value.
        case rfm(RFMReport)
        /// A fitted lifetime model.
        case lifetime(LifetimeReport)
        /// Predictions beside what happened.
        case backtest(BacktestReport)

        /// The tables for a terminal.
        public func text(_ style: TerminalStyle) -> String {
            switch self {
            case .rfm(let report): report.text(style)
            case .lifetime(let report): report.text(style)
            case .backtest(let report): report.text(style)
            }
        }
    }
}

extension RunResult {
    /// Adds what was counted of customers' names.
    mutating func add(_ labels: LabelTally, of model: Model) {
        classes = labels.reports(of: model)
        policies = labels.policyReport(of: model.plan)
        workListNote = labels.workListNote(of: model.plan)
        summary.results += labels.results(of: model)
        summary.warnings += labels.warnings(of: model)
    }
}
