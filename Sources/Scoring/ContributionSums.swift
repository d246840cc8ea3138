internal import CKernels

/// The mean contribution of each indicator over a population, gathered block by block.
///
/// Contributions are summed in whole units of 2^-24 points: such sums are the same in any order, so that the means do
/// not depend on threads or on how rows are cut in blocks. They fit for four billion customers.
public struct ContributionSums: Equatable, Sendable {
    private let terms: [Term]
    private var sums: [Int64]
    private var count = 0

    private static let unit = 0x1p24

    /// What makes an indicator's score a contribution.
    private struct Term: Equatable, Sendable {
        let dimension: Int
        let points: Double
    }

    /// No customers yet.
    public init(for scoring: FittedScoring) {
        terms = scoring.dimensions.enumerated().flatMap { number, dimension in
            dimension.indicators.map { Term(dimension: number, points: 100 * $0.weight) }
        }
        sums = Array(repeating: 0, count: terms.count)
    }

    /// Takes in the first `rowCount` rows of a block that was scored for sums; rows without a score do not count.
    ///
    /// - Complexity: O(rows x indicators)
    public mutating func update(_ block: ScoreBlock, rowCount: Int) {
        precondition(block.hasFactors, "this block was made without sums of contributions")
        precondition(
            block.indicatorCount == terms.count && rowCount <= ScoreBlock.rowCapacity,
            "\(rowCount) rows of \(block.indicatorCount) indicators for \(terms.count)")
        for (indicator, term) in terms.enumerated() {
            // SAFETY: columns have `rowCapacity` elements. A row without a score contributes 0 everywhere.
            sums[indicator] &+= stratum_sum_contributions(
                block.values(ofIndicator: indicator).baseAddress!,
                block.column(term.dimension, of: block.factors).baseAddress!, rowCount, term.points)
        }
        for row in 0..<rowCount where !block.scores[row].isNaN { count += 1 }
    }

    /// Takes in what others have gathered.
    public mutating func combine(_ other: ContributionSums) {
        precondition(other.terms == terms, "contributions of another scoring")
        for indicator in sums.indices { sums[indicator] &+= other.sums[indicator] }
        count += other.count
    }

    /// The mean contribution of each indicator in points; 0 if nobody has a score. They sum to the mean score.
    public var means: [Double] {
        sums.map { count == 0 ? 0 : Double($0) / Self.unit / Double(count) }
    }
}
