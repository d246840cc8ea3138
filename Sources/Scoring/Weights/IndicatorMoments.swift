// Trick: as between the two steps of `Scorer`, a missing value is -0.0 here. It adds nothing to any sum of products, so
// only pairs with an indicator that has gaps in a block pay for knowing where.

internal import CKernels

/// What objective weights are computed from: sums over the normalized values of all customers, in one pass.
///
/// Means, covariances of all pairs (each over the customers who have both values), x ln x for entropies and the logarithms
/// of MEREC. Never an object of the size of the population.
public struct IndicatorMoments: Equatable, Sendable {
    /// The indicators, in the order of a `ScoreBlock`.
    public let indicatorCount: Int
    /// Sets of neighboring indicators that are weighed among themselves: each dimension, and all together.
    public let groups: [Range<Int>]
    /// Customers brought in.
    public private(set) var rowCount = 0

    // Matrices are indicatorCount x indicatorCount, column-major; element (i, j) is over the rows that have both values.
    /// Sums of products of the two values.
    private var products: [Double]
    /// The number of rows, the sum of values i and the sum of their squares, one after the other for each pair.
    private var pairSums: [Double]
    /// The sum of x ln x of each indicator.
    private var entropySums: [Double]
    /// For each group the sum over rows of MEREC's overall performance S, then of S without each of its indicators.
    private var performanceSums: [[Double]]

    /// The moments of no customer.
    ///
    /// - Parameter groups: ranges of indicators, each not empty.
    public init(indicatorCount: Int, groups: [Range<Int>]) {
        precondition(indicatorCount >= 1, "no indicator")
        precondition(
            groups.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= indicatorCount },
            "groups \(groups) of \(indicatorCount) indicators")
        self.indicatorCount = indicatorCount
        self.groups = groups
        products = Array(repeating: 0, count: indicatorCount * indicatorCount)
        pairSums = Array(repeating: 0, count: 3 * indicatorCount * indicatorCount)
        entropySums = Array(repeating: 0, count: indicatorCount)
        performanceSums = groups.map { Array(repeating: 0, count: 1 + $0.count) }
    }

    /// Brings in the rows of a block that was scored.
    ///
    /// - Complexity: O(rows x indicators^2) in matrix products and 2 logarithms a value.
    public mutating func update(_ block: ScoreBlock, rowCount: Int) {
        precondition(block.indicatorCount == indicatorCount, "\(block.indicatorCount) of \(indicatorCount) indicators")
        update(UnsafeBufferPointer(block.values), stride: ScoreBlock.rowCapacity, rowCount: rowCount)
    }

    /// Brings in some rows of a block that was scored.
    mutating func update(_ block: ScoreBlock, rows: [Int]) {
        let values = (0..<indicatorCount).flatMap { indicator in
            rows.map { block.values[indicator * ScoreBlock.rowCapacity + $0] }
        }
        values.withUnsafeBufferPointer { update($0, stride: rows.count, rowCount: rows.count) }
    }

    /// Brings in whole columns of values of 0...1, one for each indicator and equally long, NaN where missing.
    public mutating func update(columns: [[Double]]) {
        precondition(columns.count == indicatorCount, "\(columns.count) columns for \(indicatorCount) indicators")
        let rowCount = columns[0].count
        precondition(columns.allSatisfy { $0.count == rowCount }, "columns of different lengths")
        let capacity = ScoreBlock.rowCapacity
        for start in Swift.stride(from: 0, to: rowCount, by: capacity) {
            let rows = start..<min(rowCount, start + capacity)
            let values = columns.flatMap { column in
                column[rows].map { value in
                    precondition(value.isNaN || (0...1).contains(value), "\(value) is not in 0...1")
                    return value.isNaN ? -0.0 : value + 0.0
                }
            }
            values.withUnsafeBufferPointer { update($0, stride: rows.count, rowCount: rows.count) }
        }
    }

    /// Brings the second moments into the first. Sums are rounded, so combine chunks in their order.
    public mutating func combine(_ other: IndicatorMoments) {
        precondition(indicatorCount == other.indicatorCount && groups == other.groups, "moments of other indicators")
        rowCount += other.rowCount
        add(other.products, to: &products)
        add(other.pairSums, to: &pairSums)
        add(other.entropySums, to: &entropySums)
        for group in groups.indices { add(other.performanceSums[group], to: &performanceSums[group]) }
    }

    private func add(_ values: [Double], to sums: inout [Double]) {
        for index in sums.indices { sums[index] += values[index] }
    }
}

extension IndicatorMoments {
    private mutating func update(_ values: UnsafeBufferPointer<Double>, stride: Int, rowCount: Int) {
        guard rowCount > 0 else { return }
        let columns = (0..<indicatorCount).map {
            UnsafeBufferPointer(rebasing: values[$0 * stride..<$0 * stride + rowCount])
        }
        // SAFETY: the columns above lie in `values`, and `products` has an element for each two of them.
        stratum_add_products(values.baseAddress!, stride, indicatorCount, rowCount, &products)
        updatePairs(columns, updateColumns(columns))
        self.rowCount += rowCount
    }

