public import Tiers

extension Plan {
    /// The ordered tiers, best first.
    public struct Tiers: Equatable, Sendable {
        /// What customers are ranked by.
        public var by: RankedBy
        /// How the tiers are cut; nil when the tiers' own fields say it.
        public var method: Method?
        /// What happens to equal values at a cut.
        public var ties: TieRule
        /// The tiers, best first, 1 or more.
        public var tiers: [Tier]
        /// Customers taken out before ranking since they have not bought for too long.
        public var inactive: Inactive?
        /// Customers taken out before ranking since they have not bought yet.
        public var potential: Potential?
        /// Customers taken out before ranking since they cost more than they bring.
        public var negative: Negative?
        /// Customers taken out before ranking since they do not pay.
        public var badDebt: BadDebt?
        /// What shares beside bands are of; nil for the rest below bands, and for all customers above them.
        public var sharesOf: ShareBase?
        /// A column of texts, such as a region: each group of customers has cut-offs of its own; nil for one ranking.
        public var perGroup: String?
        /// How far past a cut-off a customer must be to leave the tier of the last run; nil for no margin.
        public var hysteresis: Hysteresis?

        /// Tiers.
        public init(
            _ tiers: [Tier], by: RankedBy = .score, method: Method? = nil, ties: TieRule = .upward,
            inactive: Inactive? = nil, potential: Potential? = nil
        ) {
            self.by = by
            self.method = method
            self.ties = ties
            self.tiers = tiers
            self.inactive = inactive
            self.potential = potential
        }

        /// The classic customer pyramid: 1 / 4 / 15 / 80 % of the customers by score.
        public static let classic = Tiers([
            Tier("top", .share(0.01)), Tier("major", .share(0.04)), Tier("medium", .share(0.15)),
            Tier("small", .rest),
        ])
    }

    /// What customers are ranked by: `score`, or the name of a column.
    public enum RankedBy: Equatable, Sendable {
        /// The score.
        case score
        /// An amount in the input.
        case column(String)
    }

    /// How tiers are cut.
    public enum Method: String, CaseIterable, Sendable {
        /// By shares of the customers.
        case shares
        /// By absolute values of a column, lower bound included.
        case bands
        /// By shares of the total value, from the largest customer down: class A to 80 % of it.
        case cumulativeShare
        /// By fixed scores.
        case cutoffs
        /// Where gaps between values are widest (Jenks).
        case naturalBreaks
        /// Bands for some tiers, shares for the others.
        case hybrid
    }

    /// What happens to equal values at a cut.
    public enum TieRule: Equatable, Sendable {
        /// All of them go to the better tier.
        case upward
        /// All of them go to the lesser tier.
        case downward
        /// They are split for exact counts: larger values of this column first, then input order.
        case split(key: String)
    }

    /// One tier and where it begins.
    public struct Tier: Equatable, Sendable {
        /// The name: any text.
        public var name: String
        /// Where it begins.
        public var extent: Extent

        /// A tier.
        public init(_ name: String, _ extent: Extent) {
            self.name = name
            self.extent = extent
        }

        /// How much a tier takes in.
        public enum Extent: Equatable, Sendable {
            /// This share of the customers, 0...1.
            case share(Double)
            /// Everyone not yet in a tier with at least this value.
            case atLeast(Double)
            /// Everyone until this share of the total value is reached, 0...1.
            case cumulativeShare(Double)
            /// Everyone not yet in a tier; only the last tier.
            case rest
        }
    }

    /// Customers who bought in the past but not within a time.
    public struct Inactive: Equatable, Sendable {
        /// The tier's name.
        public var name: String
        /// A column such as days since the last purchase.
        public var column: String
        /// Customers with a larger value are inactive.
        public var beyond: Double

        /// An inactive tier.
        public init(name: String = "inactive", column: String, beyond: Double) {
            self.name = name
            self.column = column
            self.beyond = beyond
        }
    }

    /// Customers who have not bought yet.
    public struct Potential: Equatable, Sendable {
        /// The tier's name.
        public var name: String
        /// A column such as the number of purchases.
        public var column: String
        /// Customers with this value or less are potential.
        public var atMost: Double

        /// A potential tier.
        public init(name: String = "potential", column: String, atMost: Double = 0) {
            self.name = name
            self.column = column
            self.atMost = atMost
        }
    }
}
