public import VectorMath

/// The histories of a population, each distinct one once with the number of customers who have it.
///
/// Histories are in an order that depends on their values alone: rising frequency, within a frequency by a mixing of
/// the bits. So neither the order of customers nor the way equal ones are counted changes a sum over them.
public struct PurchasePopulation: Sendable {
    /// t_x of each distinct history.
    public let recencies: [Double]
    /// T of each distinct history.
    public let ages: [Double]
    /// Customers with each distinct history, whole numbers of 1 or more.
    public let counts: [Double]
    /// Where each frequency begins and ends among the histories; rising frequencies.
    public let groups: [FrequencyGroup]
    /// For each customer brought in, the index of the distinct history.
    public let historyOfCustomer: [UInt32]
    /// Customers in all.
    public let customerCount: Int
    /// The unit of all times.
    public let timeUnit: TimeUnit
    /// The sum over all customers of the logarithms of the times between their purchases, if it is known. It lets
    /// models with different regularity be compared on all times, not on the first and last alone.
    public let logIntervalSum: Double?

    /// The distinct histories of one frequency.
    public struct FrequencyGroup: Equatable, Sendable {
        /// x.
        public let frequency: Int
        /// Indices of the histories.
        public let histories: Range<Int>
    }

    /// The number of distinct histories.
    public var distinctCount: Int { ages.count }

    /// The distinct history with an index.
    public func history(_ index: Int) -> PurchaseHistory {
        precondition(ages.indices.contains(index), "history \(index) of \(ages.count)")
        var (low, high) = (0, groups.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if groups[middle].histories.upperBound > index { high = middle } else { low = middle + 1 }
        }
        return PurchaseHistory(unchecked: groups[low].frequency, recencies[index], ages[index])
    }

    /// Purchases after the first, over all customers.
    public var repeatPurchaseCount: Double {
        groups.reduce(0) { sum, group in sum + Double(group.frequency) * customerCount(of: group) }
    }

    func customerCount(of group: FrequencyGroup) -> Double { counts[group.histories].reduce(0, +) }

    init(
        recencies: [Double], ages: [Double], counts: [Double], groups: [FrequencyGroup], historyOfCustomer: [UInt32],
        customerCount: Int, timeUnit: TimeUnit, logIntervalSum: Double?
    ) {
        self.recencies = recencies
        self.ages = ages
        self.counts = counts
        self.groups = groups
        self.historyOfCustomer = historyOfCustomer
        self.customerCount = customerCount
        self.timeUnit = timeUnit
        self.logIntervalSum = logIntervalSum
    }
}

extension PurchasePopulation {
    /// The population of customers given in columns.
    ///
    /// - Parameters:
    ///   - frequencies: x of each customer.
    ///   - recencies: t_x of each customer, in `timeUnit`.
    ///   - ages: T of each customer, in `timeUnit`.
    ///   - counts: how many customers a row stands for, 1 or more; nil if 1.
    ///   - logIntervalSum: the sum of ln(time between purchases) over all customers and their repeat purchases.
    /// - Throws: `invalidHistory` with the first row that cannot be.
    /// - Complexity: O(n) on average, spread over the workers.
    public init(
        frequencies: [Int], recencies: [Double], ages: [Double], counts: [Int]? = nil, timeUnit: TimeUnit,
        logIntervalSum: Double? = nil, workers: Workers
    ) throws(LifetimeFitError) {
        precondition(
            frequencies.count == recencies.count && frequencies.count == ages.count,
            "\(frequencies.count) frequencies, \(recencies.count) recencies, \(ages.count) ages")
        precondition(counts == nil || counts?.count == ages.count, "\(ages.count) rows, \(counts?.count ?? 0) counts")
        precondition(ages.count < UInt32.max, "\(ages.count) rows are 2^32 or more")
        let rows = HistoryRows(frequencies: frequencies, recencies: recencies, ages: ages, counts: counts)
        self = try rows.compressed(timeUnit: timeUnit, logIntervalSum: logIntervalSum, workers: workers)
    }

    /// The population of given histories, one customer each.
    public init(_ histories: [PurchaseHistory], timeUnit: TimeUnit, workers: Workers) throws(LifetimeFitError) {
        try self.init(
            frequencies: histories.map(\.frequency), recencies: histories.map(\.recency), ages: histories.map(\.age),
            timeUnit: timeUnit, workers: workers)
    }
}
