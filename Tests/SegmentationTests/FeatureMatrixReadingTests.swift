import Testing
import VectorMath

@testable import Segmentation

struct FeatureMatrixReadingTests {
    @Test(arguments: [0, 1, 15, 16, 17, 40_000])
    func bitSumIsTheSumOfAllStoredWords(_ rowCount: Int) throws {
        let matrix = try matrix(blobs(rowCount, features: 3, groups: 4, seed: 5))
        var expected: UInt64 = 0
        // Two neighboring lanes of a column are one word, the lower in its lower half.
        for row in 0..<rowCount {
            for column in 0..<3 {
                expected &+= UInt64(matrix[row, column].bitPattern) << (row % 2 == 0 ? 0 : 32)
            }
        }
        for threads in [1, 2, 7] { #expect(matrix.bitSum(workers: Workers(threadCount: threads)) == expected) }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 99, 100])
    func firstRowsAreAMatrixOfTheirOwn(_ count: Int) throws {
        let columns = blobs(100, features: 3, groups: 2, seed: 8)
        let first = try matrix(columns).firstRows(count)
        let alone = try matrix(columns.map { Array($0[..<count]) })
        #expect(first.rowCount == count)
        for row in 0..<count { #expect(first.row(row) == alone.row(row)) }
        // What pads the last tile counts too: sums over whole tiles take it for zeros.
        let workers = Workers(threadCount: 1)
        #expect(first.bitSum(workers: workers) == alone.bitSum(workers: workers))
    }

    @Test(arguments: [KMeansSeeding.greedyKMeansPlusPlus, .kMeansPlusPlus, .random])
    func aFitFromItsOwnStartIsTheSameFit(_ seeding: KMeansSeeding) throws {
        let matrix = try matrix(blobs(3_000, features: 4, groups: 5, seed: 3))
        let workers = Workers(threadCount: 2)
        let parameters = KMeansParameters(clusterCount: 5, seeding: seeding, seed: 11)
        let start = try KMeans(parameters).start(in: matrix, workers: workers)
        #expect(start.clusterCount == 5)
        var given = parameters
        given.seeding = .given(start)
        #expect(try KMeans(given).fit(matrix, workers: workers) == KMeans(parameters).fit(matrix, workers: workers))
    }
}
