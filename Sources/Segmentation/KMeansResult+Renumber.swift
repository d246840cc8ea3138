public import VectorMath

extension KMeansResult {
    /// The same segments, numbered by falling mean of `values`, one for each row: segment 0 is worth the most.
    ///
    /// NaN values are left out. Segments of equal mean are ordered by falling size, then by their old number; those
    /// without any value come last.
    ///
    /// - Throws: `SegmentationError`: not one value for each row.
    public func renumbered(byFallingMeanOf values: [Double], workers: Workers) throws -> KMeansResult {
        guard values.count == assignments.count else {
            throw SegmentationError(
                .rowCountMismatch(expected: assignments.count, found: values.count), place: "values to number by",
                remedy: "give one value for each customer")
        }
        let tasks = Tasks(rowCount: values.count)
        let parts = workers.map(chunkCount: tasks.count) { [assignments, clusterCount] task in
            var totals = SegmentTotals(segmentCount: clusterCount, columnCount: 0)
            assignments.withUnsafeBufferPointer { segments in
                values.withUnsafeBufferPointer { values in
                    // SAFETY: the task's rows are inside both arrays.
                    totals.update(
                        segments: .init(rebasing: segments[tasks.rows(task)]), columns: [],
                        values: .init(rebasing: values[tasks.rows(task)]))
                }
            }
            return totals
        }
        var totals = SegmentTotals(segmentCount: clusterCount, columnCount: 0)
        for part in parts { totals.combine(part) }
        return try renumbered(orderByFallingMean(totals), workers: workers)
    }

    /// The segments by falling mean value, then falling size, then number; those without any value last.
    func orderByFallingMean(_ totals: SegmentTotals) -> [Int] {
        let means = sizes.indices.map { totals.meanValue(of: $0) ?? -.infinity }
        return sizes.indices.sorted {
            means[$0] != means[$1]
                ? means[$0] > means[$1] : (sizes[$0] != sizes[$1] ? sizes[$0] > sizes[$1] : $0 < $1)
        }
    }

    /// The same segments in the order given: `order[new]` is the old number.
    func renumbered(_ order: [Int], workers: Workers) throws -> KMeansResult {
        precondition(order.sorted() == Array(sizes.indices), "\(order) is no order of \(clusterCount) segments")
        var numbers = [UInt16](repeating: 0, count: clusterCount)
        for (new, old) in order.enumerated() { numbers[old] = UInt16(new) }
        var result = self
        result.sizes = order.map { sizes[$0] }
        result.centroids = Centroids(
            featureCount: centroids.featureCount, checked: order.flatMap { Array(centroids[$0]) })
        result.assignments = assignments.map { numbers[Int($0)] }
        return result
    }
}
