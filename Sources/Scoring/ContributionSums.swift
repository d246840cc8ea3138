/// The mean contribution of each indicator over a population, gathered block by block.
///
/// Contributions are summed in whole units of 2^-24 points: such sums are the same in any order, so that the means do
/// not depend on threads or on how rows are cut in blocks. They fit for four billion customers.
public struct ContributionSums: Equatable, Sendable {
    private var sums: [Int64]
    private var count = 0

    private static let unit = 0x1p24
    /// Adding it leaves a number below 2^51 rounded to a whole one in the low bits.
    private static let rounding = 0x1.8p52

    /// No customers yet.
    public init(indicatorCount: Int) { sums = Array(repeating: 0, count: indicatorCount) }

    /// Takes in the first `rowCount` rows of a block that was scored with contributions; rows without a score do not
    /// count.
    ///
    /// - Complexity: O(rows x indicators)
    public mutating func update(_ block: ScoreBlock, rowCount: Int) {
        precondition(block.indicatorCount == sums.count, "\(block.indicatorCount) indicators for \(sums.count)")
        let zero = Int64(bitPattern: Self.rounding.bitPattern)
        for indicator in sums.indices {
            // A row without a score contributes 0 everywhere.
            var sum: Int64 = 0
            for contribution in block.contributions(ofIndicator: indicator)[..<rowCount] {
                sum &+= Int64(bitPattern: (contribution * Self.unit + Self.rounding).bitPattern) &- zero
            }
            sums[indicator] &+= sum
        }
        for row in 0..<rowCount where !block.scores[row].isNaN { count += 1 }
    }

    /// Takes in what others have gathered.
    public mutating func combine(_ other: ContributionSums) {
        precondition(other.sums.count == sums.count, "\(other.sums.count) indicators for \(sums.count)")
        for indicator in sums.indices { sums[indicator] &+= other.sums[indicator] }
        count += other.count
    }

    /// The mean contribution of each indicator in points; 0 if nobody has a score. They sum to the mean score.
    public var means: [Double] {
        sums.map { count == 0 ? 0 : Double($0) / Self.unit / Double(count) }
    }
}
