import VectorMath

/// The rule for clusters that no row is nearest to: each takes the row that is farthest from its nearest centroid (the
/// lowest row on ties), one after the other. When no row is farther than the coincidence distance from a centroid,
/// there are no more distinct points, and what is still empty is given up.
struct EmptyClusters {
    let matrix: FeatureMatrix
    /// Rows of weight 0 are never taken.
    let weights: RowWeights?
    let workers: Workers
    /// Squared distance within which points count as one.
    let coincidence: Double

    /// Moves the centroids of `empty` clusters onto rows; returns those given up.
    ///
    /// - Complexity: one pass over the matrix for each empty cluster.
    func repair(_ empty: [Int], centroids: inout [Double], active: [Bool]) throws -> [Int] {
        try Self.repair(empty, centroids: &centroids, active: active, coincidence: coincidence) { points in
            let farthest = try farthestRow(from: points)
            return (matrix.row(farthest.row), farthest.distance)
        }
    }

    /// The rule, wherever the rows are.
    ///
    /// - Parameter farthest: finds the values of the row that is farthest from the nearest of some points, and its
    ///   squared distance.
    static func repair(
        _ empty: [Int], centroids: inout [Double], active: [Bool], coincidence: Double,
        farthest: (_ points: [[Float]]) throws -> (values: [Float], distance: Float)
    ) throws -> [Int] {
        let featureCount = centroids.count / active.count
        var settled = active.indices.filter { active[$0] && !empty.contains($0) }
        for (index, cluster) in empty.enumerated() {
            let points = settled.map { settled in
                centroids[settled * featureCount..<(settled + 1) * featureCount].map { Float($0) }
            }
            let found = try farthest(points)
            guard Double(found.distance) > coincidence else { return Array(empty[index...]) }
            for (feature, value) in found.values.enumerated() {
                centroids[cluster * featureCount + feature] = Double(value)
            }
            settled.append(cluster)
        }
        return []
    }

    /// The row with the largest squared distance to the nearest of `points`.
    private func farthestRow(from points: [[Float]]) throws -> (row: Int, distance: Float) {
        let tasks = Tasks(rowCount: matrix.rowCount)
        let found = try workers.map(chunkCount: tasks.count) { task in
            let rows = tasks.rows(task)
            let nearest = try LargeBuffer<Float>(count: Tasks.rowLimit, for: "distances of empty segments")
            // SAFETY: a task has at most rowLimit rows.
            nearest.start.update(repeating: .infinity, count: rows.count)
            for point in points {
                _ = Kernels.seed(matrix, rows: rows, chosen: point, nearest: nearest.start, candidates: nil)
            }
            var farthest = (row: rows.lowerBound, distance: Float(0))
            for offset in 0..<rows.count where nearest.start[offset] > farthest.distance {
                if let weights, weights[rows.lowerBound + offset] == 0 { continue }
                farthest = (rows.lowerBound + offset, nearest.start[offset])
            }
            return farthest
        }
        return found.dropFirst().reduce(found[0]) { $1.distance > $0.distance ? $1 : $0 }
    }
}