    /// Sums of each indicator over the rows that have each other one; the whole column's where the other has no gaps.
    private mutating func updatePairs(_ columns: [UnsafeBufferPointer<Double>], _ whole: [Double]) {
        let rowCount = columns[0].count
        // SAFETY: columns have `rowCount` elements; three are added to, of each pair.
        pairSums.withUnsafeMutableBufferPointer { pairSums in
            for other in columns.indices {
                let hasGaps = whole[4 * other] < Double(rowCount)
                for column in columns.indices {
                    let place = 3 * (other * indicatorCount + column)
                    if hasGaps, column != other {
                        stratum_add_paired(
                            columns[column].baseAddress!, columns[other].baseAddress!, rowCount,
                            pairSums.baseAddress! + place)
                    } else {
                        for number in 0..<3 { pairSums[place + number] += whole[4 * column + number] }
                    }
                }
            }
        }
    }

    /// Sums of logarithms.
    ///
    /// - Returns: of each column the number of values, their sum, that of their squares and that of x ln x.
    private mutating func updateColumns(_ columns: [UnsafeBufferPointer<Double>]) -> [Double] {
        let rowCount = columns[0].count
        var sums = [Double](repeating: 0, count: 4 * indicatorCount)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: indicatorCount * rowCount) { logarithms in
            // SAFETY: a column has `rowCount` elements, and so has its part of `logarithms`, all written before read; four
            // sums are added to.
            sums.withUnsafeMutableBufferPointer { sums in
                for (indicator, column) in columns.enumerated() {
                    stratum_add_column(
                        column.baseAddress!, rowCount, logarithms.baseAddress! + indicator * rowCount,
                        sums.baseAddress! + 4 * indicator)
                }
            }
            for indicator in columns.indices { entropySums[indicator] += sums[4 * indicator + 3] }
            for (number, group) in groups.enumerated() {
                // SAFETY: the group's columns lie in `logarithms`; `performanceSums` has one more than they are.
                stratum_add_log_removals(
                    logarithms.baseAddress! + group.lowerBound * rowCount, rowCount, group.count, rowCount,
                    &performanceSums[number])
            }
        }
        return sums
    }
}

extension IndicatorMoments {
    /// Customers who have an indicator.
    public func count(of indicator: Int) -> Int { Int(pairSums[3 * place(indicator, indicator)]) }

    /// The mean of an indicator's normalized values; nil if no customer has one.
    public func mean(of indicator: Int) -> Double? {
        let count = count(of: indicator)
        return count == 0 ? nil : sum(of: indicator) / Double(count)
    }

    /// The population standard deviation of an indicator's normalized values; 0 for a constant one.
    public func standardDeviation(of indicator: Int) -> Double {
        let pair = pair(indicator, indicator)
        return isConstant(pair.variances.0, pair.squares.0) ? 0 : pair.variances.0.squareRoot()
    }

    /// Pearson's correlation over the customers who have both; 0 where one of the two is constant.
    public func correlation(_ first: Int, _ second: Int) -> Double {
        if first == second { return 1 }
        let pair = pair(first, second)
        guard !isConstant(pair.variances.0, pair.squares.0), !isConstant(pair.variances.1, pair.squares.1) else {
            return 0
        }
        return min(1, max(-1, pair.covariance / (pair.variances.0 * pair.variances.1).squareRoot()))
    }

    /// Shannon's entropy of an indicator's values as shares of their sum, over its largest possible one: 0...1, and 1 if
    /// there is nothing to tell customers apart by.
    func relativeEntropy(of indicator: Int) -> Double {
        let (count, sum) = (Double(count(of: indicator)), sum(of: indicator))
        guard count > 1, sum > 0, standardDeviation(of: indicator) > 0 else { return 1 }
        return min(1, max(0, (logarithm(sum) - entropySums[indicator] / sum) / logarithm(count)))
    }

    /// By how much MEREC's performance falls without each indicator of a group, summed over all customers.
    func removalEffects(ofGroup group: Int) -> [Double] {
        performanceSums[group].dropFirst().map { max(0, performanceSums[group][0] - $0) }
    }

    private func place(_ row: Int, _ column: Int) -> Int { column * indicatorCount + row }

    private func sum(of indicator: Int) -> Double { pairSums[3 * place(indicator, indicator) + 1] }

    /// What is left of a variance after rounding, beside the mean square that it was taken from.
    private func isConstant(_ variance: Double, _ meanSquare: Double) -> Bool { variance <= 1e-13 * meanSquare }

    /// Variances, mean squares and the covariance over the customers who have both indicators.
    private func pair(
        _ first: Int, _ second: Int
    ) -> (variances: (Double, Double), squares: (Double, Double), covariance: Double) {
        let (left, right) = (3 * place(first, second), 3 * place(second, first))
        let count = pairSums[left]
        guard count > 0 else { return ((0, 0), (0, 0), 0) }
        let means = (pairSums[left + 1] / count, pairSums[right + 1] / count)
        let squares = (pairSums[left + 2] / count, pairSums[right + 2] / count)
        let covariance = products[place(first, second)] / count - means.0 * means.1
        return (
            (max(0, squares.0 - means.0 * means.0), max(0, squares.1 - means.1 * means.1)), squares, covariance
        )
    }
}
