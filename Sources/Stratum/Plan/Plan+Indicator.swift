public import Scoring

extension Plan {
    /// One measured property of a customer.
    public struct Indicator: Equatable, Sendable {
        /// The name in reports; unique in the plan.
        public var name: String
        /// The column of the input; nil for the one that is named like the indicator.
        public var column: String?
        /// The weight in its dimension, 0 or more; weights need not sum to 1.
        public var weight: Double
        /// Which values are good.
        public var direction: Direction
        /// What is done with its values, where it differs from the plan's `defaults`.
        public var treatment: Treatment
        /// The values that are accepted; others reject the record.
        public var admissible: AdmissibleRange
        /// What its numbers count or measure; nil if the plan does not say it.
        public var kind: Kind?

        /// An indicator.
        public init(
            _ name: String, column: String? = nil, weight: Double = 1, direction: Direction = .higher,
            treatment: Treatment = Treatment(), admissible: AdmissibleRange = AdmissibleRange(), kind: Kind? = nil
        ) {
            self.name = name
            self.column = column
            self.weight = weight
            self.direction = direction
            self.treatment = treatment
            self.admissible = admissible
            self.kind = kind
        }
    }

    /// What the numbers of an indicator count or measure; what is told as needed of counts and days is a whole number.
    /// Answers and grades say it by their normalization.
    public enum Kind: String, CaseIterable, Sendable {
        /// Money or any other quantity.
        case amount
        /// How many of something: whole, 0 or more.
        case count
        /// How many days: whole, 0 or more.
        case days
        /// A share or a ratio.
        case rate

        /// Whether its numbers are whole, 0 or more.
        var isCounted: Bool { self == .count || self == .days }
    }

    /// Which values of an indicator are good.
    public enum Direction: Equatable, Sendable {
        /// The more the better.
        case higher
        /// The less the better.
        case lower
        /// Nearest to the target is best; as far from it as `zeroAt`, on either side, and further the score is 0.
        ///
        /// It says all about the score, so that the plan's default transform and normalization do not apply.
        case target(Double, zeroAt: Double)
    }

    /// How values become numbers between 0 and 1; nil leaves the choice to the next level.
    public struct Treatment: Equatable, Sendable {
        /// What is applied to each value first.
        public var transform: Transform?
        /// How values are brought to 0...1.
        public var normalization: Normalization?
        /// What stands in for a missing value.
        public var missing: MissingPolicy?

        /// A treatment; what is left out is decided elsewhere.
        public init(
            transform: Transform? = nil, normalization: Normalization? = nil, missing: MissingPolicy? = nil
        ) {
            self.transform = transform
            self.normalization = normalization
            self.missing = missing
        }
    }

    /// The values of an indicator that are accepted, both ends included.
    public struct AdmissibleRange: Equatable, Sendable {
        /// The least; nil for no limit.
        public var minimum: Double?
        /// The largest; nil for no limit.
        public var maximum: Double?

        /// A range, open at an end that is left out.
        public init(minimum: Double? = nil, maximum: Double? = nil) {
            self.minimum = minimum
            self.maximum = maximum
        }
    }
}
