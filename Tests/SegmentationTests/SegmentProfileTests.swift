import Testing
import VectorMath

@testable import Segmentation

struct SegmentProfileTests {
    private let workers = Workers(threadCount: 2)

    private func totals(_ result: KMeansResult, _ columns: [[Double]], _ values: [Double]) -> SegmentTotals {
        var totals = SegmentTotals(segmentCount: result.clusterCount, columnCount: columns.count)
        let copies = columns.map { column in
            let copy = UnsafeMutableBufferPointer<Double>.allocate(capacity: column.count)
            _ = copy.initialize(from: column)
            return copy
        }
        defer { copies.forEach { $0.deallocate() } }
        result.assignments.withUnsafeBufferPointer { segments in
            values.withUnsafeBufferPointer { values in
                totals.update(segments: segments, columns: copies.map { UnsafeBufferPointer($0) }, values: values)
            }
        }
        return totals
    }

    @Test func segmentsAreNumberedByFallingMeanValue() throws {
        let columns = blobs(40_000, features: 3, groups: 5, seed: 31)
        let matrix = try matrix(columns)
        let result = try fit(matrix, KMeansParameters(clusterCount: 5, seed: 1))
        var values = columns[0]
        values[7] = .nan
        let numbered = try result.renumbered(byFallingMeanOf: values, workers: workers)
        var means: [Double] = []
        for segment in 0..<5 {
            let rows = (0..<40_000).filter { Int(numbered.assignments[$0]) == segment }
            #expect(rows.count == numbered.sizes[segment])
            let present = rows.map { values[$0] }.filter { !$0.isNaN }
            means.append(present.reduce(0, +) / Double(present.count))
        }
        #expect(means == means.sorted(by: >))
        let stored = NearestCentroid(numbered.centroids)
        #expect(try stored.assign(matrix, workers: workers) == numbered.assignments)
        #expect(numbered.inertia == result.inertia)
        #expect(throws: SegmentationError.self) { try result.renumbered(byFallingMeanOf: [1], workers: workers) }
    }

    @Test func equalMeansAreOrderedBySizeAndSegmentsWithoutValueComeLast() throws {
        let result = try fit(
            try matrix([[0, 0, 10, 10, 10, 20]]), KMeansParameters(clusterCount: 3, tolerance: 0))
        let numbered = try result.renumbered(byFallingMeanOf: [3, 3, 3, 3, 3, .nan], workers: workers)
        #expect(numbered.assignments == [1, 1, 0, 0, 0, 2])
    }

    @Test func aProfileHasSharesMeansAndMarks() throws {
        let revenue = [100.0, 120, 110, 10, 20, 30]
        let days = [5.0, .nan, 15, 200, 220, 180]
        let scalings = [
            FeatureScaling.standard(mean: 65, standardDeviation: 45),
            .standard(mean: 124, standardDeviation: 95),
        ]
        let matrix = try FeatureMatrix(columns: [revenue, days], scalings: scalings)
        let result = try fit(matrix, KMeansParameters(clusterCount: 2, tolerance: 0))
            .renumbered(byFallingMeanOf: revenue, workers: workers)
        let profiles = try SegmentProfile.profiles(
            of: result, featureNames: ["revenue", "days"], totals: totals(result, [revenue, days], revenue),
            scalings: scalings, names: [2: "sleepers"])
        #expect(profiles.map(\.number) == [1, 2])
        #expect(profiles.map(\.size) == [3, 3])
        #expect(profiles[0].totalValue == 330)
        #expect(profiles[0].meanValue == 110)
        #expect(profiles[0].shareOfValue == 330.0 / 390)
        #expect(profiles[0].features.map(\.mean) == [110, 10])
        #expect(profiles[1].features.map(\.mean) == [20, 200])
        #expect(profiles[0].marks == [0, 1])
        #expect(profiles[0].name == "high revenue, low days")
        #expect(profiles[1].name == "sleepers")
        // 110 against a mean of 65 and a population deviation of sqrt(2091.67).
        #expect(abs(profiles[0].features[0].standardizedMean - 45 / 2091.6666666666665.squareRoot()) < 1e-6)
    }

