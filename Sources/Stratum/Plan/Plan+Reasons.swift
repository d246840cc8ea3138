import Reports
import Scoring

extension Plan {
    /// How many reasons are told of each customer.
    public struct Reasons: Equatable, Sendable {
        /// Indicators that lift the score above that of the mean customer, 0...20.
        public var up: Int
        /// Indicators that hold it below, 0...20.
        public var down: Int

        /// Numbers of reasons.
        public init(up: Int = 2, down: Int = 2) {
            self.up = up
            self.down = down
        }
    }
}

extension Plan.Reasons {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(["up", "down"])
        self.init()
        if let reader = fields["up"] { up = try reader.count(atLeast: 0) }
        if let reader = fields["down"] { down = try reader.count(atLeast: 0) }
    }

    func check() throws(PlanError) {
        for (key, count) in [("up", up), ("down", down)] where !(0...ReasonSelection.limit).contains(count) {
            throw PlanError(
                .invalidValue, at: "reasons.\(key)", nil, problem: "\(count) reasons",
                remedy: "give 0 to \(ReasonSelection.limit)")
        }
    }

    var json: JSONValue { ["up": .integer(up), "down": .integer(down)] }
}

extension Plan.OutputColumn {
    /// Whether the column tells reasons.
    var isReason: Bool { self == .reasonsUp || self == .reasonsDown }

    /// Whether the column is made of contributions.
    var needsContributions: Bool { self == .contributions || isReason }
}

extension ResolvedPlan {
    /// The columns that are written: those of the plan, and what the options add or leave out.
    func writtenColumns(_ options: RunOptions) -> [Plan.OutputColumn] {
        var columns = outputColumns
        switch options.contributions {
        case true? where !columns.contains(.contributions): columns.append(.contributions)
        case false?: columns.removeAll { $0 == .contributions }
        default: break
        }
        if options.reasons {
            columns += [.reasonsUp, .reasonsDown, .pointsToNextTier].filter { !columns.contains($0) }
        }
        return columns
    }
}

extension ResolvedPlan {
    /// Refuses columns of contributions where the score is no sum.
    func checkContributions(_ options: RunOptions) throws(EngineError) {
        guard scoring.aggregation != .arithmetic, writtenColumns(options).contains(where: \.needsContributions) else {
            return
        }
        throw EngineError(
            .optionConflict, at: "output",
            "contributions do not sum to \(scoring.aggregation == .topsis ? "TOPSIS" : "a geometric mean")",
            remedy: "use aggregation: arithmetic, or leave contributions and reasons out")
    }
}

extension Model {
    /// Refuses columns that the model has nothing for.
    func checkColumns(_ options: RunOptions) throws {
        try plan.checkContributions(options)
        guard contributionMeans == nil, plan.writtenColumns(options).contains(where: \.isReason) else { return }
        throw ModelError(.noMeans, "it holds no mean contributions to compare customers with")
    }
}
