/// Why a run could not be carried out although plan and files can be read.
public struct EngineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of obstacle it is.
    public enum Kind: String, Equatable, Sendable {
        /// The input has a header and no customer that could be accepted.
        case noCustomers
        /// The plan asks for segments and the verb needs them, but there are none in it.
        case noSegments
        /// An option does not go with the plan.
        case optionConflict
        /// An earlier model was found from other features than the plan's.
        case otherFeatures
        /// A purchase history in a table that no customer can have.
        case unusableHistory
        /// The plan's model of lifetimes has no fit.
        case lifetimeFit
        /// An earlier run or model has other tiers than the plan.
        case otherTiers
        /// A column of groups has more different texts than there can be groups.
        case tooManyGroups
        /// Nobody has the figure that something is cut by.
        case emptyFigure
        /// A stored order log cannot be used: it is cut, altered, or of other columns.
        case unusableState
        /// A customer's weight is negative or out of range.
        case unusableWeight
    }

    /// What kind of obstacle it is.
    public let kind: Kind
    /// The input or the plan.
    public let place: String
    /// What is wrong.
    public let problem: String
    /// What helps.
    public let remedy: String

    init(_ kind: Kind, at place: String, _ problem: String, remedy: String) {
        self.kind = kind
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }

    /// Problem, place, remedy.
    public var description: String { "\(problem) (\(place)): \(remedy)" }
}
