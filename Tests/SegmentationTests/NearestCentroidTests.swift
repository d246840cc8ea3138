import Foundation
import Testing
import VectorMath

@testable import Segmentation

struct NearestCentroidTests {
    @Test(arguments: [1, 15, 16, 17, 960, 1_024, 1_025, 2_500])
    func aBlockOfAnySizeIsAssignedAsInTheFit(blockRowCount: Int) throws {
        let columns = blobs(2_500, features: 3, groups: 6, seed: 21)
        let matrix = try matrix(columns)
        let result = try fit(matrix, KMeansParameters(clusterCount: 6, tolerance: 0, seed: 1))
        let stored = try JSONDecoder().decode(Centroids.self, from: JSONEncoder().encode(result.centroids))
        #expect(stored == result.centroids)
        let assigner = NearestCentroid(stored)
        let block = try FeatureMatrix(rowCount: blockRowCount, scalings: matrix.scalings)
        var labels: [UInt16] = []
        for first in stride(from: 0, to: 2_500, by: blockRowCount) {
            let rows = first..<min(2_500, first + blockRowCount)
            for (column, values) in columns.enumerated() {
                values.withUnsafeBufferPointer {
                    block.store(column: column, firstRow: 0, values: .init(rebasing: $0[rows]))
                }
            }
            var part = [UInt16](repeating: 0, count: rows.count)
            try part.withUnsafeMutableBufferPointer { try assigner.assign(block, into: $0) }
            labels += part
        }
        #expect(labels == result.assignments)
    }

    @Test func otherFeaturesAreRefused() throws {
        let assigner = NearestCentroid(try Centroids(featureCount: 2, values: [1, 2]))
        let matrix = try matrix([[1, 2, 3]])
        #expect(throws: SegmentationError.self) { try assigner.assign(matrix, workers: Workers(threadCount: 1)) }
    }
}
