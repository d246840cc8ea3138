import Foundation
import Testing
import VectorMath

@testable import Segmentation

/// Figures that compare numbers of segments, beside those of scikit-learn 1.7 and plain computations.
struct SegmentQualityTests {
    private let workers = Workers(threadCount: 2)

    /// silhouette_score, calinski_harabasz_score and davies_bouldin_score of scikit-learn, and the simplified silhouette
    /// by its definition in numpy, for the best of 50 starts.
    @Test(arguments: [
        (2, 0.7697038327, 0.6810461692, 513.9245459803, 0.4042928372),
        (3, 0.6663855565, 0.5528190124, 561.6277566296, 0.6619715465),
        (4, 0.6207380404, 0.4980505050, 530.7658081873, 0.7803069839),
    ])
    func irisFiguresAreThoseOfScikitLearn(
        clusterCount: Int, simplified: Double, full: Double, calinskiHarabasz: Double, daviesBouldin: Double
    ) throws {
        let matrix = try iris()
        let result = try fit(
            matrix, KMeansParameters(clusterCount: clusterCount, tolerance: 0, restartCount: 20, seed: 1))
        let quality = try SegmentQuality(of: result, in: matrix, workers: workers)
        #expect(quality.inertia == result.inertia)
        #expect(abs(quality.simplifiedSilhouette! - simplified) < 1e-7)
        #expect(abs(quality.calinskiHarabasz! - calinskiHarabasz) < 1e-7 * calinskiHarabasz)
        #expect(abs(quality.daviesBouldin! - daviesBouldin) < 1e-7)
        let silhouette = FullSilhouette(
            assignments: result.assignments, places: Array(0..<150), in: matrix, workers: workers)
        #expect(abs(silhouette!.mean - full) < 5e-10)
        #expect(silhouette?.rowCount == 150)
    }

    @Test func figuresOfAGeneratedSetAreThoseOfScikitLearn() throws {
        func value(_ row: Int, _ column: Int) -> Double {
            let shift = (row * row % 4 == column ? 25.0 : 0) + (row % 4 == column ? 9.0 : 0)
            return Double(row * 7919 % 101) / 10 + shift
        }
        let columns = (0..<3).map { column in (0..<240).map { value($0, column) } }
        let matrix = try matrix(columns)
        let start = try Centroids(featureCount: 3, values: (0..<4).flatMap { row in columns.map { $0[row] } })
        let result = try fit(matrix, KMeansParameters(clusterCount: 4, seeding: .given(start), tolerance: 0))
        #expect(result.sizes == [60, 56, 60, 64])
        let quality = try SegmentQuality(of: result, in: matrix, workers: workers)
        #expect(abs(quality.inertia - 5651.41464286) < 1e-2)
        #expect(abs(quality.simplifiedSilhouette! - 0.614527265152) < 1e-6)
        #expect(abs(quality.calinskiHarabasz! - 1580.44066047) < 1e-2)
        #expect(abs(quality.daviesBouldin! - 0.786814683989) < 1e-6)
        let silhouette = FullSilhouette(
            assignments: result.assignments, places: Array(0..<240), in: matrix, workers: workers)
        #expect(abs(silhouette!.mean - 0.517869506991) < 1e-6)
    }

    @Test(arguments: [(1, 1, 1), (16, 12, 8), (17, 1, 3), (100, 5, 4), (1_000, 17, 9), (50, 40, 70)])
    func theLoopsAgreeWithTheirTwins(rows: Int, features: Int, clusters: Int) throws {
        let matrix = try matrix(blobs(rows, features: features, groups: 4, seed: 3))
        let points = (0..<clusters).map { matrix.row($0 * 7 % rows).map { $0 + Float($0.bitPattern % 3) } }
        let packed = PackedCentroids(featureCount: features, rowMajor: points.flatMap { $0 })
        let weights = try RowWeights((0..<rows).map { Double($0 % 3) + 0.5 })
        var sums = [Double](repeating: 0, count: 3 * clusters)
        var expected: [(Int, Int, Float, Float)] = []
        for row in 0..<rows {
            let distances = points.map { point in
                zip(matrix.row(row), point).reduce(Float(0)) { sum, pair in
                    sum.addingProduct(pair.0 - pair.1, pair.0 - pair.1)
                }
            }
            let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
            let own = distances[order[0]].squareRoot()
            let next = clusters > 1 ? distances[order[1]].squareRoot() : .infinity
            expected.append((order[0], clusters > 1 ? order[1] : 0, own, next))
            let weight = Double(row % 3) + 0.5
            sums[3 * order[0]] += weight
            sums[3 * order[0] + 1] += weight * Double(own)
            sums[3 * order[0] + 2] += weight * Double(next > 0 ? 1 - own / next : 0)
        }
        // One task, so that the order of additions is that of the rows.
        let found = Kernels.quality(matrix, rows: 0..<rows, centroids: packed, weights: weights)
        #expect(zip(found, sums).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) })
        let centroids = try Centroids(featureCount: features, values: points.flatMap { $0.map { Double($0) } })
        for part in [0..<rows, min(5, rows)..<rows, 0..<rows / 2] {
            let distances = try NearestCentroid(centroids).distances(matrix, rows: part)
            #expect(Array(distances.segments) == expected[part].map { UInt16($0.0) })
            #expect(Array(distances.nextSegments) == expected[part].map { UInt16($0.1) })
            #expect(Array(distances.own) == expected[part].map(\.2))
            #expect(Array(distances.next) == expected[part].map(\.3))
        }
    }

