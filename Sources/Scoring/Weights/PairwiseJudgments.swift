import Glibc

/// Judgments of the analytic hierarchy process: how many times as important one criterion is as another.
///
/// ```swift
/// let judgments = try PairwiseJudgments(upperTriangle: [3, 5, 3])
/// judgments.weights           // .636986, .258285, .104729
/// judgments.consistencyRatio  // .033199
/// ```
///
/// Saaty, "How to make a decision: the analytic hierarchy process", European Journal of Operational Research 48, 1990.
public struct PairwiseJudgments: Equatable, Sendable {
    /// Criteria, 1 to 15.
    public let count: Int
    /// How many times as important the row's criterion is as the column's; count x count, row-major.
    public let ratios: [Double]
    /// The principal eigenvector, summing to 1.
    public let weights: [Double]
    /// The principal eigenvalue: `count` for consistent judgments, larger otherwise.
    public let principalEigenvalue: Double

    /// Saaty's mean consistency index of random judgments, for 1 to 15 criteria.
    static let randomIndices = [
        0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
    ]

    /// The consistency ratio above which Saaty advises to think again.
    public static let consistencyLimit = 0.1

    /// Judgments from the upper triangle, row by row: criterion 1 against 2, 3, ..., then 2 against 3, ...
    ///
    /// - Throws: `ScoringError` of kind `invalidSpecification`: not a triangle, more than 15 criteria, a ratio that is
    ///   not between 1/1000 and 1000.
    public init(upperTriangle: [Double], at path: String = "judgments") throws(ScoringError) {
        let count = Int((1 + (1 + 8 * Double(upperTriangle.count)).squareRoot()) / 2)
        guard count * (count - 1) / 2 == upperTriangle.count else {
            throw ScoringError(
                .invalidSpecification, at: path, "\(upperTriangle.count) judgments are no triangle",
                remedy: "give n (n - 1) / 2 of them, row by row: \(count * (count - 1) / 2) for \(count) criteria")
        }
        guard count <= Self.randomIndices.count else {
            throw ScoringError(
                .invalidSpecification, at: path, "\(count) criteria are too many to judge in pairs",
                remedy: "compare at most \(Self.randomIndices.count), in groups if need be")
        }
        if let bad = upperTriangle.firstIndex(where: { !($0 >= 1e-3 && $0 <= 1e3) }) {
            throw ScoringError(
                .invalidSpecification, at: "\(path)[\(bad)]", "\(upperTriangle[bad]) is no judgment",
                remedy: "give a ratio from 1/9 to 9 (1/1000 to 1000 are taken)")
        }
        var ratios = [Double](repeating: 1, count: count * count)
        var next = 0
        for row in 0..<count {
            for column in row + 1..<max(count, row + 1) {
                ratios[row * count + column] = upperTriangle[next]
                ratios[column * count + row] = 1 / upperTriangle[next]
                next += 1
            }
        }
        self.count = count
        self.ratios = ratios
        (weights, principalEigenvalue) = Self.principal(ratios, count)
    }

    /// The principal eigenvector by the power method, which converges from any positive start for a positive matrix
    /// (Perron 1907).
    private static func principal(_ ratios: [Double], _ count: Int) -> (weights: [Double], eigenvalue: Double) {
        var weights = [Double](repeating: 1 / Double(count), count: count)
        var eigenvalue = Double(count)
        for _ in 0..<10_000 {
            let product = (0..<count).map { row in
                (0..<count).reduce(0) { $0 + ratios[row * count + $1] * weights[$1] }
            }
            eigenvalue = product.reduce(0, +)
            let next = product.map { $0 / eigenvalue }
            let change = zip(next, weights).reduce(0) { max($0, abs($1.0 - $1.1)) }
            weights = next
            if change < 1e-16 { break }
        }
        return (weights, eigenvalue)
    }

    /// (eigenvalue - n) / (n - 1); 0 for fewer than 3 criteria, which cannot contradict each other.
    public var consistencyIndex: Double {
        count < 3 ? 0 : max(0, (principalEigenvalue - Double(count)) / Double(count - 1))
    }

    /// The consistency index over that of random judgments: 0 for none, above .1 for too much contradiction.
    public var consistencyRatio: Double {
        count < 3 ? 0 : consistencyIndex / Self.randomIndices[count - 1]
    }

    /// The judgment that contradicts the others most.
    public struct Outlier: Equatable, Sendable {
        /// The criterion judged against `column`, which comes later.
        public let row: Int
        /// The other criterion.
        public let column: Int
        /// What was judged.
        public let ratio: Double
        /// What the other judgments say: the value that would mend it.
        public let mendedRatio: Double
        /// The consistency ratio with `mendedRatio` in its place.
        public let mendedConsistencyRatio: Double
    }

    /// The judgment farthest, by ratio, from what the weights of all say; nil for consistent judgments.
    ///
    /// Its mended value is the ratio of the weights when this judgment is left out (Harker, "Alternative modes of
    /// questioning in the analytic hierarchy process", Mathematical Modelling 9, 1987).
    public var mostInconsistent: Outlier? {
        guard count >= 3 else { return nil }
        var worst: (row: Int, column: Int, error: Double) = (0, 0, 1e-9)
        for row in 0..<count {
            for column in row + 1..<max(count, row + 1) {
                let error = abs(log(ratios[row * count + column] * weights[column] / weights[row]))
                if error > worst.error { worst = (row, column, error) }
            }
        }
        guard worst.column > 0 else { return nil }
        let (row, column) = (worst.row, worst.column)
        // An absent judgment is 0 in both places, and each of its two criteria counts itself twice.
        var without = ratios
        without[row * count + column] = 0
        without[column * count + row] = 0
        without[row * count + row] = 2
        without[column * count + column] = 2
        let others = Self.principal(without, count).weights
        let mended = others[row] / others[column]
        var repaired = ratios
        repaired[row * count + column] = mended
        repaired[column * count + row] = 1 / mended
        let eigenvalue = Self.principal(repaired, count).eigenvalue
        let index = max(0, (eigenvalue - Double(count)) / Double(count - 1))
        return Outlier(
            row: row, column: column, ratio: ratios[row * count + column], mendedRatio: mended,
            mendedConsistencyRatio: index / Self.randomIndices[count - 1])
    }
}
