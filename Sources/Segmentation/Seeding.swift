import Glibc
import VectorMath

/// First centroids: rows of the matrix, chosen by k-means++ or evenly.
struct Seeding {
    let matrix: FeatureMatrix
    let workers: Workers

    /// The rows that begin the clusters; fewer than asked if all other rows equal one of them.
    func rows(_ seeding: KMeansSeeding, clusterCount: Int, generator: inout RandomGenerator) throws -> [Int] {
        switch seeding {
        case .greedyKMeansPlusPlus:
            let candidateCount = 2 + Int(log(Double(clusterCount)))
            return try plusPlus(clusterCount: clusterCount, candidateCount: candidateCount, generator: &generator)
        case .kMeansPlusPlus, .kMeansParallel:
            return try plusPlus(clusterCount: clusterCount, candidateCount: 1, generator: &generator)
        case .random:
            return evenly(clusterCount: clusterCount, generator: &generator)
        case .given:
            preconditionFailure("given centroids are no rows")
        }
    }

    /// Distinct rows, each set of them equally likely (Floyd's algorithm: Bentley, "Programming Pearls", 1987).
    private func evenly(clusterCount: Int, generator: inout RandomGenerator) -> [Int] {
        var rows: [Int] = []
        var taken: Set<Int> = []
        for last in matrix.rowCount - clusterCount..<matrix.rowCount {
            let drawn = generator.nextIndex(below: last + 1)
            let row = taken.insert(drawn).inserted ? drawn : last
            taken.insert(row)
            rows.append(row)
        }
        return rows
    }

    /// k-means++ with `candidateCount` tries for each centroid, one pass over the matrix for all tries together.
    ///
    /// A pass lowers the distances to the nearest centroid by the one chosen last and sums, by task, what each
    /// candidate would leave. So the sums by task to draw the next candidates from are known when the pass ends, and
    /// only the tasks drawn need their distances brought up to date early.
    private func plusPlus(
        clusterCount: Int, candidateCount: Int, generator: inout RandomGenerator
    ) throws -> [Int] {
        let tasks = Tasks(rowCount: matrix.rowCount)
        let nearest = try LargeBuffer<Float>(
            count: matrix.tileCount * FeatureMatrix.rowsPerTile, for: "distances of k-means++")
        var chosen = [generator.nextIndex(below: matrix.rowCount)]
        var potentials = workers.map(chunkCount: tasks.count) { [chosen] task in
            let rows = tasks.rows(task)
            // SAFETY: the rows of the task are inside the buffer; rows that pad the last tile stay 0.
            (nearest.start + rows.lowerBound).update(repeating: .infinity, count: rows.count)
            return lower(nearest, rows: rows, by: chosen[0], candidates: nil)[0]
        }
        while chosen.count < clusterCount {
            guard potentials.reduce(0, +) > 0, let last = chosen.last else { break }
            let candidates = (0..<candidateCount).map { _ in
                draw(generator.nextUniform(), potentials: potentials, nearest: nearest, last: last)
            }
            let packed = PackedCentroids(
                featureCount: matrix.columnCount, rowMajor: candidates.flatMap { matrix.row($0) })
            let tried = workers.map(chunkCount: tasks.count) { task in
                lower(nearest, rows: tasks.rows(task), by: last, candidates: packed)
            }
            let totals = candidates.indices.map { candidate in tried.reduce(0) { $0 + $1[1 + candidate] } }
            // The first of the lowest, so that ties do not depend on anything.
            let best = totals.indices.min { (totals[$0], $0) < (totals[$1], $1) } ?? 0
            chosen.append(candidates[best])
            potentials = tried.map { $0[1 + best] }
        }
        return chosen
    }

    private func lower(
        _ nearest: LargeBuffer<Float>, rows: Range<Int>, by row: Int, candidates: PackedCentroids?
    ) -> [Double] {
        // SAFETY: the buffer has whole tiles for all rows of the matrix, and tasks write disjoint parts of it.
        Kernels.seed(
            matrix, rows: rows, chosen: matrix.row(row), nearest: nearest.start + rows.lowerBound,
            candidates: candidates)
    }

    /// The row at share `uniform` of all squared distances, counted in row order.
    private func draw(_ uniform: Double, potentials: [Double], nearest: LargeBuffer<Float>, last: Int) -> Int {
        var rest = uniform * potentials.reduce(0, +)
        var task = 0
        var lastWithWeight = 0
        while task < potentials.count {
            if potentials[task] > 0 {
                lastWithWeight = task
                if rest < potentials[task] { break }
                rest -= potentials[task]
            }
            task += 1
        }
        // Rounding can carry `rest` past the end: then it is the last row that has a distance.
        if task == potentials.count { (task, rest) = (lastWithWeight, .infinity) }
        let rows = Tasks(rowCount: matrix.rowCount).rows(task)
        // Lowering twice by the same row changes nothing, so the next pass may do it again.
        _ = lower(nearest, rows: rows, by: last, candidates: nil)
        var found = rows.lowerBound
        for row in rows {
            // SAFETY: rows of a task are inside the buffer.
            let distance = Double(nearest.start[row])
            guard distance > 0 else { continue }
            found = row
            if rest < distance { break }
            rest -= distance
        }
        return found
    }
}
