import Testing
import VectorMath

@testable import Segmentation

/// Clustered points from a seed: `groupCount` blobs of unit-ish spread, columns by feature.
func blobs(_ rowCount: Int, features: Int, groups: Int, seed: UInt64, spread: Double = 4) -> [[Double]] {
    var generator = RandomGenerator(seed: seed)
    let centers = (0..<groups).map { _ in (0..<features).map { _ in (generator.nextUniform() - 0.5) * 2 * spread } }
    var columns = [[Double]](repeating: [], count: features)
    for _ in 0..<rowCount {
        let center = centers[generator.nextIndex(below: groups)]
        for feature in 0..<features {
            let noise = (0..<4).reduce(0.0) { sum, _ in sum + generator.nextUniform() } - 2
            columns[feature].append(center[feature] + noise)
        }
    }
    return columns
}

func matrix(_ columns: [[Double]], scaling: FeatureScaling = .identity) throws -> FeatureMatrix {
    try FeatureMatrix(columns: columns, scalings: [FeatureScaling](repeating: scaling, count: columns.count))
}

func fit(_ matrix: FeatureMatrix, _ parameters: KMeansParameters, threads: Int = 2) throws -> KMeansResult {
    try KMeans(parameters).fit(matrix, workers: Workers(threadCount: threads))
}

/// The squared distance of a row to a centroid rounded to Float, in Double.
func squaredDistance(_ matrix: FeatureMatrix, _ row: Int, _ centroid: ArraySlice<Double>) -> Double {
    zip(matrix.row(row), centroid).reduce(0) { sum, pair in
        let difference = Double(pair.0) - Double(Float(pair.1))
        return sum + difference * difference
    }
}

/// Lloyd's algorithm as a textbook has it, in Double, without repair: the slow reference.
func slowLloyd(
    _ matrix: FeatureMatrix, start: Centroids, iterations: Int
) -> (centroids: [[Double]], labels: [Int], inertia: Double) {
    let rows = (0..<matrix.rowCount).map { matrix.row($0).map { Double($0) } }
    var centroids = (0..<start.clusterCount).map { Array(start[$0]) }
    var labels: [Int] = []
    var inertia = 0.0
    for iteration in 0...iterations {
        inertia = 0
        labels = rows.map { row in
            let distances = centroids.map { zip(row, $0).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
            let nearest = distances.indices.min { (distances[$0], $0) < (distances[$1], $1) }!
            inertia += distances[nearest]
            return nearest
        }
        if iteration == iterations { break }
        for cluster in centroids.indices {
            let members = rows.indices.filter { labels[$0] == cluster }
            guard !members.isEmpty else { continue }
            for feature in 0..<matrix.columnCount {
                centroids[cluster][feature] = members.reduce(0) { $0 + rows[$1][feature] } / Double(members.count)
            }
        }
    }
    return (centroids, labels, inertia)
}
