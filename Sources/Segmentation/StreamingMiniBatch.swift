import VectorMath

/// Mini-batches: centroids that follow small random parts of the rows, before the exact passes over all of them.
public struct MiniBatch: Codable, Equatable, Sendable {
    /// Rows in a batch, 16 or more; rounded up to whole tiles of 16 consecutive rows, which are drawn evenly and with
    /// replacement. A source of no more rows than this is passed over whole, without batches.
    public var rowCount: Int
    /// Batches without a lower smoothed inertia after which they end, 1 or more: scikit-learn's rule and number.
    public var patience: Int
    /// Exact iterations of Lloyd's algorithm after the batches, 0 or more. With 0 the centroids stay where the batches
    /// left them; segments, sizes and inertia are exact either way.
    public var exactIterationLimit: Int

    /// Mini-batches of `rowCount` rows.
    public init(rowCount: Int = 16_384, patience: Int = 10, exactIterationLimit: Int = 1) {
        self.rowCount = rowCount
        self.patience = patience
        self.exactIterationLimit = exactIterationLimit
    }

    /// Throws if a parameter is outside its admissible range.
    public func validate() throws(SegmentationError) {
        func check(_ isValid: Bool, _ place: String, _ remedy: String) throws(SegmentationError) {
            if !isValid { throw SegmentationError(.invalidParameter, place: place, remedy: remedy) }
        }
        try check((16...1 << 30).contains(rowCount), "mini-batch of \(rowCount) rows", "give 16 to 1073741824")
        try check(patience >= 1, "patience \(patience)", "give 1 or more")
        try check(exactIterationLimit >= 0, "exactIterationLimit \(exactIterationLimit)", "give 0 or more")
    }
}

/// Centroids on their way through mini-batches.
///
/// A row moves the centroid it is nearest to by 1 / (rows that the centroid has met), so that a centroid is always the
/// mean of the rows it has met, each batch assigned at once; Sculley, "Web-scale k-means clustering" (WWW 2010),
/// algorithm 1.
struct StreamingMiniBatch<Source: FeatureSource> {
    let blocks: StreamingBlocks<Source>
    let survey: FeatureSurvey
    let workers: Workers

    /// Rows that one thread takes at a time: a constant, as all sizes of chunks.
    private static var chunkTileCount: Int { 64 }

    /// Moves `centroids` (row-major) through at most `batchLimit` batches.
    ///
    /// - Returns: how many batches there were, and whether they ended before the limit.
    func run(
        _ miniBatch: MiniBatch, batchLimit: Int, centroids: inout [Double], generator: inout RandomGenerator
    ) throws -> (batchCount: Int, converged: Bool) {
        let batchTileCount = (miniBatch.rowCount + FeatureMatrix.rowsPerTile - 1) / FeatureMatrix.rowsPerTile
        // A last tile that is not full is never drawn; the exact pass at the end brings its rows in.
        let fullTileCount = blocks.source.rowCount / FeatureMatrix.rowsPerTile
        let alpha = min(1, 2 * Double(miniBatch.rowCount) / Double(blocks.source.rowCount + 1))
        var metCounts = [Double](repeating: 0, count: centroids.count / blocks.featureCount)
        var smoothed: Double?
        var (lowest, idleCount, batchCount) = (Double.infinity, 0, 0)
        while batchCount < batchLimit {
            let tiles = (0..<batchTileCount).map { _ in generator.nextIndex(below: fullTileCount) }
            let inertia = try move(&centroids, by: tiles, &metCounts)
            batchCount += 1
            let current = smoothed.map { $0 * (1 - alpha) + inertia * alpha } ?? inertia
            smoothed = current
            idleCount = current < lowest ? 0 : idleCount + 1
            lowest = min(lowest, current)
            if idleCount >= miniBatch.patience { return (batchCount, true) }
        }
        return (batchCount, false)
    }

    /// Moves centroids by the rows of some tiles; returns the inertia of the batch before.
    private func move(_ centroids: inout [Double], by tiles: [Int], _ metCounts: inout [Double]) throws -> Double {
        let rounded = centroids.map { Float($0) }
        let (sums, squareSum) = try gather(tiles, centroids: rounded)
        let inertia = sums.inertia(to: rounded, squareSum: squareSum)
        for cluster in metCounts.indices where sums.counts[cluster] > 0 {
            let count = Double(sums.counts[cluster])
            metCounts[cluster] += count
            for feature in 0..<blocks.featureCount {
                let mean = sums.sums[cluster * sums.stride + feature] / count
                let index = cluster * blocks.featureCount + feature
                centroids[index] += (mean - centroids[index]) * (count / metCounts[cluster])
            }
        }
        return inertia
    }

    /// The sums of the rows of some tiles by nearest centroid, and the sum of the rows' squares.
    private func gather(_ tiles: [Int], centroids: [Float]) throws -> (sums: CentroidSums, squareSum: Double) {
        let featureCount = blocks.featureCount
        let clusterCount = centroids.count / featureCount
        let nearest = PassCentroids(
            featureCount: featureCount, rowMajor: centroids, active: [Bool](repeating: true, count: clusterCount))
        let empty = CentroidSums(clusterCount: clusterCount, featureCount: featureCount)
        let chunkCount = (tiles.count + Self.chunkTileCount - 1) / Self.chunkTileCount
        let parts = try workers.map(chunkCount: chunkCount) { chunk in
            let chosen = tiles[chunk * Self.chunkTileCount..<min(tiles.count, (chunk + 1) * Self.chunkTileCount)]
            return try blocks.withBlock { block in
                for (place, tile) in chosen.enumerated() {
                    let first = tile * FeatureMatrix.rowsPerTile
                    try blocks.source.read(
                        first..<first + FeatureMatrix.rowsPerTile, into: block.matrix,
                        at: place * FeatureMatrix.rowsPerTile)
                }
                let rows = 0..<chosen.count * FeatureMatrix.rowsPerTile
                block.segments(rows.count).update(repeating: Kernels.noLabel)
                // Without grids, as these squares are summed up in the order of the chunks.
                let squares = Kernels.norms(
                    block.matrix, rows: rows, weights: nil, grids: (coarse: 0, fine: 0), radii: block.radii)
                var sums = empty
                _ = Kernels.pass(
                    block.passRows(survey), rows: rows, centroids: nearest, bounds: nil, form: .best, sums: &sums)
                return (sums: sums, squares: squares.high + squares.low)
            }
        }
        var total = empty
        for part in parts { total.combine(part.sums) }
        return (total, parts.reduce(0) { $0 + $1.squares })
    }
}
