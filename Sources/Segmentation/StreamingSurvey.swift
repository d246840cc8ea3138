import VectorMath

/// What two passes over a source learn: the survey that a fit in memory makes, and samples.
struct StreamingSurvey {
    let survey: FeatureSurvey
    /// The rows of each sample, in units of the matrix.
    let samples: [FeatureMatrix]

    /// Passes over the source twice.
    init(_ blocks: StreamingBlocks<some FeatureSource>, samples drawn: [StreamingSample], workers: Workers) throws {
        let (tasks, featureCount) = (blocks.tasks, blocks.featureCount)
        let samples = try drawn.map {
            try FeatureMatrix(
                rowCount: $0.rows.count, scalings: [FeatureScaling](repeating: .identity, count: featureCount))
        }
        let parts = try workers.map(chunkCount: tasks.count) { task in
            let rows = tasks.rows(task)
            return try blocks.withRows(rows) { block in
                for (drawn, sample) in zip(drawn, samples) { Self.copy(drawn, rows, of: block.matrix, to: sample) }
                return Kernels.survey(block.matrix, rows: 0..<rows.count)
            }
        }
        let rowCount = blocks.source.rowCount
        let radii = try LargeBuffer<Float>(
            count: (rowCount + FeatureMatrix.rowsPerTile - 1) / FeatureMatrix.rowsPerTile, for: "norms of all rows")
        survey = try FeatureSurvey(
            parts, totalWeight: Double(rowCount), featureCount: featureCount, radii: radii
        ) { grids in
            try workers.reduce(
                chunkCount: tasks.count, into: { SquareSum() },
                update: { sum, task in
                    let rows = tasks.rows(task)
                    try blocks.withRows(rows) { block in
                        sum.combine(
                            Kernels.norms(
                                block.matrix, rows: 0..<rows.count, weights: nil, grids: grids, radii: block.radii))
                        block.copyRadii(to: radii, of: rows)
                    }
                },
                combine: { $0.combine(($1.high, $1.low)) })
        }
        self.samples = samples
    }

    /// Copies the rows of the sample that lie in a block.
    private static func copy(
        _ drawn: StreamingSample, _ rows: Range<Int>, of block: FeatureMatrix, to sample: FeatureMatrix
    ) {
        let places = drawn.places(in: rows)
        for column in 0..<block.columnCount {
            // Float to Double and back changes nothing.
            drawn.rows[places].map { Double(block[$0 - rows.lowerBound, column]) }.withUnsafeBufferPointer {
                sample.store(column: column, firstRow: places.lowerBound, values: $0)
            }
        }
    }
}
