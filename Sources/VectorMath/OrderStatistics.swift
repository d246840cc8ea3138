/// One value asked of a column's sorted present values.
public enum OrderStatistic: Hashable, Sendable {
    /// The k-th smallest, k from 0.
    case rank(Int)
    /// The quantile at a probability in 0...1: type 7 of Hyndman and Fan, "Sample quantiles in statistical packages",
    /// The American Statistician 50 (1996), that is linear between the two nearest of n values at rank (n - 1) p.
    case quantile(Double)
}

/// Exact order statistics of a column: no approximation, whatever the number of rows, and never a sort of all rows.
///
/// A sorted sample gives brackets that hold the wanted ranks very likely; one pass over all rows counts what lies
/// below each bracket and keeps what lies in it; the answers are selected among the kept. Where the sample misled,
/// the brackets of that column come from radix histograms over the order-preserving bits of its values instead. The
/// answer is the same in either case: chunking, threads and the sample do not change it.
///
/// Source of the brackets: Floyd and Rivest, "Expected time bounds for selection", CACM 18 (1975).
public struct OrderStatistics: Sendable, Equatable {
    /// Values that are not NaN.
    public let presentCount: Int
    /// Values that are NaN.
    public let missingCount: Int
    /// One value for each asked, in the order asked; NaN where there is none (no value present, a rank beyond them).
    /// 0 is never -0.
    public let values: [Double]

    /// Finds the wanted order statistics of every column of `source`.
    ///
    /// - Parameter wanted: for each column what is asked of it; meant for tens of values a column, not for thousands.
    /// - Throws: what the source's `read` throws.
    /// - Complexity: every row is read once if the sample serves, and costs about 1 ns a distinct bracket.
    public static func find(
        _ wanted: [[OrderStatistic]], in source: ColumnSource, _ workers: Workers
    ) throws -> [OrderStatistics] {
        try find(wanted, in: source, workers, sampleSize: 16_384)
    }

    /// Finds the wanted order statistics of values in memory.
    public static func find(
        _ wanted: [OrderStatistic], in values: [Double], _ workers: Workers
    ) -> OrderStatistics {
        guard let found = try? find([wanted], in: ColumnSource(values), workers) else {
            preconditionFailure("reading \(values.count) values in memory failed")
        }
        return found[0]
    }

    /// Finds the wanted order statistics of values that come as often as their count says.
    ///
    /// - Parameter counted: by rising value, each count 1 or more; no NaN.
    public static func find(
        _ wanted: [OrderStatistic], inCounted counted: [(value: Double, count: Int)], missingCount: Int = 0
    ) -> OrderStatistics {
        for statistic in wanted { statistic.checkRange() }
        let presentCount = counted.reduce(0) { $0 + $1.count }
        func value(atRank rank: Int) -> Double {
            var below = 0
            for (value, count) in counted {
                below += count
                if rank < below { return value }
            }
            preconditionFailure("rank \(rank) of \(below) values")
        }
        let values = wanted.map { statistic -> Double in
            let ranks = statistic.ranks(presentCount: presentCount)
            guard let first = ranks.first, let last = ranks.last else { return .nan }
            let fraction = statistic.position(presentCount: presentCount) - Double(first)
            return interpolated(value(atRank: first), value(atRank: last), fraction) + 0.0
        }
        return OrderStatistics(presentCount: presentCount, missingCount: missingCount, values: values)
    }

    private init(presentCount: Int, missingCount: Int, values: [Double]) {
        self.presentCount = presentCount
        self.missingCount = missingCount
        self.values = values
    }

