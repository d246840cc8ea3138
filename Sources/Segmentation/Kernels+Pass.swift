import CKernels

/// What a pass over some rows did.
struct PassCounts: Equatable, Sendable {
    /// Rows whose label changed.
    var movedCount = 0
    /// Rows for which nothing was computed.
    var skippedCount = 0
    /// Bound groups that were scored, over all tiles.
    var scoredCount = 0

    mutating func combine(_ other: PassCounts) {
        movedCount += other.movedCount
        skippedCount += other.skippedCount
        scoredCount += other.scoredCount
    }
}

extension Kernels {
    /// What a pass reads and writes beside the centroids and the sums: one entry or more for each row or tile.
    struct PassRows: Sendable {
        let matrix: FeatureMatrix
        let weights: RowWeights?
        let labels: LargeBuffer<UInt16>
        let radii: LargeBuffer<Float>
        let magic: [Double]
    }

    /// Labels `rows` by their nearest centroid and carries them over in `sums`, leaving out what `bounds` allow.
    static func pass(
        _ all: PassRows, rows: Range<Int>, centroids: PassCentroids, bounds: TileBounds?, form: KernelForm,
        sums: inout CentroidSums
    ) -> PassCounts {
        let (matrix, packed) = (all.matrix, centroids.packed)
        let (start, tileCount) = tiles(matrix, rows)
        let firstTile = rows.lowerBound / FeatureMatrix.rowsPerTile
        precondition(tileCount <= Int(STRATUM_PASS_TILES), "\(tileCount) tiles in a task")
        precondition(all.radii.count == matrix.tileCount, "radii of another matrix")
        precondition(all.labels.count == matrix.tileCount * FeatureMatrix.rowsPerTile, "labels of another matrix")
        precondition(packed.featureCount == matrix.columnCount, "centroids of another matrix")
        precondition(
            all.magic.count == sums.stride && sums.clusterCount == packed.clusterCount, "sums of other centroids")
        precondition((sums.totals.isEmpty) == (all.weights == nil), "sums with weights need weights")
        if let bounds {
            precondition(bounds.deadlines.count == matrix.tileCount * bounds.count, "bounds of another matrix")
            precondition(bounds.count * bounds.span >= packed.groupCount, "bounds of other centroids")
        }
        // SAFETY: tiles, labels, radii, deadlines and weights were checked to cover the rows; labels are below
        // clusterCount, since what fills up the packed groups is never nearest, so lines of sums are in bounds.
        let task = stratum_kmeans_task(
            tiles: start, radii: all.radii.start + firstTile, row_count: rows.count,
            feature_count: matrix.columnCount, group_count: packed.groupCount, reach: centroids.reach,
            tie: centroids.tie, relative: centroids.relative, bound_count: bounds?.count ?? 1,
            bound_span: bounds?.span ?? packed.groupCount,
            deadlines: bounds.map { $0.deadlines.start + firstTile * $0.count },
            may_skip: bounds?.areSet == true ? 1 : 0,
            weights: weights(all.weights, matrix, rows), labels: all.labels.start + rows.lowerBound)
        var found = stratum_kmeans_found()
        let readings = bounds?.readings(relative: centroids.relative) ?? [0, 0]
        withUnsafePointer(to: task) { task in
            stratum_kmeans_run_pass(
                task, packed.values, centroids.lines, readings, all.magic, &sums.sums, &sums.totals, &sums.counts,
                form.rawValue, &found)
        }
        return PassCounts(
            movedCount: Int(found.moved), skippedCount: Int(found.skipped), scoredCount: Int(found.scored))
    }

    /// Lowers `nearest` by the distances to all of `centroids`, and numbers the owner of each row that one is nearer
    /// to.
    static func lower(
        _ matrix: FeatureMatrix, rows: Range<Int>, centroids: PackedCentroids, firstNumber: Int,
        nearest: LargeBuffer<Float>, owners: LargeBuffer<Int32>
    ) {
        let (start, tileCount) = tiles(matrix, rows)
        precondition(
            min(nearest.count, owners.count) >= rows.lowerBound + tileCount * FeatureMatrix.rowsPerTile,
            "distances are too short")
        precondition(firstNumber + 4 * centroids.groupCount <= Int(Int32.max), "too many centroids")
        // SAFETY: tiles, distances and owners checked above.
        stratum_kmeans_lower(
            start, tileCount, matrix.columnCount, centroids.values, centroids.groupCount, Int32(firstNumber),
            nearest.start + rows.lowerBound, owners.start + rows.lowerBound)
    }

    /// Stops if a label is not what the plain algorithm finds: for tests, and to hunt a fault in the bounds.
    static func checkLabels(_ all: PassRows, centroids: PackedCentroids) throws {
        let plain = try LargeBuffer<UInt16>(count: all.labels.count, for: "check of labels")
        assign(
            all.matrix, rows: 0..<all.matrix.rowCount, centroids: centroids,
            labels: UnsafeMutableBufferPointer(start: plain.start, count: plain.count))
        for row in 0..<all.matrix.rowCount {
            // SAFETY: both buffers have a label for each row.
            let (found, nearest) = (all.labels.start[row], plain.start[row])
            precondition(found == nearest, "row \(row) went to \(found) instead of \(nearest)")
        }
    }
}
