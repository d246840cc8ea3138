import VectorMath

/// The rule of `EmptyClusters`, in one pass over a source for each empty cluster.
struct StreamingEmptyClusters<Source: FeatureSource> {
    let blocks: StreamingBlocks<Source>
    let workers: Workers
    /// Squared distance within which points count as one.
    let coincidence: Double

    /// Moves the centroids of `empty` clusters onto rows; returns those given up.
    func repair(_ empty: [Int], centroids: inout [Double], active: [Bool]) throws -> [Int] {
        try EmptyClusters.repair(
            empty, centroids: &centroids, active: active, coincidence: coincidence, farthest: farthestRow)
    }

    /// The values of the row with the largest squared distance to the nearest of `points`, the lowest row on ties.
    private func farthestRow(from points: [[Float]]) throws -> (values: [Float], distance: Float) {
        let tasks = blocks.tasks
        let found = try workers.map(chunkCount: tasks.count) { task in
            let rows = tasks.rows(task)
            return try blocks.withRows(rows) { block in
                let nearest = try LargeBuffer<Float>(count: Tasks.rowLimit, for: "distances of empty segments")
                // SAFETY: a task has at most rowLimit rows.
                nearest.start.update(repeating: .infinity, count: rows.count)
                for point in points {
                    _ = Kernels.seed(
                        block.matrix, rows: 0..<rows.count, chosen: point, nearest: nearest.start, candidates: nil)
                }
                var row = 0
                for next in 1..<max(1, rows.count) where nearest.start[next] > nearest.start[row] { row = next }
                return (values: block.matrix.row(row), distance: nearest.start[row])
            }
        }
        return found.dropFirst().reduce(found[0]) { $1.distance > $0.distance ? $1 : $0 }
    }
}
