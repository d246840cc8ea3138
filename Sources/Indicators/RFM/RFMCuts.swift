// A cut is the largest value of its class, and a value's class is the number of cuts below it: equal values cannot be
// parted. By quantile, the j-th of n - 1 cuts of N values is the one at rank ceil(j N / n) from 1, a value that occurs;
// so N copies of a population have its cuts.

public import VectorMath

/// Where the scores of recency, frequency and monetary value are cut.
///
/// ```swift
/// let cuts = RFMCuts.fit(recency: days, frequency: purchases, monetary: spend, RFMSpecification(), workers)
/// cuts.score(recency: days.span, frequency: purchases.span, monetary: spend.span, into: &cells)
/// print(cuts.code(ofCell: cells[0]))    // 545
/// ```
///
/// A *cell* numbers a triple of scores: `((r - 1) n + f - 1) n + m - 1`.
public struct RFMCuts: Sendable, Equatable, Codable {
    /// The cell of a customer without a purchase.
    public static let noCell = UInt16.max

    /// How many scores there are.
    public let scoreCount: Int
    /// The most days of the scores n, n - 1, ... 2.
    public let recency: [Double]
    /// The most purchases of the scores 1, 2, ... n - 1: one list, or nested one for each recency score from 1 on. A
    /// list is empty where there are no customers.
    public let frequency: [[Double]]
    /// The largest values of the scores 1, 2, ... n - 1: one list, or nested one for each pair (r, f), that of f = 1
    /// after that of r = 1 first.
    public let monetary: [[Double]]

    /// The number of cells.
    public var cellCount: Int { scoreCount * scoreCount * scoreCount }

    /// The scores of a cell, each in 1...n.
    public func scores(ofCell cell: Int) -> (r: Int, f: Int, m: Int) {
        precondition((0..<cellCount).contains(cell), "cell \(cell) of \(cellCount)")
        let n = scoreCount
        return (cell / (n * n) + 1, cell / n % n + 1, cell % n + 1)
    }

    /// The scores of a cell as digits, such as 545.
    public func code(ofCell cell: Int) -> Int {
        let scores = scores(ofCell: cell)
        return scores.r * 100 + scores.f * 10 + scores.m
    }

    /// Gives each customer a cell, `noCell` where the recency is NaN.
    ///
    /// - Parameters:
    ///   - recency: days since the last purchase; small is good.
    ///   - frequency: purchases.
    ///   - monetary: spend, in all or on average.
    /// - Complexity: O(n)
    public func score(
        recency: Span<Double>, frequency: Span<Double>, monetary: Span<Double>, into cells: inout MutableSpan<UInt16>
    ) {
        precondition(
            recency.count == cells.count && frequency.count == cells.count && monetary.count == cells.count,
            "\(recency.count), \(frequency.count) and \(monetary.count) values for \(cells.count) cells")
        let n = scoreCount
        for row in 0..<cells.count {
            guard !recency[row].isNaN else {
                cells[row] = Self.noCell
                continue
            }
            let r = n - 1 - Self.count(self.recency, below: recency[row])
            let f = Self.count(self.frequency[self.frequency.count == 1 ? 0 : r], below: frequency[row])
            let m = Self.count(self.monetary[self.monetary.count == 1 ? 0 : r * n + f], below: monetary[row])
            cells[row] = UInt16(truncatingIfNeeded: (r * n + f) * n + m)
        }
    }

    @inline(__always)
    private static func count(_ cuts: [Double], below value: Double) -> Int {
        var count = 0
        for cut in cuts { count += cut < value ? 1 : 0 }
        return count
    }
}

extension RFMCuts {
    /// Finds the cuts of a population; of customers with NaN as recency nothing counts.
    ///
    /// - Parameters:
    ///   - recency: days since the last purchase, NaN where there is none.
    ///   - frequency: purchases; no NaN where there is a recency.
    ///   - monetary: spend; likewise.
    /// - Complexity: O(n): quantiles are selected, nothing is sorted.
    public static func fit(
        recency: [Double], frequency: [Double], monetary: [Double], _ specification: RFMSpecification,
        _ workers: Workers
    ) -> RFMCuts {
        precondition(
            recency.count == frequency.count && recency.count == monetary.count,
            "\(recency.count), \(frequency.count) and \(monetary.count) values")
        specification.checkRange()
        let n = specification.scoreCount
        func known(_ values: [Double]) -> [Double] { zip(values, recency).map { $1.isNaN ? .nan : $0 } }
        let recencyCuts = specification.recencyCuts ?? quantiles(recency, n, workers)
        guard specification.isNested else {
            return RFMCuts(
                scoreCount: n, recency: recencyCuts,
                frequency: [specification.frequencyCuts ?? quantiles(known(frequency), n, workers)],
                monetary: [specification.monetaryCuts ?? quantiles(known(monetary), n, workers)])
        }
        let byRecency = RFMCuts(
            scoreCount: n, recency: recencyCuts, frequency: [[]], monetary: [[]]
        ).classes(of: (recency, frequency, monetary), count: n) { $0 / (n * n) }
        let frequencyCuts = specification.frequencyCuts.map { [$0] } ?? byRecency.quantiles(frequency, n, workers)
        let byBoth = RFMCuts(
            scoreCount: n, recency: recencyCuts, frequency: frequencyCuts, monetary: [[]]
        ).classes(of: (recency, frequency, monetary), count: n * n) { $0 / n }
        return RFMCuts(
            scoreCount: n, recency: recencyCuts, frequency: frequencyCuts,
            monetary: specification.monetaryCuts.map { [$0] } ?? byBoth.quantiles(monetary, n, workers))
    }

    /// The cuts of n classes of about equal size; none where there is no value.
    private static func quantiles(_ values: [Double], _ n: Int, _ workers: Workers) -> [Double] {
        let count = values.count { !$0.isNaN }
        guard count > 0 else { return [] }
        let ranks = (1..<n).map { OrderStatistic.rank(($0 * count + n - 1) / n - 1) }
        return OrderStatistics.find(ranks, in: values, workers).values
    }

    /// The rows of each class that `index` makes of a customer's cell.
    private func classes(
        of columns: (recency: [Double], frequency: [Double], monetary: [Double]), count: Int, index: (Int) -> Int
    ) -> RowClasses {
        var cells = [UInt16](repeating: 0, count: columns.recency.count)
        var span = cells.mutableSpan
        score(
            recency: columns.recency.span, frequency: columns.frequency.span, monetary: columns.monetary.span,
            into: &span)
        var rows = [[UInt32]](repeating: [], count: count)
        for (row, cell) in cells.enumerated() where cell != Self.noCell {
            rows[index(Int(cell))].append(UInt32(truncatingIfNeeded: row))
        }
        return RowClasses(rows: rows)
    }

    /// Rows by class, each class with cuts of its own.
    private struct RowClasses: Sendable {
        let rows: [[UInt32]]

        func quantiles(_ values: [Double], _ n: Int, _ workers: Workers) -> [[Double]] {
            workers.map(chunkCount: rows.count) { index in
                RFMCuts.quantiles(rows[index].map { values[Int($0)] }, n, Workers(threadCount: 1))
            }
        }
    }
}
