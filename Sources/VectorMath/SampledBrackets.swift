/// Brackets for order statistics from a sorted sample: four standard errors to each side of where a rank ought to be.
struct SampledBrackets {
    /// The present values of the sample, ascending.
    let sortedSample: [Double]
    /// Values in the sample, with the missing ones.
    let sampledCount: Int
    /// Values in the whole column, with the missing ones.
    let rowCount: Int

    /// Disjoint brackets in ascending order.
    func brackets(for wanted: [OrderStatistic]) -> [RankSieve.Bracket] {
        guard !sortedSample.isEmpty else { return [.everything] }
        var brackets: [RankSieve.Bracket] = []
        for statistic in wanted { brackets.append(bracket(for: statistic)) }
        brackets.sort { $0.lower < $1.lower }
        // Brackets that overlap would keep values twice.
        return brackets.reduce(into: []) { merged, bracket in
            if let last = merged.last, bracket.lower < last.upper || bracket.lower == last.lower {
                merged[merged.count - 1].upper = max(last.upper, bracket.upper)
            } else {
                merged.append(bracket)
            }
        }
    }

    private func bracket(for statistic: OrderStatistic) -> RankSieve.Bracket {
        let count = Double(sortedSample.count)
        let fraction: Double
        // The standard error of a binomial count, and of the share of present values where a rank depends on it.
        var spread: Double
        switch statistic {
        case .quantile(let p):
            fraction = p
            spread = (count * p * (1 - p)).squareRoot()
        case .rank(let rank):
            let presentShare = min(1, count / Double(sampledCount))
            fraction = min(1, Double(rank) / (Double(rowCount) * presentShare))
            spread = (count * fraction * (1 - fraction)).squareRoot()
            spread += fraction * (count * (1 - presentShare)).squareRoot()
        }
        let center = fraction * (count - 1)
        let halfWidth = 4 * spread + 8
        let low = Int((center - halfWidth).rounded(.down))
        let high = Int((center + halfWidth).rounded(.up))
        return RankSieve.Bracket(
            lower: low < 0 ? -.infinity : sortedSample[low],
            upper: high >= sortedSample.count ? .infinity : sortedSample[high])
    }
}