    static func find(
        _ wanted: [[OrderStatistic]], in source: ColumnSource, _ workers: Workers, sampleSize: Int
    ) throws -> [OrderStatistics] {
        precondition(wanted.count == source.columnCount, "\(wanted.count) lists for \(source.columnCount) columns")
        for statistic in wanted.joined() { statistic.checkRange() }
        let rowCount = source.rowCount
        let brackets = try workers.map(chunkCount: source.columnCount) { column in
            // So few values are kept and sorted as a whole.
            guard rowCount > 2 * sampleSize else { return [RankSieve.Bracket.everything] }
            let sample = try source.sortedSample(column: column, valueCount: sampleSize)
            return SampledBrackets(sortedSample: sample, sampledCount: sampleSize, rowCount: rowCount)
                .brackets(for: wanted[column])
        }
        var sieves = try sieve(source, columns: Array(brackets.indices), brackets, workers)
        return try wanted.indices.map { column in
            if let found = OrderStatistics(wanted[column], &sieves[column]) { return found }
            let ranks = Set(wanted[column].flatMap { $0.ranks(presentCount: sieves[column].presentCount) })
            let narrowed = try RadixHistogram.brackets(
                ofRanks: ranks.sorted(), column: column, of: source, keepingAtMost: 4 * sampleSize, workers)
            var sieve = try sieve(source, columns: [column], [narrowed], workers)[0]
            guard let found = OrderStatistics(wanted[column], &sieve) else {
                preconditionFailure("column \(column) reads differently the second time")
            }
            return found
        }
    }

    /// One pass over `columns` of the source, each with its brackets.
    private static func sieve(
        _ source: ColumnSource, columns: [Int], _ brackets: [[RankSieve.Bracket]], _ workers: Workers
    ) throws -> [RankSieve] {
        let pieces = source.pieces
        return try workers.reduce(chunkCount: columns.count * pieces.count) {
            brackets.map { RankSieve($0) }
        } update: { sieves, task in
            let (index, piece) = task.quotientAndRemainder(dividingBy: pieces.count)
            try source.forEachBlock(of: pieces[piece], column: columns[index]) { sieves[index].update($0) }
        } combine: { sieves, others in
            for index in sieves.indices { sieves[index].combine(others[index]) }
        }
    }

    /// The answers, or nil if a wanted rank is outside the sieve's brackets.
    private init?(_ wanted: [OrderStatistic], _ sieve: inout RankSieve) {
        let presentCount = sieve.presentCount
        var values: [Double] = []
        for statistic in wanted {
            let ranks = statistic.ranks(presentCount: presentCount)
            guard let first = ranks.first else {
                values.append(.nan)
                continue
            }
            let found = sieve.values(atRanks: ranks)
            guard let low = found[0], let high = found[found.count - 1] else { return nil }
            let fraction = statistic.position(presentCount: presentCount) - Double(first)
            values.append(interpolated(low, high, fraction) + 0.0)
        }
        self.presentCount = presentCount
        self.missingCount = sieve.missingCount
        self.values = values
    }
}

extension OrderStatistic {
    func checkRange() {
        switch self {
        case .rank(let rank): precondition(rank >= 0, "rank \(rank) is negative")
        case .quantile(let p): precondition(p >= 0 && p <= 1, "probability \(p) is not in 0...1")
        }
    }

    /// The place among `presentCount` sorted values, from 0.
    func position(presentCount: Int) -> Double {
        switch self {
        case .rank(let rank): Double(rank)
        case .quantile(let p): Double(presentCount - 1) * p
        }
    }

    /// The one or two ranks next to the position; none if there is no such value.
    func ranks(presentCount: Int) -> [Int] {
        guard presentCount > 0 else { return [] }
        if case .rank(let rank) = self { return rank < presentCount ? [rank] : [] }
        let position = position(presentCount: presentCount)
        let rank = Int(position)
        return Double(rank) < position ? [rank, rank + 1] : [rank]
    }
}

private func interpolated(_ low: Double, _ high: Double, _ fraction: Double) -> Double {
    guard fraction > 0, low < high else { return low }
    let difference = high - low
    // Ends near both limits of the range differ by more than it.
    return difference.isFinite ? low + fraction * difference : low * (1 - fraction) + high * fraction
}
