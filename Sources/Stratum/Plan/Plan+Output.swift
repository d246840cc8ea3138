extension Plan {
    /// What is written for each customer, after the id.
    public struct Output: Equatable, Sendable {
        /// The columns in order; nil for dimensions, score, percentile rank, tier, segment (if there are any), classes, cell, action
        /// and contacts (where the plan has them) and flags.
        public var columns: [OutputColumn]?
        /// Digits after the point of scores and percentages, 0...9.
        public var decimals: Int

        /// An output.
        public init(columns: [OutputColumn]? = nil, decimals: Int = 3) {
            self.columns = columns
            self.decimals = decimals
        }
    }

    /// A column of the output, or several of a kind.
    public enum OutputColumn: String, CaseIterable, Sendable {
        /// One column for each dimension, named like it: its score, 0...100.
        case dimensions
        /// `score`: 0...100.
        case score
        /// `percentile_rank`: the percentage of customers with a lower score, ties sharing the mid-rank.
        case percentileRank
        /// `tier`: the tier's name.
        case tier
        /// `segment`: the segment's name.
        case segment
        /// One column for each classification, named like it: the class's name.
        case classes
        /// `cell`: the name of the matrix's cell.
        case cell
        /// `action`: what the first policy that is for the customer says, blank without one.
        case action
        /// `contacts`: how often this customer may be contacted, 0 without a policy.
        case contacts
        /// `missing`: the number of indicators without a value.
        case missingCount
        /// `flags`: words for what a reader of the row should know, blank for most.
        case flags
        /// One column for each indicator, `contribution_` and its name: its points of the score.
        case contributions
        /// `reasons_up`: what sets the customer apart for the better, such as `revenue_12m +12.4; nps +3.1`: indicators
        /// by how many points more they add to the score than to that of the mean customer.
        case reasonsUp
        /// `reasons_down`: the same for the worse.
        case reasonsDown
        /// `points_to_next_tier`: what the customer lacks of the next better tier, in points of the score or units of
        /// the column that customers are ranked by; blank in the best tier.
        case pointsToNextTier
        /// The four of `Lifetime.columnNames`: of a plan of orders that tells them.
        case lifetime
        /// The four of `RFM.columnNames`: of a plan of orders that scores by them.
        case rfm
    }
}