    @Test func withoutColumnsTheMeansComeFromTheMatrix() throws {
        let revenue = [100.0, 120, 110, 10, 20, 30]
        let scalings = [FeatureScaling.standard(mean: 65, standardDeviation: 45)]
        let result = try fit(
            try FeatureMatrix(columns: [revenue], scalings: scalings), KMeansParameters(clusterCount: 2, tolerance: 0)
        ).renumbered(byFallingMeanOf: revenue, workers: workers)
        let profiles = try SegmentProfile.profiles(
            of: result, featureNames: ["revenue"], totals: totals(result, [], revenue), scalings: scalings)
        #expect(abs(profiles[0].features[0].mean! - 110) < 1e-4)
        #expect(abs(profiles[1].features[0].mean! - 20) < 1e-4)
    }

    @Test func namesAreToldApart() {
        func features(_ means: [Double]) -> [SegmentProfile.Feature] {
            zip(["a", "b", "c", "d"], means).map { .init(name: $0, mean: nil, standardizedMean: $1) }
        }
        let names = SegmentNames.generated([
            features([2, -1, 0.5, 0]), features([2, -1, 0, -0.5]), features([0.1, 0, -0.1, 0]),
            features([0, 0, 0, 0.19]), features([0, 0, -3, 0]),
        ])
        #expect(names == ["high a, low b, high c", "high a, low b, low d", "average (3)", "average (4)", "low c"])
    }

    @Test func namesAreMadeOfTheWordsOfALanguage() {
        let words = SegmentWords(high: "高", middle: "中", low: "低", average: "平均", separator: "、")
        let features = [("收入", 2.0), ("订单", -1.0)].map {
            SegmentProfile.Feature(name: $0, mean: nil, standardizedMean: $1)
        }
        #expect(SegmentNames.generated([features, []], words: words) == ["高收入、低订单", "平均"])
    }

    @Test func totalsOfChunksCombineToTotalsOfAll() {
        var generator = RandomGenerator(seed: 8)
        let rowCount = 10_000
        let segments = (0..<rowCount).map { _ in UInt16(generator.nextIndex(below: 4)) }
        // Large numbers that cancel: a plain sum would lose the small ones.
        let values = (0..<rowCount).map { $0 % 2 == 0 ? 1e15 : -1e15 + Double($0 % 7) }
        let same = [UInt16](repeating: 0, count: rowCount)
        var whole = SegmentTotals(segmentCount: 4, columnCount: 0)
        var chunks = whole
        func update(_ totals: inout SegmentTotals, _ segments: [UInt16], _ rows: Range<Int>) {
            segments.withUnsafeBufferPointer { segments in
                values.withUnsafeBufferPointer { values in
                    totals.update(
                        segments: .init(rebasing: segments[rows]), columns: [], values: .init(rebasing: values[rows]))
                }
            }
        }
        update(&whole, same, 0..<rowCount)
        for first in stride(from: 0, to: rowCount, by: 1_024) {
            var chunk = SegmentTotals(segmentCount: 4, columnCount: 0)
            update(&chunk, same, first..<min(rowCount, first + 1_024))
            chunks.combine(chunk)
        }
        #expect(whole == chunks)
        let expected = (0..<rowCount).filter { $0 % 2 == 1 }.map { $0 % 7 }.reduce(0, +)
        #expect(whole.value(of: 0) == Double(expected))
        var spread = SegmentTotals(segmentCount: 4, columnCount: 0)
        update(&spread, segments, 0..<rowCount)
        #expect(spread.sizes == (0..<4).map { segment in segments.count { Int($0) == segment } })
    }
}
