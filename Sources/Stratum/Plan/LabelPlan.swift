public import Rules

/// What gives customers names, in the words of the stages: rules over figures, the sides of the matrix, policies.
public struct LabelPlan: Equatable, Sendable {
    /// Where a figure of a customer comes from.
    public enum Figure: Equatable, Sendable {
        /// The score.
        case score
        /// The score of a dimension, by its place.
        case dimension(Int)
        /// A column that is read, by its place.
        case column(Int)
    }

    /// What a condition of a rule asks for.
    public enum Source: Equatable, Sendable {
        /// A figure, by its place.
        case figure(Int)
        /// The tier.
        case tier
        /// The segment.
        case segment
        /// The cell of the matrix.
        case cell
        /// The name that another classification has given, by its place.
        case classification(Int)
    }

    /// One classification.
    public struct Classification: Equatable, Sendable {
        /// Its name.
        public let name: String
        /// Its rules; no customer is left without one.
        public let rules: OrderedRules
        /// For each column of the rules where it comes from.
        public let sources: [Source]
        /// What was found of the rules before any data was read.
        public let coverage: RuleCoverage
    }

    /// The figures that are needed, each once.
    public let figures: [Figure]
    /// The classifications, in the plan's order.
    public let classifications: [Classification]
    /// The places of the classifications in an order in which each comes after those that its rules ask for.
    public let order: [Int]
    /// The places in `figures` of the sides of the matrix; nil without one.
    public let axes: (x: Int, y: Int)?
    /// The place in `figures` of what the work list is ranked by; nil without one.
    public let rankFigure: Int?
    /// What is to be said of the rules: those that can never apply.
    public let notes: [String]

    /// Equal in all parts.
    public static func == (one: LabelPlan, other: LabelPlan) -> Bool {
        one.figures == other.figures && one.classifications == other.classifications
            && one.axes?.x == other.axes?.x && one.axes?.y == other.axes?.y && one.rankFigure == other.rankFigure
    }
}

extension LabelPlan {
    /// - Parameter place: the place of a column among those that are read.
    init(_ plan: Plan, place: (String) -> Int) throws(PlanError) {
        var figures: [Figure] = []
        func figure(_ name: String) -> Int {
            let dimension = plan.dimensions.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
            let figure: Figure =
                name == "score" ? .score : dimension.map { .dimension($0) } ?? .column(place(name))
            if let known = figures.firstIndex(of: figure) { return known }
            figures.append(figure)
            return figures.count - 1
        }
        func source(_ column: RuleColumn) -> Source {
            guard column.names != nil else { return .figure(figure(column.name)) }
            switch column.name {
            case "tier": return .tier
            case "segment": return .segment
            case "cell": return .cell
            default:
                let place = plan.classes.firstIndex { $0.name.utf8.elementsEqual(column.name.utf8) }
                guard let place else { preconditionFailure("no classification named '\(column.name)'") }
                return .classification(place)
            }
        }
        var classifications: [Classification] = []
        var notes: [String] = []
        for (index, its) in plan.classes.enumerated() {
            let path = "classes[\(index)]"
            let rules = try plan.orderedRules(of: its, at: path)
            let coverage = try plan.coverage(of: rules, at: path)
            notes += coverage.unreachableRules.map {
                "\(its.name): the rule '\(rules.rules[$0].name)' can never apply: the rules before it take whoever it is for"
            }
            classifications.append(
                Classification(
                    name: its.name, rules: rules, sources: rules.columns.map { source($0) }, coverage: coverage))
        }
        order = try plan.classOrder()
        axes = plan.matrix.map { (figure($0.x.by), figure($0.y.by)) }
        rankFigure = plan.workList.map { figure($0.rankBy) }
        self.classifications = classifications
        self.notes = notes
        self.figures = figures
    }

    /// Whether customers get any name.
    var isEmpty: Bool { classifications.isEmpty && axes == nil }
}