    @Test func theBitsAreTheSameForAnyNumberOfThreads() throws {
        let matrix = try matrix(blobs(50_003, features: 3, groups: 5, seed: 7))
        let result = try fit(matrix, KMeansParameters(clusterCount: 5))
        let one = try SegmentQuality(of: result, in: matrix, workers: Workers(threadCount: 1))
        for threads in [2, 3, 7] {
            #expect(try SegmentQuality(of: result, in: matrix, workers: Workers(threadCount: threads)) == one)
        }
        let mean = zip(one.simplifiedSilhouettes, result.sizes).reduce(0) { $0 + $1.0 * Double($1.1) } / 50_003
        #expect(abs(mean - one.simplifiedSilhouette!) < 1e-12)
    }

    @Test(arguments: 0..<5) func aWeightOfNCountsAsNRows(seed: UInt64) throws {
        let columns = blobs(300, features: 2, groups: 3, seed: seed)
        let copies = columns.map { column in column.enumerated().flatMap { [Double](repeating: $1, count: $0 % 4) } }
        let result = try fit(try matrix(copies), KMeansParameters(clusterCount: 3))
        let expected = try SegmentQuality(of: result, in: try matrix(copies), workers: workers)
        let weights = try RowWeights((0..<300).map { Double($0 % 4) })
        let weighted = try SegmentQuality(of: result, in: try matrix(columns), weights: weights, workers: workers)
        #expect(abs(weighted.simplifiedSilhouette! - expected.simplifiedSilhouette!) < 1e-12)
        #expect(abs(weighted.calinskiHarabasz! - expected.calinskiHarabasz!) < 1e-9 * expected.calinskiHarabasz!)
        #expect(abs(weighted.daviesBouldin! - expected.daviesBouldin!) < 1e-12)
        #expect(throws: SegmentationError.self) {
            try SegmentQuality(of: result, in: try matrix(copies), weights: weights, workers: workers)
        }
    }

    @Test func whatIsNotDefinedIsNotThere() throws {
        let one = try fit(try matrix([[1, 2, 6]]), KMeansParameters(clusterCount: 1))
        let alone = try SegmentQuality(of: one, in: try matrix([[1, 2, 6]]), workers: workers)
        #expect(alone.simplifiedSilhouette == nil && alone.simplifiedSilhouettes.isEmpty)
        #expect(alone.calinskiHarabasz == nil && alone.daviesBouldin == nil)
        let points = try matrix([[1, 5, 9]])
        let tight = try fit(points, KMeansParameters(clusterCount: 3))
        let quality = try SegmentQuality(of: tight, in: points, workers: workers)
        #expect(quality.simplifiedSilhouette == 1 && quality.daviesBouldin == 0)
        #expect(quality.calinskiHarabasz == nil)
        // A row alone in its segment counts 0 in the full silhouette.
        let lonely = FullSilhouette(assignments: [0, 0, 1], places: [0, 1, 2], in: points, workers: workers)
        #expect(abs(lonely!.mean - (0.5 + 0) / 3) < 1e-15)
        #expect(FullSilhouette(assignments: [2, 2], places: [0, 1], in: points, workers: workers) == nil)
    }

    @Test func aSampleHasDifferentRowsInOrderAndFollowsTheSeed() {
        func drawn(_ seed: UInt64) -> [Int] {
            var generator = RandomGenerator(seed: seed)
            return RowSample.drawn(500, of: 10_000, generator: &generator)
        }
        #expect(drawn(1) == drawn(1) && drawn(1) != drawn(2))
        #expect(Set(drawn(1)).count == 500 && drawn(1) == drawn(1).sorted())
        #expect(abs(drawn(3).reduce(0, +) / 500 - 5_000) < 400)
    }
}

/// Iris in millimeters, so that Float holds every value exactly.
func iris() throws -> FeatureMatrix {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../data/iris.csv")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
    let rows = lines.map { $0.split(separator: ",")[1...4].map { (Double($0)! * 10).rounded() } }
    return try matrix((0..<4).map { column in rows.map { $0[column] } })
}
