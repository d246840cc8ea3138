public import VectorMath

extension StreamingKMeans {
    /// The result with the clusters that have rows, in their order; the source's segments are numbered so.
    func result(of run: StreamingRun<some FeatureSource>, _ start: StreamedStart) throws -> KMeansResult {
        let kept = run.active.indices.filter { run.active[$0] }
        let (source, featureCount) = (run.blocks.source, run.blocks.featureCount)
        if kept.count < run.active.count {
            var numbers = [UInt16](repeating: 0, count: run.active.count)
            for (number, cluster) in kept.enumerated() { numbers[cluster] = UInt16(number) }
            try Self.renumber(source, by: numbers, workers: run.workers)
        }
        let totals = (0..<featureCount).map { feature in
            kept.reduce(0) { $0 + run.sums.sums[$1 * run.sums.stride + feature] }
        }
        let converged = start.batches?.converged ?? run.converged
        return KMeansResult(
            centroids: Centroids(
                featureCount: featureCount,
                checked: kept.flatMap { run.centroids[$0 * featureCount..<($0 + 1) * featureCount] }),
            assignments: [], sizes: kept.map { Int(run.sums.counts[$0]) }, inertia: start.inertia,
            iterationCount: (start.batches?.batchCount ?? 0) + run.iterations.count, converged: converged,
            restart: start.restart, iterations: run.iterations,
            warnings: warnings(found: kept.count, converged: converged, run.survey),
            featureMeans: totals.map { $0 / run.survey.totalWeight },
            featureDeviations: run.survey.variances.indices.map {
                run.survey.isConstant[$0] ? 0 : run.survey.variances[$0].squareRoot()
            })
    }

    private func warnings(found: Int, converged: Bool, _ survey: FeatureSurvey) -> [KMeansWarning] {
        var warnings: [KMeansWarning] = []
        if found < parameters.clusterCount {
            warnings.append(.fewerSegments(asked: parameters.clusterCount, found: found))
        }
        if !converged { warnings.append(.notConverged(iterationLimit: parameters.iterationLimit)) }
        let constant = survey.variances.indices.filter { survey.isConstant[$0] }
        if !constant.isEmpty { warnings.append(.constantFeatures(columns: constant)) }
        return warnings
    }

    /// The same segments, in the result and with the source, numbered by falling mean of a value: what
    /// `KMeansResult.renumbered` does in memory.
    ///
    /// - Parameters:
    ///   - result: what `fit` found in `source`.
    ///   - values: gives the values of some rows, NaN where there is none; called by several threads.
    /// - Throws: what `values` and the source throw.
    public static func renumber(
        _ result: KMeansResult, in source: some FeatureSource,
        byFallingMeanOf values:
            @escaping @Sendable (Range<Int>, UnsafeMutableBufferPointer<Double>) throws -> Void, workers: Workers
    ) throws -> KMeansResult {
        let tasks = Tasks(rowCount: source.rowCount)
        let clusterCount = result.clusterCount
        let parts = try workers.map(chunkCount: tasks.count) { task in
            let rows = tasks.rows(task)
            return try withSegments(of: rows, in: source) { segments in
                var totals = SegmentTotals(segmentCount: clusterCount, columnCount: 0)
                try withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count) { buffer in
                    buffer.initialize(repeating: .nan)
                    try values(rows, buffer)
                    totals.update(
                        segments: UnsafeBufferPointer(segments), columns: [], values: UnsafeBufferPointer(buffer))
                }
                return totals
            }
        }
        var totals = SegmentTotals(segmentCount: clusterCount, columnCount: 0)
        for part in parts { totals.combine(part) }
        let order = result.orderByFallingMean(totals)
        var numbers = [UInt16](repeating: 0, count: clusterCount)
        for (new, old) in order.enumerated() { numbers[old] = UInt16(new) }
        try renumber(source, by: numbers, workers: workers)
        return try result.renumbered(order, workers: workers)
    }

    /// Replaces every segment of the source by its new number.
    private static func renumber(_ source: some FeatureSource, by numbers: [UInt16], workers: Workers) throws {
        let tasks = Tasks(rowCount: source.rowCount)
        try workers.forEach(chunkCount: tasks.count) { task in
            let rows = tasks.rows(task)
            try withSegments(of: rows, in: source) { segments in
                for row in segments.indices { segments[row] = numbers[Int(segments[row])] }
                try source.writeSegments(UnsafeBufferPointer(segments), from: rows.lowerBound)
            }
        }
    }

    private static func withSegments<Result>(
        of rows: Range<Int>, in source: some FeatureSource,
        _ body: (UnsafeMutableBufferPointer<UInt16>) throws -> Result
    ) throws -> Result {
        try withUnsafeTemporaryAllocation(of: UInt16.self, capacity: rows.count) { segments in
            segments.initialize(repeating: 0)
            try source.readSegments(rows, into: segments)
            return try body(segments)
        }
    }
}
