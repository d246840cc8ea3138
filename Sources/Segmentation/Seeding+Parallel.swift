import VectorMath

extension Seeding {
    /// Rounds of drawing, and rows expected in each as a multiple of the clusters: 5 rounds of k rows are enough by the
    /// paper's experiments (Bahmani et al. 2012, section 5).
    private static let roundCount = 5
    private static let rowsPerCluster = 1.0

    /// k-means||: in each round every row is drawn by itself with a chance that grows with its squared distance to the
    /// nearest row drawn so far. Greedy k-means++ then keeps `clusterCount` of the rows drawn, each weighing as much as
    /// the rows that it is nearest to.
    ///
    /// Where the rounds drew fewer rows than clusters, all is left to greedy k-means++. The draws of a task come from a
    /// stream of its own, so that threads do not show.
    ///
    /// - Complexity: O(rows x features x rows drawn), about 5 iterations with as many clusters.
    func parallel(clusterCount: Int, generator: inout RandomGenerator) throws -> [Int] {
        let elementCount = matrix.tileCount * FeatureMatrix.rowsPerTile
        let nearest = try LargeBuffer<Float>(count: elementCount, for: "distances of k-means||")
        let owners = try LargeBuffer<Int32>(count: elementCount, for: "owners of k-means||")
        // SAFETY: rows that pad the last tile stay 0, so no distance is below theirs.
        nearest.start.update(repeating: .infinity, count: matrix.rowCount)
        var drawn = [firstRow(&generator)]
        var latest = drawn
        for _ in 0..<Self.roundCount {
            let potentials = lower(nearest, owners, by: latest, firstNumber: drawn.count - latest.count)
            let potential = potentials.reduce(0, +)
            guard potential > 0 else { break }
            let expected = Self.rowsPerCluster * Double(clusterCount)
            latest = draw(nearest, factor: expected / potential, seed: generator.next())
            drawn += latest
        }
        _ = lower(nearest, owners, by: latest, firstNumber: drawn.count - latest.count)
        guard drawn.count >= clusterCount else { return try greedy(clusterCount: clusterCount, generator: &generator) }
        let kept = try Seeding(
            matrix: FeatureMatrix(
                columns: (0..<matrix.columnCount).map { column in drawn.map { Double(matrix[$0, column]) } },
                scalings: [FeatureScaling](repeating: .identity, count: matrix.columnCount)),
            weights: RowWeights(shares(of: drawn.count, owners)), workers: workers
        ).greedy(clusterCount: clusterCount, generator: &generator)
        return kept.map { drawn[$0] }
    }

    /// Lowers the distances by `latest` and returns their sums by task.
    private func lower(
        _ nearest: LargeBuffer<Float>, _ owners: LargeBuffer<Int32>, by latest: [Int], firstNumber: Int
    ) -> [Double] {
        let packed = PackedCentroids(featureCount: matrix.columnCount, rowMajor: latest.flatMap { matrix.row($0) })
        let tasks = Tasks(rowCount: matrix.rowCount)
        return workers.map(chunkCount: tasks.count) { task in
            let rows = tasks.rows(task)
            if !latest.isEmpty {
                Kernels.lower(
                    matrix, rows: rows, centroids: packed, firstNumber: firstNumber, nearest: nearest, owners: owners)
            }
            return rows.reduce(0.0) { $0 + cost(of: $1, nearest) }
        }
    }

    /// The squared distance of a row times its weight.
    private func cost(of row: Int, _ nearest: LargeBuffer<Float>) -> Double {
        // SAFETY: there is a distance for each row.
        Double(nearest.start[row]) * (weights.map { Double($0[row]) } ?? 1)
    }

    /// Rows, each drawn with the chance `factor` times its cost.
    private func draw(_ nearest: LargeBuffer<Float>, factor: Double, seed: UInt64) -> [Int] {
        let tasks = Tasks(rowCount: matrix.rowCount)
        let found = workers.map(chunkCount: tasks.count) { task in
            var draws = RandomGenerator(seed: seed, stream: task)
            return tasks.rows(task).filter { draws.nextUniform() < factor * cost(of: $0, nearest) }
        }
        return Array(found.joined())
    }

    /// What share of all rows, by weight, each of the rows drawn is nearest to.
    private func shares(of drawnCount: Int, _ owners: LargeBuffer<Int32>) -> [Double] {
        let tasks = Tasks(rowCount: matrix.rowCount)
        // Whole numbers, or weights on their grid: exact in any order.
        let sums = workers.reduce(
            chunkCount: tasks.count, into: { [Double](repeating: 0, count: drawnCount) },
            update: { sums, task in
                for row in tasks.rows(task) {
                    // SAFETY: there is an owner below drawnCount for each row.
                    sums[Int(owners.start[row])] += weights.map { Double($0[row]) } ?? 1
                }
            },
            combine: { sums, other in for index in sums.indices { sums[index] += other[index] } })
        let total = weights?.total ?? Double(matrix.rowCount)
        return sums.map { $0 / total < 0x1p-60 ? 0 : $0 / total }
    }
}
