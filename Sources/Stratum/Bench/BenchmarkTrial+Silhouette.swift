import Segmentation
import VectorMath

extension BenchmarkTrial {
    /// The mean over all rows of (b - a) / max(a, b), where a is the distance to the row's own centroid and b that to
    /// the nearest other one (Vendramin, Campello and Hruschka 2010); nil for one segment.
    ///
    /// - Complexity: O(rows x features x segments); the same bits for any number of threads.
    func silhouette() -> Double? {
        guard let result, result.clusterCount > 1 else { return nil }
        let centroids = result.centroids.floats
        let rowsPerChunk = 16_384
        let chunkCount = (matrix.rowCount + rowsPerChunk - 1) / rowsPerChunk
        let parts = workers.map(chunkCount: chunkCount) { [matrix] chunk in
            var sum = 0.0
            var row = [Float](repeating: 0, count: matrix.columnCount)
            for index in chunk * rowsPerChunk..<min(matrix.rowCount, (chunk + 1) * rowsPerChunk) {
                for column in row.indices { row[column] = matrix[index, column] }
                sum += Self.silhouette(of: row, in: Int(result.assignments[index]), centroids)
            }
            return sum
        }
        return parts.reduce(0, +) / Double(matrix.rowCount)
    }

    private static func silhouette(of row: [Float], in own: Int, _ centroids: [Float]) -> Double {
        var (mine, nearest) = (Float(0), Float.infinity)
        for cluster in 0..<centroids.count / row.count {
            var square: Float = 0
            for (column, value) in row.enumerated() {
                let difference = value - centroids[cluster * row.count + column]
                square += difference * difference
            }
            if cluster == own { mine = square } else { nearest = min(nearest, square) }
        }
        let (a, b) = (Double(mine).squareRoot(), Double(nearest).squareRoot())
        return max(a, b) > 0 ? (b - a) / max(a, b) : 0
    }
}
