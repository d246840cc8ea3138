import Glibc
import VectorMath

/// First centroids: rows of the matrix, chosen by k-means++ or evenly.
struct Seeding {
    let matrix: FeatureMatrix
    var weights: RowWeights?
    let workers: Workers

    /// The rows that begin the clusters; fewer than asked if all other rows equal one of them.
    func rows(_ seeding: KMeansSeeding, clusterCount: Int, generator: inout RandomGenerator) throws -> [Int] {
        switch seeding {
        case .greedyKMeansPlusPlus:
            return try greedy(clusterCount: clusterCount, generator: &generator)
        case .kMeansPlusPlus:
            return try plusPlus(clusterCount: clusterCount, candidateCount: 1, generator: &generator)
        case .kMeansParallel:
            return try parallel(clusterCount: clusterCount, generator: &generator)
        case .random:
            if let weights { return byWeight(weights, clusterCount: clusterCount, generator: &generator) }
            return evenly(clusterCount: clusterCount, generator: &generator)
        case .given:
            preconditionFailure("given centroids are no rows")
        }
    }

    /// k-means++ that tries several rows for each centroid.
    func greedy(clusterCount: Int, generator: inout RandomGenerator) throws -> [Int] {
        try plusPlus(
            clusterCount: clusterCount, candidateCount: 2 + Int(log(Double(clusterCount))), generator: &generator)
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

    /// Distinct rows drawn one after the other by weight: those with the least -ln(u) / weight, u uniform (Efraimidis
    /// and Spirakis 2006). Rows of weight 0 are never drawn.
    private func byWeight(_ weights: RowWeights, clusterCount: Int, generator: inout RandomGenerator) -> [Int] {
        let seed = generator.next()
        let tasks = Tasks(rowCount: matrix.rowCount)
        let lowest = workers.map(chunkCount: tasks.count) { task in
            var draws = RandomGenerator(seed: seed, stream: task)
            let keys = tasks.rows(task).map { row in
                (key: -log(1 - draws.nextUniform()) / Double(weights[row]), row: row)
            }
            return keys.filter { weights[$0.row] > 0 }.sorted { ($0.key, $0.row) < ($1.key, $1.row) }
                .prefix(clusterCount)
        }
        return lowest.joined().sorted { ($0.key, $0.row) < ($1.key, $1.row) }.prefix(clusterCount).map { $0.row }
    }
}
