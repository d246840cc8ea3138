import Testing
import VectorMath

@testable import Segmentation

/// The C loops beside plain Swift that does the same arithmetic in the same order.
struct KernelsTests {
    /// Squared distance in Float with fused multiply-adds, feature by feature: the order the kernels state.
    private func distance(_ matrix: FeatureMatrix, _ row: Int, _ point: [Float]) -> Float {
        zip(matrix.row(row), point).reduce(Float(0)) { sum, pair in
            let difference = pair.0 - pair.1
            return sum.addingProduct(difference, difference)
        }
    }

    private let shapes: [(rows: Int, features: Int, clusters: Int)] = [
        (1, 1, 1), (16, 12, 8), (17, 1, 3), (100, 5, 4), (333, 16, 5), (1_000, 17, 9), (50, 40, 70),
    ]

    @Test func assignmentAgreesWithItsTwin() throws {
        for (rows, features, clusters) in shapes {
            let matrix = try matrix(blobs(rows, features: features, groups: 4, seed: 3))
            let points = (0..<clusters).map { matrix.row($0 * 7 % rows).map { $0 + Float($0.bitPattern % 3) } }
            let survey = try FeatureSurvey(matrix, workers: Workers(threadCount: 1))
            let labels = try LargeBuffer<UInt16>(count: matrix.tileCount * 16, for: "test")
            labels.start.update(repeating: Kernels.noLabel, count: labels.count)
            var sums = CentroidSums(clusterCount: clusters, featureCount: features)
            let moved = Kernels.assign(
                matrix, rows: 0..<rows,
                centroids: PackedCentroids(featureCount: features, rowMajor: points.flatMap { $0 }),
                magic: survey.magic, labels: labels, sums: &sums)
            var expected = CentroidSums(clusterCount: clusters, featureCount: features)
            for row in 0..<rows {
                let distances = points.map { distance(matrix, row, $0) }
                let nearest = distances.indices.min { (distances[$0], $0) < (distances[$1], $1) }!
                #expect(Int(labels.start[row]) == nearest)
                expected.counts[nearest] += 1
                for (feature, x) in matrix.row(row).enumerated() {
                    expected.sums[nearest * sums.stride + feature] +=
                        (Double(x) + survey.magic[feature]) - survey.magic[feature]
                }
            }
            #expect(moved == rows)
            #expect(sums.counts == expected.counts)
            #expect(sums.sums == expected.sums)
            #expect((rows..<labels.count).allSatisfy { labels.start[$0] == Kernels.noLabel })
        }
    }

    @Test func sumsFollowMovedRowsWithoutDrift() throws {
        let matrix = try matrix(blobs(2_000, features: 7, groups: 5, seed: 4, spread: 1e3))
        let survey = try FeatureSurvey(matrix, workers: Workers(threadCount: 1))
        let labels = try LargeBuffer<UInt16>(count: matrix.tileCount * 16, for: "test")
        labels.start.update(repeating: Kernels.noLabel, count: labels.count)
        var followed = CentroidSums(clusterCount: 6, featureCount: 7)
        var generator = RandomGenerator(seed: 5)
        for _ in 0..<50 {
            let points = (0..<6).flatMap { _ in matrix.row(generator.nextIndex(below: 2_000)) }
            let packed = PackedCentroids(featureCount: 7, rowMajor: points)
            _ = Kernels.assign(
                matrix, rows: 0..<2_000, centroids: packed, magic: survey.magic, labels: labels, sums: &followed)
            let fresh = try LargeBuffer<UInt16>(count: matrix.tileCount * 16, for: "test")
            fresh.start.update(repeating: Kernels.noLabel, count: fresh.count)
            var rebuilt = CentroidSums(clusterCount: 6, featureCount: 7)
            _ = Kernels.assign(
                matrix, rows: 0..<2_000, centroids: packed, magic: survey.magic, labels: fresh, sums: &rebuilt)
            #expect(followed.sums == rebuilt.sums)
            #expect(followed.counts == rebuilt.counts)
        }
    }

    @Test func seedingAgreesWithItsTwin() throws {
        for (rows, features, clusters) in shapes where clusters <= 16 {
            let matrix = try matrix(blobs(rows, features: features, groups: 4, seed: 6))
            let nearest = try LargeBuffer<Float>(count: matrix.tileCount * 16, for: "test")
            nearest.start.update(repeating: .infinity, count: rows)
            let chosen = matrix.row(rows / 2)
            let candidates = (0..<clusters).map { matrix.row($0 * 5 % rows) }
            let potentials = Kernels.seed(
                matrix, rows: 0..<rows, chosen: chosen, nearest: nearest.start,
                candidates: PackedCentroids(featureCount: features, rowMajor: candidates.flatMap { $0 }))
            for (number, candidate) in ([chosen] + candidates).enumerated() {
                var lanes = [Double](repeating: 0, count: 16)
                for row in 0..<rows {
                    let lowered = min(distance(matrix, row, chosen), distance(matrix, row, candidate))
                    lanes[row % 16] += Double(lowered)
                }
                #expect(potentials[number] == lanes.reduce(0, +))
            }
            #expect((0..<rows).allSatisfy { nearest.start[$0] == distance(matrix, $0, chosen) })
            #expect((rows..<nearest.count).allSatisfy { nearest.start[$0] == 0 })
        }
    }

    @Test func surveyAgreesWithItsTwin() throws {
        for (rows, features, _) in shapes {
            let matrix = try matrix(blobs(rows, features: features, groups: 4, seed: 7))
            let found = Kernels.survey(matrix, rows: 0..<rows)
            for feature in 0..<features {
                var sums = [Double](repeating: 0, count: 16)
                var squares = sums
                for row in 0..<rows {
                    let x = Double(matrix[row, feature])
                    sums[row % 16] += x
                    squares[row % 16] += x * x
                }
                #expect(found.sums[feature] == sums.reduce(0, +))
                #expect(found.squares[feature] == squares.reduce(0, +))
                #expect(found.largest[feature] == (0..<rows).map { abs(matrix[$0, feature]) }.max())
            }
        }
    }
}
