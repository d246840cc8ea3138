import VectorMath

/// The pyramid as a table: a row for each tier, best first, then for each layer outside the ranking.
public struct TierTable: Codable, Equatable, Sendable {
    /// The rows. The last is that of customers without a value to rank by, if there are any.
    public let rows: [TierRow]
    /// All customers.
    public let customerCount: Int
    /// The sum of all amounts, correctly rounded.
    public let value: Double

    /// One tier or layer.
    public struct TierRow: Codable, Equatable, Sendable {
        /// The code, as in an assignment.
        public let code: UInt8
        /// The name; nil for customers without a value to rank by.
        public let name: String?
        /// Customers the rule asked for; nil where it gives bounds, and outside the ranking.
        public let customersAsked: Int?
        /// Customers in it.
        public let customerCount: Int
        /// Their share of all customers, 0...1.
        public let shareOfCustomers: Double
        /// The sum of their amounts, correctly rounded.
        public let value: Double
        /// Their share of the sum of all amounts; nil unless that is above 0. Negative amounts can make shares
        /// negative, or larger than 1.
        public let shareOfValue: Double?
        /// The mean of their amounts; nil if none has one.
        public let mean: Double?
        /// The least value by which one of them was ranked; nil if none has one.
        public let leastValue: Double?
        /// The least value that the tier takes; nil for the last tier, for one that nobody reaches, and outside the
        /// ranking.
        public let cutoff: Double?
        /// Ranked customers, in any tier, who have just the value of the cut-off; nil where that was not counted.
        public let equalToCutoff: Int?
    }

    /// The table of fitted tiers; where groups have cut-offs of their own, what was asked of all groups together.
    public init(_ fit: TierFit, _ tally: TierTally) {
        var cuts = fit.cuts
        if !fit.groupCuts.isEmpty { cuts.asked = fit.askedOfGroups }
        self.init(fit.cutoffs, cuts, tally)
    }

    /// The table of one group of fitted tiers; nil if the group has no cut-offs.
    ///
    /// - Parameters:
    ///   - group: its place among the groups of the population.
    ///   - tally: that of the group.
    public init?(_ fit: TierFit, group: Int, _ tally: TierTally) {
        guard let cuts = fit.groupCuts[group] else { return nil }
        self.init(TierCutoffs(fit.specification, lowerBounds: cuts.bounds, groups: nil), cuts, tally)
    }

    /// The table of tiers from a model, which ask for no counts.
    public init(_ cutoffs: TierCutoffs, _ tally: TierTally) {
        self.init(cutoffs, nil, tally)
    }

    private init(_ cutoffs: TierCutoffs, _ cuts: TierCuts?, _ tally: TierTally) {
        var everyone = TierTally.Layer()
        for case .some(let layer) in tally.layers {
            everyone.customerCount += layer.customerCount
            everyone.amounts.combine(layer.amounts)
        }
        let customerCount = everyone.customerCount
        let total = everyone.amounts.value
        let rest = TierCutoffs.unrankedCode
        let codes = cutoffs.namedCodes + (tally.layers[Int(rest)] == nil ? [] : [rest])
        rows = codes.map { code in
            let layer = tally.layers[Int(code)] ?? TierTally.Layer()
            let tier = Int(code)
            let sum = layer.amounts.value
            return TierRow(
                code: code, name: cutoffs.name(of: code),
                customersAsked: cuts.flatMap { tier < $0.asked.count ? $0.asked[tier] : nil },
                customerCount: layer.customerCount,
                shareOfCustomers: customerCount == 0 ? 0 : Double(layer.customerCount) / Double(customerCount),
                value: sum, shareOfValue: total > 0 ? sum / total : nil,
                mean: layer.amountCount == 0 ? nil : sum / Double(layer.amountCount),
                leastValue: layer.leastValue.isFinite ? layer.leastValue : nil,
                cutoff: tier < cutoffs.lowerBounds.count ? cutoffs.lowerBounds[tier] : nil,
                equalToCutoff: cuts.flatMap { tier < $0.equalCounts.count ? $0.equalCounts[tier] : nil })
        }
        self.customerCount = customerCount
        value = total
    }
}
