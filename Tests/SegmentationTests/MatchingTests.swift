import TestSupport
import Testing
import VectorMath

@testable import Segmentation

struct MatchingTests {
    private let workers = Workers(threadCount: 2)

    /// The least sum of costs over all ways to pair the shorter side, tried one by one.
    private func leastCost(_ costs: [[Double]]) -> Double {
        guard let columnCount = costs.first?.count else { return 0 }
        if costs.count > columnCount {
            return leastCost((0..<columnCount).map { column in costs.map { $0[column] } })
        }
        func least(from row: Int, _ taken: Set<Int>) -> Double {
            guard row < costs.count else { return 0 }
            return (0..<columnCount).filter { !taken.contains($0) }
                .map { costs[row][$0] + least(from: row + 1, taken.union([$0])) }.min()!
        }
        return least(from: 0, [])
    }

    @Test(arguments: 0..<60) func noPairingCostsLess(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        let (rowCount, columnCount) = (random.integer(in: 1...6), random.integer(in: 1...6))
        // Whole numbers of a small range, so that there are many ties.
        let costs = (0..<rowCount).map { _ in (0..<columnCount).map { _ in Double(random.integer(in: -3...9)) } }
        let partners = CostMatching.partners(rowCount: rowCount, columnCount: columnCount) { costs[$0][$1] }
        let paired = partners.enumerated().compactMap { row, column in column.map { (row, $0) } }
        #expect(paired.count == min(rowCount, columnCount))
        #expect(Set(paired.map(\.1)).count == paired.count)
        #expect(paired.reduce(0) { $0 + costs[$1.0][$1.1] } == leastCost(costs))
    }

    @Test func thousandsOfRowsArePairedWithThemselves() {
        let order = (0..<300).map { $0 * 7 % 300 }
        let partners = CostMatching.partners(rowCount: 300, columnCount: 300) {
            let distance = Double($0 - order[$1])
            return distance * distance
        }
        #expect(partners.enumerated().allSatisfy { order[$1!] == $0 })
        #expect(CostMatching.partners(rowCount: 0, columnCount: 3) { _, _ in 0 } == [])
        #expect(CostMatching.partners(rowCount: 2, columnCount: 0) { _, _ in 0 } == [nil, nil])
    }

    @Test(arguments: 0..<6) func numbersStayWhateverTheOrderTheyWereFoundIn(seed: UInt64) throws {
        let columns = blobs(2_000, features: 3, groups: 5, seed: seed, spread: 15)
        let matrix = try matrix(columns)
        let first = try fit(matrix, KMeansParameters(clusterCount: 5, restartCount: 10, seed: 1))
        // Last night's centers, in another order.
        let order = [3, 0, 4, 1, 2]
        let earlier = try Centroids(featureCount: 3, values: order.flatMap { Array(first.centroids[$0]) })
        let (result, origins) = try first.renumbered(
            continuing: earlier, byFallingMeanOf: columns[0], workers: workers)
        #expect(origins == [0, 1, 2, 3, 4])
        #expect(result.centroids == earlier)
        #expect(result.sizes == order.map { first.sizes[$0] })
        let drifts = SegmentDrift.drifts(of: result, origins: origins, previous: earlier, previousShares: nil)
        #expect(drifts.allSatisfy { $0.distance == 0 && $0.previousShare == nil })
    }

    @Test func newSegmentsComeAfterThoseThatGoOn() throws {
        let rows = [0.0, 1, 100, 101, 200, 201, 300, 301]
        let matrix = try matrix([rows])
        let found = try fit(matrix, KMeansParameters(clusterCount: 4, tolerance: 0, restartCount: 10))
        let earlier = try Centroids(featureCount: 1, values: [210, -5])
        let (result, origins) = try found.renumbered(continuing: earlier, byFallingMeanOf: rows, workers: workers)
        #expect(origins == [0, 1, nil, nil])
        #expect(result.centroids.values == [200.5, 0.5, 300.5, 100.5])
        let drifts = SegmentDrift.drifts(of: result, origins: origins, previous: earlier, previousShares: [0.6, 0.4])
        let deviation = result.featureDeviations[0]
        #expect(drifts[0].shifts == [(200.5 - 210) / deviation] && drifts[0].previousShare == 0.6)
        #expect(abs(drifts[1].distance! - 5.5 / deviation) < 1e-15 && drifts[1].share == 0.25)
        #expect(drifts[2].distance == nil && drifts[2].shifts.isEmpty && drifts[2].previousNumber == nil)
        // Fewer than before: the numbers close up, in the old order.
        let many = try Centroids(featureCount: 1, values: [9e3, 300, 8e3, 0, 7e3, 200, 100])
        let (_, fewer) = try found.renumbered(continuing: many, byFallingMeanOf: rows, workers: workers)
        #expect(fewer == [1, 3, 5, 6])
        #expect(throws: SegmentationError.self) {
            try found.renumbered(
                continuing: Centroids(featureCount: 2, values: [1, 2]), byFallingMeanOf: rows, workers: workers)
        }
    }

    @Test func aNameThatGoesOnIsNotGivenTwice() {
        func features(_ means: [Double]) -> [SegmentProfile.Feature] {
            zip(["a", "b"], means).map { .init(name: $0, mean: nil, standardizedMean: $1) }
        }
        let names = SegmentNames.generated(
            [features([2, 0]), features([-1, 0])], besides: [1: "low a", 7: "nobody"])
        #expect(names == ["high a", "low a (2)"])
    }
}

struct MinimumShareTests {
    private let workers = Workers(threadCount: 2)

    @Test func aSmallSegmentGoesToItsNeighborAndLloydGoesOn() throws {
        // 40 rows at 0, 40 at 100, 2 at 60: these fall to 100, whose center then moves.
        let rows = [Double](repeating: 0, count: 40) + [Double](repeating: 100, count: 40) + [60, 60]
        let matrix = try matrix([rows])
        let parameters = KMeansParameters(clusterCount: 3, tolerance: 0, restartCount: 10)
        let found = try fit(matrix, parameters)
        #expect(found.sizes.sorted() == [2, 40, 40])
        let (result, dissolved) = try MinimumShare(0.05).applied(
            to: found, parameters: parameters, matrix: matrix, workers: workers)
        #expect(dissolved == [2] && result.sizes.sorted() == [40, 42])
        #expect(result.centroids.values.contains { abs($0 - (4_000 + 120) / 42.0) < 1e-9 })
        let untouched = try MinimumShare(0.02).applied(
            to: found, parameters: parameters, matrix: matrix, workers: workers)
        #expect(untouched.result == found && untouched.dissolvedSizes.isEmpty)
    }

    @Test(arguments: 0..<8, [0.01, 0.1, 0.4, 0.9])
    func noSegmentIsUnderTheShareAndEveryLabelIsNearest(seed: UInt64, share: Double) throws {
        let matrix = try matrix(blobs(1_000, features: 2, groups: 7, seed: seed))
        let parameters = KMeansParameters(clusterCount: 30, tolerance: 0, seed: seed)
        let found = try fit(matrix, parameters)
        let (result, dissolved) = try MinimumShare(share).applied(
            to: found, parameters: parameters, matrix: matrix, workers: workers)
        #expect(result.sizes.allSatisfy { Double($0) >= share * 1_000 } || result.clusterCount == 1)
        #expect(result.clusterCount + dissolved.count == found.clusterCount)
        #expect(try NearestCentroid(result.centroids).assign(matrix, workers: workers) == result.assignments)
        #expect(result.sizes.reduce(0, +) == 1_000)
    }
}
