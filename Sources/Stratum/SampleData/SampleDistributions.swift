import Glibc

/// What the sample's customers are drawn from: six kinds of customer, from a few very large ones to many small ones.
///
/// Every table is a grid fine enough for the decimals that are written, so a draw is one look-up and the written bytes
/// do not hang on the last bit of a mathematical function.
struct SampleDistributions: Sendable {
    /// Tables that depend on the kind of customer.
    struct Kind: Sendable {
        /// Median revenue over that of the whole scale.
        let size: Double
        let orders: AliasTable
        let daysSinceLastPurchase: AliasTable
        let visits: AliasTable
        let referrals: AliasTable

        init(size: Double) {
            self.size = size
            let activity = log1p(size)
            orders = .poisson(mean: 1 + 3 * activity, plus: 1)
            visits = .poisson(mean: 2 + 6 * activity)
            referrals = .poisson(mean: 0.2 * activity)
            daysSinceLastPurchase = .wholeGamma(shape: 1.2, scale: 60 / (0.3 + activity))
        }
    }

    let kindShares = AliasTable(weights: [0.01, 0.04, 0.15, 0.30, 0.30, 0.20])
    let kinds = [40, 12, 5, 1.5, 0.6, 0.1].map(Kind.init(size:))
    /// The logarithm of revenue in units of its standard deviation 1, in cells of `revenueStep`.
    let revenueDeviation = AliasTable.grid(-6656...6656, step: revenueStep) { exp(-0.5 * $0 * $0) }
    /// `exp(6 + z)` in cents at the lower edge of each cell of `revenueDeviation`.
    let revenueEdges = (-6656...6656).map { 100 * exp(6 + (Double($0) - 0.5) * revenueStep) }
    /// What a cell's upper edge has over its lower edge, relative.
    let revenueSlope = expm1(revenueStep)
    /// Gross margin over revenue in 1/10,000: beta(4, 8).
    let marginRate = AliasTable.grid(0...10_000, step: 1e-4) { $0 * $0 * $0 * power(1 - $0, 7) }
    /// Returned share in 1/10,000: beta(1, 12).
    let returnRate = AliasTable.grid(0...10_000, step: 1e-4) { power(1 - $0, 11) }
    /// Growth in 1/10,000: normal, mean .02, standard deviation .3.
    let growthRate = AliasTable.grid(-18_800...19_200, step: 1e-4) { exp(-0.5 * power(($0 - 0.02) / 0.3, 2)) }
    let channels = AliasTable.uniform(1...5)
    let tenureInMonths = AliasTable.uniform(0...119)
    /// -1 is no answer: 3 customers in 100.
    let nps = AliasTable(lowest: -1, weights: [0.03] + [Double](repeating: 0.97 / 11, count: 11))

    private static let revenueStep = 0x1p-10
}

extension AliasTable {
    /// The whole part of a gamma variate: the density summed over sixteenths of each unit.
    fileprivate static func wholeGamma(shape: Double, scale: Double) -> AliasTable {
        let weights = (0...Int(30 * scale)).map { unit in
            (0..<16).reduce(0.0) { sum, part in
                let value = Double(unit) + (Double(part) + 0.5) / 16
                return sum + pow(value, shape - 1) * exp(-value / scale)
            }
        }
        return AliasTable(weights: weights)
    }
}

private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
}
