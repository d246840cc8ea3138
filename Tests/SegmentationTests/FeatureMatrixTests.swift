import Testing
import VectorMath

@testable import Segmentation

struct FeatureMatrixTests {
    @Test(arguments: [1, 2, 15, 16, 17, 31, 32, 33, 100, 1_000])
    func whateverTheChunksTheSameValuesAreStored(chunk: Int) throws {
        let columns = blobs(1_000, features: 3, groups: 2, seed: 1)
        let whole = try matrix(columns)
        let parts = try FeatureMatrix(rowCount: 1_000, scalings: [.identity, .identity, .identity])
        for (column, values) in columns.enumerated() {
            for first in stride(from: 0, to: 1_000, by: chunk) {
                let cells = Array(values[first..<min(1_000, first + chunk)])
                cells.withUnsafeBufferPointer { parts.store(column: column, firstRow: first, values: $0) }
            }
        }
        for row in 0..<1_000 {
            #expect(parts.row(row) == whole.row(row))
            #expect(parts.row(row) == columns.map { Float($0[row]) })
        }
    }

    @Test func rowsMayBeStoredFromSeveralThreads() throws {
        let columns = blobs(50_000, features: 4, groups: 2, seed: 2)
        let whole = try matrix(columns)
        let parts = try FeatureMatrix(rowCount: 50_000, scalings: whole.scalings)
        Workers(threadCount: 7).forEach(chunkCount: 400) { chunk in
            let rows = chunk * 50_000 / 400..<(chunk + 1) * 50_000 / 400
            for column in 0..<4 {
                columns[column].withUnsafeBufferPointer {
                    parts.store(column: column, firstRow: rows.lowerBound, values: .init(rebasing: $0[rows]))
                }
            }
        }
        #expect((0..<50_000).allSatisfy { parts.row($0) == whole.row($0) })
    }

    @Test func aMissingValueCountsAsTheCenterAndIsCounted() throws {
        var values = (0..<40).map { Double($0) }
        values[0] = .nan
        values[17] = .nan
        values[39] = .nan
        let matrix = try FeatureMatrix(
            columns: [values, values.map { _ in 1 }],
            scalings: [.standard(mean: 20, standardDeviation: 4), .normalized(mean: 0.5)])
        #expect([0, 17, 39].allSatisfy { matrix[$0, 0] == 0 })
        #expect(matrix[18, 0] == -0.5)
        #expect(matrix.missingCounts == [3, 0])
        #expect(matrix.limitedCounts == [0, 0])
    }

    @Test(arguments: [Double.infinity, -.infinity, 1e200, -1e300])
    func valuesBeyondTheLimitAreDrawnInAndCounted(value: Double) throws {
        for place in [0, 5, 20] {
            var values = [Double](repeating: 3, count: 21)
            values[place] = value
            let matrix = try matrix([values], scaling: .standard(mean: 3, standardDeviation: 1))
            #expect(matrix[place, 0] == (value > 0 ? 65_536 : -65_536))
            #expect(matrix.limitedCounts == [1])
        }
    }

    @Test func aFeatureWithoutSpreadIsZeroForAllRows() throws {
        for scaling in [
            FeatureScaling.standard(mean: 7, standardDeviation: 0), .standard(mean: .nan, standardDeviation: .nan),
            .robust(median: 7, medianAbsoluteDeviation: 0),
            .standard(mean: 7, standardDeviation: .leastNonzeroMagnitude),
        ] {
            let matrix = try matrix([[7, 9, .infinity, .nan]], scaling: scaling)
            #expect((0..<4).allSatisfy { matrix[$0, 0] == 0 })
        }
    }

    @Test func robustScalingAgreesWithTheStandardDeviationUnderTheNormalLaw() {
        // The normal law's median absolute deviation is 0.6744897501960817 standard deviations.
        let scaling = FeatureScaling.robust(median: 10, medianAbsoluteDeviation: 0.6744897501960817 * 5)
        #expect(abs(scaling.scale - 0.2) < 1e-15)
        #expect(abs(scaling.original(2) - 20) < 1e-12)
    }

    @Test func columnsOfDifferentLengthsAreRefused() {
        #expect(throws: SegmentationError.self) { try matrix([[1, 2], [1]]) }
        #expect(throws: SegmentationError.self) { try FeatureMatrix(columns: [[1]], scalings: []) }
        #expect(throws: SegmentationError.self) { try FeatureMatrix(rowCount: 3, scalings: []) }
        #expect(throws: SegmentationError.self) { try FeatureMatrix(rowCount: 1 << 59, scalings: [.identity]) }
    }
}
