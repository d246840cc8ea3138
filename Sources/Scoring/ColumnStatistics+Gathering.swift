public import VectorMath

extension ColumnStatistics {
    /// Learns what is needed of each column: all but the rarer statistics in one pass over the source.
    ///
    /// - Parameters:
    ///   - needs: one for each column.
    ///   - rowCounts: the rows of each chunk.
    ///   - read: gives the values of one column as they were read, NaN where missing; see `ColumnSource`.
    /// - Throws: what `read` throws.
    /// - Complexity: one pass for the order statistics of all columns; one more for columns with moments, with a median
    ///   absolute deviation, or whose range of quantiles is empty. A column with ranks is held in memory and sorted.
    public static func gather(
        _ needs: [StatisticsNeed], rowCounts: [Int], _ workers: Workers, read: @escaping ColumnSource.Read
    ) throws -> [ColumnStatistics] {
        let columns = TransformedColumns(transforms: needs.map(\.transform), rowCounts: rowCounts, read: read)
        let source = columns.source(of: Array(needs.indices))
        let wanted = needs.map { need in
            need.quantileLevels.map(OrderStatistic.quantile)
                + (need.needsExtremes ? [.quantile(0), .quantile(1)] : [])
        }
        var statistics = try zip(needs, OrderStatistics.find(wanted, in: source, workers)).map { need, found in
            var column = ColumnStatistics(presentCount: found.presentCount, missingCount: found.missingCount)
            guard found.presentCount > 0 else { return column }
            column.quantiles = zip(need.quantileLevels, found.values).map { Quantile(level: $0, value: $1) }
            if need.needsExtremes {
                column.minimum = found.values[need.quantileLevels.count]
                column.maximum = found.values[need.quantileLevels.count + 1]
            }
            return column
        }
        try statistics.addExtremes(needs, columns, workers)
        try statistics.addMoments(needs, columns, workers)
        try statistics.addDeviations(needs, columns, workers)
        for (column, need) in needs.enumerated() where need.needsRanks && statistics[column].presentCount > 0 {
            statistics[column].ranks = PercentileRanks(try columns.values(of: column), workers).table
        }
        return statistics
    }
}

extension [ColumnStatistics] {
    /// Extremes of columns whose range of quantiles is one value.
    fileprivate mutating func addExtremes(
        _ needs: [StatisticsNeed], _ data: TransformedColumns, _ workers: Workers
    ) throws {
        let columns = indices.filter { column in
            let quantiles = self[column].quantiles
            guard let first = quantiles.first, let last = quantiles.last, quantiles.count > 1 else { return false }
            return first.value == last.value && !needs[column].needsExtremes
        }
        guard !columns.isEmpty else { return }
        let wanted = [[OrderStatistic]](repeating: [.quantile(0), .quantile(1)], count: columns.count)
        for (column, found) in zip(columns, try OrderStatistics.find(wanted, in: data.source(of: columns), workers)) {
            self[column].minimum = found.values[0]
            self[column].maximum = found.values[1]
        }
    }

    fileprivate mutating func addMoments(
        _ needs: [StatisticsNeed], _ data: TransformedColumns, _ workers: Workers
    ) throws {
        let columns = indices.filter { needs[$0].needsMoments }
        guard !columns.isEmpty else { return }
        for (column, moments) in zip(columns, try data.source(of: columns).moments(workers)) {
            self[column].mean = moments.mean
            self[column].standardDeviation = moments.populationStandardDeviation
        }
    }

    fileprivate mutating func addDeviations(
        _ needs: [StatisticsNeed], _ data: TransformedColumns, _ workers: Workers
    ) throws {
        let columns = indices.filter { needs[$0].needsMedianAbsoluteDeviation && self[$0].presentCount > 0 }
        guard !columns.isEmpty else { return }
        let medians = columns.map { self[$0].quantile(0.5) ?? .nan }
        let distances = data.source(of: columns) { column, values in
            let median = medians[column]
            for index in values.indices { values[index] = abs(values[index] - median) }
        }
        let wanted = [[OrderStatistic]](repeating: [.quantile(0.5)], count: columns.count)
        for (column, found) in zip(columns, try OrderStatistics.find(wanted, in: distances, workers)) {
            self[column].medianAbsoluteDeviation = found.values[0]
        }
    }
}

/// The columns after a transform each; what a transform has no value for stays as it is.
private struct TransformedColumns {
    let transforms: [Transform]
    let rowCounts: [Int]
    let read: ColumnSource.Read

    /// Some of the columns, each changed further by `change`, which gets its number among the chosen ones.
    func source(
        of columns: [Int],
        changedBy change: @escaping @Sendable (Int, UnsafeMutableBufferPointer<Double>) -> Void = { _, _ in }
    ) -> ColumnSource {
        let transforms = columns.map { self.transforms[$0] }
        let read = read
        return ColumnSource(columnCount: columns.count, rowCounts: rowCounts) { column, chunk, rows, values in
            try read(columns[column], chunk, rows, values)
            let transform = transforms[column]
            if transform.needsNonnegative {
                for index in values.indices where !(values[index] < 0) { values[index] = transform(values[index]) }
            } else {
                transform.apply(to: values)
            }
            change(column, values)
        }
    }

    /// A whole column, which is ranked as it is.
    func values(of column: Int) throws -> [Double] {
        try [Double](unsafeUninitializedCapacity: rowCounts.reduce(0, +)) { values, initializedCount in
            for (chunk, rowCount) in rowCounts.enumerated() {
                // SAFETY: the chunks' rows together are the capacity.
                let rows = initializedCount..<initializedCount + rowCount
                try read(column, chunk, 0..<rowCount, UnsafeMutableBufferPointer(rebasing: values[rows]))
                initializedCount += rowCount
            }
        }
    }
}
