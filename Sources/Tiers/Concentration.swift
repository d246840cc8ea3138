public import VectorMath

/// How unevenly value is spread over the customers.
///
/// Amounts below 0 (customers who cost more than they bring) count as 0 here, so that the curve never falls, shares stay
/// inside 0...1 and the Gini coefficient keeps its meaning; how many they are and their sum are stated. Missing amounts
/// are left out.
public struct Concentration: Codable, Equatable, Sendable {
    /// Customers with an amount.
    public let customerCount: Int
    /// The sum of the amounts above 0.
    public let value: Double
    /// Customers with an amount below 0.
    public let negativeCount: Int
    /// The sum of the amounts below 0.
    public let negativeValue: Double
    /// The Lorenz curve: element i is the share of the value that the least i percent of the customers hold, i = 0...100,
    /// on the line between customers.
    public let lorenzCurve: [Double]
    /// The Gini coefficient, 2 (sum of i x_i) / (n sum of x_i) - (n + 1) / n for rising x_i, i = 1...n; 0 if the value is 0.
    public let gini: Double
    /// The share of the value that the best 1, 5, 10 and 20 percent of the customers hold.
    public let topShares: [TopShare]
    /// The least share of the customers, from the best on, that holds 80 percent of the value.
    public let customersForEightyPercent: Double

    /// What the best customers hold.
    public struct TopShare: Codable, Equatable, Sendable {
        /// Their share of the customers, 0...1.
        public let ofCustomers: Double
        /// Their number: the share of all, to nearest, half up.
        public let customerCount: Int
        /// Their share of the value, 0...1.
        public let ofValue: Double
    }

    /// Whether the best 20 percent of the customers hold at least 80 percent of the value.
    public var holdsEightyTwenty: Bool { topShares.contains { $0.ofCustomers == 0.2 && $0.ofValue >= 0.8 } }

    /// The concentration of amounts, NaN where missing; nil if there is no amount.
    ///
    /// - Complexity: O(n): a sort by radix, spread over the workers, and one pass.
    public init?(of amounts: [Double], workers: Workers) {
        var negatives = ExactSum()
        var negativeCount = 0
        for amount in amounts where amount < 0 {
            negatives.update(amount)
            negativeCount += 1
        }
        let sorted = sortedValues(amounts, raisedTo: 0, workers: workers)
        guard !sorted.isEmpty else { return nil }
        self.negativeCount = negativeCount
        negativeValue = negatives.value
        customerCount = sorted.count
        let curve = Curve(rising: sorted)
        value = curve.total
        gini = curve.gini
        lorenzCurve = curve.percentiles
        topShares = [0.01, 0.05, 0.1, 0.2].map { share in
            let count = TierFit.endCounts(of: sorted.count, shares: [share, 1 - share])[0]
            return TopShare(ofCustomers: share, customerCount: count, ofValue: curve.share(ofBest: count))
        }
        customersForEightyPercent = Double(curve.count(holding: 0.8)) / Double(sorted.count)
    }
}

/// Sums along rising values, none below 0.
private struct Curve {
    private let rising: [Double]
    let total: Double
    let gini: Double
    let percentiles: [Double]

    init(rising: [Double]) {
        self.rising = rising
        var sum = CompensatedSum()
        var weighted = CompensatedSum()
        var points: [Double] = []
        let count = rising.count
        // Customers before the next percent: percent p lies at p n / 100 customers.
        var place = 0
        for (index, value) in rising.enumerated() {
            // The p n % 100 hundredths of a customer past the whole ones count in part.
            while place == index, points.count <= 100 {
                let part = Double(points.count * count % 100) / 100
                points.append(sum.value + part * value)
                place = points.count * count / 100
            }
            sum.add(value)
            weighted.add(Double(index + 1) * value)
        }
        while points.count <= 100 { points.append(sum.value) }
        let total = sum.value
        self.total = total
        // Without value everyone holds the same: the curve is the diagonal.
        percentiles = total > 0 ? points.map { min($0 / total, 1) } : (0...100).map { Double($0) / 100 }
        let n = Double(count)
        gini = total > 0 ? max(2 * weighted.value / (n * total) - (n + 1) / n, 0) : 0
    }

    /// The share of the value that the best `count` customers hold.
    func share(ofBest count: Int) -> Double {
        guard total > 0 else { return Double(count) / Double(rising.count) }
        var sum = CompensatedSum()
        for value in rising.suffix(count) { sum.add(value) }
        return sum.value / total
    }

    /// How many of the best customers hold a share of the value together.
    func count(holding share: Double) -> Int {
        guard total > 0 else { return Int((share * Double(rising.count)).rounded(.up)) }
        var sum = CompensatedSum()
        var count = 0
        let goal = share * total * (1 - 1e-12)
        while count < rising.count, sum.value < goal {
            count += 1
            sum.add(rising[rising.count - count])
        }
        return count
    }
}
