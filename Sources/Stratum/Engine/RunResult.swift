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
    /// The segments; nil for a run that finds none.
    public var segments: SegmentReport?
}
