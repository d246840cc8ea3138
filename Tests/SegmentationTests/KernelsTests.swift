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

    /// Rows without labels, ready for a pass.
    private func unlabeled(_ matrix: FeatureMatrix, weights: RowWeights? = nil) throws -> Kernels.PassRows {
        let survey = try FeatureSurvey(matrix, weights: weights, workers: Workers(threadCount: 1))
        let labels = try LargeBuffer<UInt16>(count: matrix.tileCount * 16, for: "test")
        labels.start.update(repeating: Kernels.noLabel, count: labels.count)
        return Kernels.PassRows(
            matrix: matrix, weights: weights, labels: labels, radii: survey.radii, magic: survey.magic)
    }

    private func pass(_ rows: Kernels.PassRows, _ points: [Float], _ form: KernelForm, _ sums: inout CentroidSums)
        -> PassCounts
    {
        let features = rows.matrix.columnCount
        return Kernels.pass(
            rows, rows: 0..<rows.matrix.rowCount,
            centroids: PassCentroids(
                featureCount: features, rowMajor: points,
                active: [Bool](repeating: true, count: points.count / features)),
            bounds: nil, form: form, sums: &sums)
    }

    @Test(arguments: KernelForm.available)
    func aPassAgreesWithItsTwin(form: KernelForm) throws {
        for (rows, features, clusters) in shapes {
            let matrix = try matrix(blobs(rows, features: features, groups: 4, seed: 3))
            let points = (0..<clusters).map { matrix.row($0 * 7 % rows).map { $0 + Float($0.bitPattern % 3) } }
            let all = try unlabeled(matrix)
            var sums = CentroidSums(clusterCount: clusters, featureCount: features)
            let counts = pass(all, points.flatMap { $0 }, form, &sums)
            var expected = CentroidSums(clusterCount: clusters, featureCount: features)
            for row in 0..<rows {
                let distances = points.map { distance(matrix, row, $0) }
                let nearest = distances.indices.min { (distances[$0], $0) < (distances[$1], $1) }!
                #expect(Int(all.labels.start[row]) == nearest)
                expected.counts[nearest] += 1
                for (feature, x) in matrix.row(row).enumerated() {
                    expected.sums[nearest * sums.stride + feature] +=
                        (Double(x) + all.magic[feature]) - all.magic[feature]
                }
            }
            #expect(counts.movedCount == rows && counts.skippedCount == 0)
            #expect(sums.counts == expected.counts)
            #expect(sums.sums == expected.sums)
            #expect((rows..<all.labels.count).allSatisfy { all.labels.start[$0] == Kernels.noLabel })
        }
    }

    @Test func plainAssignmentAgreesWithItsTwin() throws {
        for (rows, features, clusters) in shapes {
            let matrix = try matrix(blobs(rows, features: features, groups: 4, seed: 9))
            let points = (0..<clusters).map { matrix.row($0 * 7 % rows) }
            let all = try unlabeled(matrix)
            let labels = UnsafeMutableBufferPointer(start: all.labels.start, count: all.labels.count)
            Kernels.assign(
                matrix, rows: 0..<rows,
                centroids: PackedCentroids(featureCount: features, rowMajor: points.flatMap { $0 }), labels: labels)
            for row in 0..<rows {
                let distances = points.map { distance(matrix, row, $0) }
                #expect(
                    Int(all.labels.start[row]) == distances.indices.min { (distances[$0], $0) < (distances[$1], $1) }!)
            }
        }
    }

    @Test(arguments: KernelForm.available)
    func sumsFollowMovedRowsWithoutDrift(form: KernelForm) throws {
        let matrix = try matrix(blobs(2_000, features: 19, groups: 5, seed: 4, spread: 1e3))
        for weights in [nil, try RowWeights((0..<2_000).map { Double($0 % 7) * 0.37 })] {
            let rows = try unlabeled(matrix, weights: weights)
            let empty = CentroidSums(clusterCount: 6, featureCount: 19, isWeighted: weights != nil)
            var followed = empty
            var generator = RandomGenerator(seed: 5)
            for _ in 0..<20 {
                let points = (0..<6).flatMap { _ in matrix.row(generator.nextIndex(below: 2_000)) }
                _ = pass(rows, points, form, &followed)
                var rebuilt = empty
                _ = pass(try unlabeled(matrix, weights: weights), points, form, &rebuilt)
                #expect(followed.sums == rebuilt.sums)
                #expect(followed.counts == rebuilt.counts)
                #expect(followed.totals == rebuilt.totals)
            }
        }
    }

    @Test func normsBoundEveryRowAndSquaresAddUp() throws {
        for (rows, features, _) in shapes {
            let matrix = try matrix(blobs(rows, features: features, groups: 4, seed: 8, spread: 100))
            for weights in [nil, try RowWeights((0..<rows).map { Double($0 % 3 + 1) })] {
                let survey = try FeatureSurvey(matrix, weights: weights, workers: Workers(threadCount: 1))
                var sum = 0.0
                for row in 0..<rows {
                    let square = matrix.row(row).reduce(0) { $0 + Double($1) * Double($1) }
                    let radius = survey.radii.start[row / 16]
                    #expect(square.squareRoot() <= Double(radius))
                    sum += square * Double(weights?[row] ?? 1)
                }
                #expect(abs(survey.squareSum - sum) < 1e-13 * sum)
            }
        }
    }

    @Test func loweringAgreesWithItsTwin() throws {
        let matrix = try matrix(blobs(100, features: 5, groups: 4, seed: 10))
        let nearest = try LargeBuffer<Float>(count: matrix.tileCount * 16, for: "test")
        let owners = try LargeBuffer<Int32>(count: matrix.tileCount * 16, for: "test")
        nearest.start.update(repeating: .infinity, count: 100)
        var drawn: [Int] = []
        for latest in [[3], [50, 51, 52, 99, 4, 5], [7, 50]] {
            Kernels.lower(
                matrix, rows: 0..<100,
                centroids: PackedCentroids(featureCount: 5, rowMajor: latest.flatMap { matrix.row($0) }),
                firstNumber: drawn.count, nearest: nearest, owners: owners)
            drawn += latest
            for row in 0..<100 {
                let distances = drawn.map { distance(matrix, row, matrix.row($0)) }
                #expect(nearest.start[row] == distances.min())
                #expect(Int(owners.start[row]) == distances.firstIndex(of: distances.min()!))
            }
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
