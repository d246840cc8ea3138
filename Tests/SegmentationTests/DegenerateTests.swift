import Testing
import VectorMath

@testable import Segmentation

/// Data that leaves clusters without rows, and parameters that ask for the impossible.
struct DegenerateTests {
    @Test(arguments: [KMeansSeeding.greedyKMeansPlusPlus, .kMeansPlusPlus, .kMeansParallel, .random], [1, 2, 7])
    func moreSegmentsThanDistinctPointsGiveFewerAndAWarning(seeding: KMeansSeeding, distinct: Int) throws {
        let columns = [
            (0..<500).map { Double($0 % distinct) * 0.1 }, (0..<500).map { Double($0 % distinct) / 3 },
        ]
        let result = try fit(try matrix(columns), KMeansParameters(clusterCount: 12, seeding: seeding, seed: 2))
        #expect(result.clusterCount == distinct)
        #expect(result.warnings.contains(.fewerSegments(asked: 12, found: distinct)))
        #expect(result.inertia < 1e-9)
        #expect(Set(result.assignments).count == distinct)
        #expect(result.sizes.allSatisfy { $0 > 0 } && result.sizes.reduce(0, +) == 500)
    }

    @Test func anEmptyClusterTakesTheFarthestRow() throws {
        // Both rows at 10 are nearest to the first centroid; the second has none and moves to the lower of them.
        let matrix = try matrix([[0, 0, 1, 10, 10]])
        let start = try Centroids(featureCount: 1, values: [0, 1_000])
        let result = try fit(
            matrix, KMeansParameters(clusterCount: 2, seeding: .given(start), tolerance: 0))
        #expect(result.iterations[0].repairCount == 1)
        #expect(result.assignments == [0, 0, 0, 1, 1])
        #expect(result.repairCount == 1 && result.converged)
    }

    @Test func severalEmptyClustersAreRepairedOneAfterTheOther() throws {
        let matrix = try matrix(blobs(3_000, features: 2, groups: 5, seed: 1, spread: 20))
        let far = (0..<5).flatMap { [Double($0) * 1e4, 1e6] }
        let result = try fit(
            matrix, KMeansParameters(clusterCount: 5, seeding: .given(try Centroids(featureCount: 2, values: far))))
        #expect(result.iterations[0].repairCount == 4)
        #expect(result.clusterCount == 5)
        let seeded = try fit(matrix, KMeansParameters(clusterCount: 5, restartCount: 5))
        #expect(result.inertia < seeded.inertia * 1.5)
    }

    @Test func fewerRowsThanSegmentsGiveOneForEachRow() throws {
        let result = try fit(try matrix([[1, 5, 9]]), KMeansParameters(clusterCount: 8))
        #expect(result.sizes == [1, 1, 1])
        #expect(Set(result.assignments) == [0, 1, 2])
        #expect(result.inertia == 0)
    }

    @Test func oneSegmentIsTheMean() throws {
        let result = try fit(try matrix([[1, 2, 6]]), KMeansParameters(clusterCount: 1))
        #expect(result.centroids.values == [3])
        #expect(abs(result.inertia - 14) < 1e-12)
    }

    @Test func constantFeaturesAreNamedAndDoNotCount() throws {
        let spread = blobs(300, features: 1, groups: 3, seed: 3, spread: 9)[0]
        let constant = [Double](repeating: 0.7, count: 300)
        let with = try fit(try matrix([constant, spread]), KMeansParameters(clusterCount: 3, seed: 4))
        let without = try fit(try matrix([spread]), KMeansParameters(clusterCount: 3, seed: 4))
        #expect(with.warnings == [.constantFeatures(columns: [0])])
        #expect(with.assignments == without.assignments)
        #expect(with.featureDeviations[0] == 0)
    }

    @Test func rowsThatPadTheLastTileAreNeverCounted() throws {
        // All rows lie far from 0, where the padding lies.
        for rowCount in 1...40 {
            let matrix = try matrix([(0..<rowCount).map { 100 + Double($0 % 2) }])
            let result = try fit(matrix, KMeansParameters(clusterCount: 2, seed: UInt64(rowCount)))
            #expect(result.sizes.reduce(0, +) == rowCount)
            #expect(result.assignments.count == rowCount)
            #expect(Set(result.centroids.values).isSubset(of: [100, 101]))
        }
    }

    @Test func missingFeaturesAreSegmentedAsTheMean() throws {
        var column = [0.0, 0, 0, 10, 10, 10, .nan]
        let scaling = FeatureScaling.standard(mean: 5, standardDeviation: 5)
        let missing = try fit(try matrix([column], scaling: scaling), KMeansParameters(clusterCount: 3))
        column[6] = 5
        let present = try fit(try matrix([column], scaling: scaling), KMeansParameters(clusterCount: 3))
        #expect(missing == present)
        #expect(missing.clusterCount == 3)
    }

    @Test func hugeValuesEndInFiniteNumbers() throws {
        let columns = [[1e200, -1e200, 1e199, .infinity, 0, 1], [1e-200, 0, -1e-300, 5, 6, 7]]
        let result = try fit(try matrix(columns), KMeansParameters(clusterCount: 3))
        #expect(result.inertia.isFinite)
        #expect(result.centroids.values.allSatisfy { $0.isFinite })
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        let matrix = try matrix([[1, 2, 3]])
        for parameters in [
            KMeansParameters(clusterCount: 0), KMeansParameters(clusterCount: 65_535),
            KMeansParameters(clusterCount: 2, iterationLimit: 0), KMeansParameters(clusterCount: 2, tolerance: .nan),
            KMeansParameters(clusterCount: 2, tolerance: -1), KMeansParameters(clusterCount: 2, restartCount: 0),
            KMeansParameters(clusterCount: 2, seeding: .given(try Centroids(featureCount: 1, values: [1]))),
            KMeansParameters(clusterCount: 1, seeding: .given(try Centroids(featureCount: 2, values: [1, 2]))),
        ] {
            #expect(throws: SegmentationError.self) { try fit(matrix, parameters) }
        }
        let empty = try FeatureMatrix(rowCount: 0, scalings: [.identity])
        #expect(throws: SegmentationError.self) { try fit(empty, KMeansParameters(clusterCount: 1)) }
        #expect(throws: SegmentationError.self) { try Centroids(featureCount: 2, values: [1, .nan]) }
        #expect(throws: SegmentationError.self) { try Centroids(featureCount: 2, values: [1, 2, 3]) }
    }

    @Test func anErrorNamesProblemPlaceAndRemedy() {
        let error = #expect(throws: SegmentationError.self) {
            try KMeansParameters(clusterCount: 0).validate()
        }
        #expect(error?.description == "a parameter is out of range (clusterCount 0): give 1 to 65534")
    }
}
