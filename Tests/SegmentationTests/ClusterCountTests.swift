import Testing
import VectorMath

@testable import Segmentation

struct ClusterCountTests {
    private let workers = Workers(threadCount: 2)

    /// Groups of 100 rows around the corners of a square of side 20, in a plane.
    private func corners(_ groups: Int) throws -> FeatureMatrix {
        var generator = RandomGenerator(seed: 5)
        func near(_ center: Double) -> Double { center + generator.nextUniform() + generator.nextUniform() }
        let rows = (0..<100 * groups).map { [near(Double($0 % groups % 2) * 20), near(Double($0 % groups / 2) * 20)] }
        return try matrix([rows.map { $0[0] }, rows.map { $0[1] }])
    }

    @Test(arguments: ClusterCountCriterion.allCases, [3, 4])
    func everyCriterionFindsGroupsThatLieApart(criterion: ClusterCountCriterion, groups: Int) throws {
        let matrix = try corners(groups)
        let search = ClusterCountSearch(
            KMeansParameters(clusterCount: 1, restartCount: 5), counts: 1...8, criterion: criterion)
        let (choice, result) = try search.run(matrix, workers: workers)
        #expect(choice.recommended == groups && choice.isDecided)
        #expect(result.sizes == [Int](repeating: 100, count: groups))
        #expect(choice.candidates.map(\.clusterCount) == Array(1...8))
        #expect((choice.gapSample?.referenceCount ?? 0) == (criterion == .gap ? 10 : 0))
    }

    @Test func theSegmentsAreThoseOfAFitOfTheRecommendedNumber() throws {
        let matrix = try matrix(blobs(30_000, features: 4, groups: 6, seed: 9, spread: 8))
        let parameters = KMeansParameters(clusterCount: 1, restartCount: 2, seed: 3)
        let (choice, result) = try ClusterCountSearch(parameters, counts: 2...8).run(matrix, workers: workers)
        var known = parameters
        known.clusterCount = choice.recommended
        #expect(try fit(matrix, known) == result)
        #expect(choice.candidates.allSatisfy { $0.silhouette == nil && $0.gap == nil })
        for threads in [1, 3] {
            let other = try ClusterCountSearch(parameters, counts: 2...8)
                .run(matrix, workers: Workers(threadCount: threads))
            #expect(other.choice == choice && other.result == result)
        }
    }

    @Test func evenRowsHaveNoGapAboveOneSegment() throws {
        var generator = RandomGenerator(seed: 2)
        let matrix = try matrix((0..<2).map { _ in (0..<400).map { _ in generator.nextUniform() } })
        let search = ClusterCountSearch(
            KMeansParameters(clusterCount: 1, restartCount: 3), counts: 1...5, criterion: .gap, gapReferenceCount: 20)
        #expect(try search.run(matrix, workers: workers).choice.recommended == 1)
        // The same seed draws the same references.
        #expect(try search.run(matrix, workers: workers).choice == search.run(matrix, workers: workers).choice)
    }

    @Test func ofManyRowsASampleStandsForAll() throws {
        let matrix = try matrix(blobs(12_000, features: 2, groups: 3, seed: 4, spread: 12))
        let search = ClusterCountSearch(
            KMeansParameters(clusterCount: 1), counts: 2...4, gapReferenceCount: 3, silhouetteRowCount: 700)
        let choice = try search.run(matrix, workers: workers).choice
        #expect(choice.gapSample == .init(referenceCount: 3, rowCount: 10_000))
        #expect(choice.candidates.allSatisfy { $0.silhouette?.rowCount == 700 && $0.gap != nil })
    }

    @Test func theKneeIsFarthestBelowTheChord() {
        // On 0...1 scales: 1 - 1/3 - 0.2 and 1 - 2/3 - 1/15.
        let distances = ClusterCountChoice.kneeDistances([100, 40, 30, 25])
        let expected = [0, 1 - 1 / 3.0 - 0.2, 1 - 2 / 3.0 - 5 / 75.0, 0]
        #expect(zip(distances, expected).allSatisfy { abs($0! - $1) < 1e-15 })
        #expect(ClusterCountChoice.kneeDistances([3, 2]) == [nil, nil])
        #expect(ClusterCountChoice.kneeDistances([3, 3, 3]) == [nil, nil, nil])
    }

    private func candidate(_ count: Int, silhouette: Double?, found: Int? = nil, share: Double = 0.5) throws
        -> ClusterCountCandidate
    {
        // Only the figure that decides matters; any result gives the rest.
        let rows = try matrix([[0, 1, 10, 11, 20, 21]])
        let result = try fit(rows, KMeansParameters(clusterCount: silhouette == nil ? 1 : 2))
        let quality = try SegmentQuality(of: result, in: rows, workers: workers)
        return ClusterCountCandidate(
            clusterCount: count, foundCount: found ?? count, quality: quality, smallestShare: share,
            iterationCount: 1, converged: true)
    }

    @Test func numbersNotFoundAndSegmentsTooSmallAreLeftOut() throws {
        func choice(_ candidates: [ClusterCountCandidate], share: Double = 0.1) -> ClusterCountChoice {
            ClusterCountChoice(candidates, criterion: .silhouette, minimumShare: share, gapSample: nil)
        }
        // Equal figures: the smaller number.
        #expect(choice([try candidate(2, silhouette: 1), try candidate(3, silhouette: 1)]).recommended == 2)
        let small = try candidate(2, silhouette: 1, share: 0.01)
        #expect(choice([small, try candidate(3, silhouette: 1)]).recommended == 3)
        #expect(choice([small, try candidate(3, silhouette: 1, share: 0.01)]).recommended == 2)
        #expect(choice([try candidate(2, silhouette: 1, found: 1), try candidate(3, silhouette: 1)]).recommended == 3)
        let nothing = choice([try candidate(1, silhouette: nil), try candidate(2, silhouette: 1, found: 1)])
        #expect(nothing.recommended == 1 && !nothing.isDecided)
    }

    @Test func equalCustomersAreOneSegmentAndNothingIsDecided() throws {
        let matrix = try matrix([[Double](repeating: 3, count: 50)])
        for criterion in ClusterCountCriterion.allCases {
            let (choice, result) = try ClusterCountSearch(
                KMeansParameters(clusterCount: 1), counts: 2...4, criterion: criterion
            ).run(matrix, workers: workers)
            #expect(choice.recommended == 2 && !choice.isDecided)
            #expect(result.clusterCount == 1)
        }
    }
}

struct StagedKMeansTests {
    private let workers = Workers(threadCount: 2)

    @Test func startsOnSamplesEndWhereAllRowsRest() throws {
        let matrix = try matrix(blobs(40_000, features: 3, groups: 5, seed: 8, spread: 15))
        let staged = try StagedKMeans(matrix, seed: 1, stages: [500, 4_000], workers: workers)
        let parameters = KMeansParameters(clusterCount: 5, tolerance: 0, restartCount: 5, seed: 1)
        var seen: [KMeansIteration] = []
        let result = try staged.fit(parameters) { seen.append($0) }
        let plain = try fit(matrix, parameters)
        #expect(abs(result.inertia - plain.inertia) < 1e-9 * plain.inertia)
        #expect(try NearestCentroid(result.centroids).assign(matrix, workers: workers) == result.assignments)
        // Only iterations over all rows are told, and few are left to do.
        #expect(seen == result.iterations && seen.count <= 4)
        for threads in [1, 7] {
            let other = try StagedKMeans(
                matrix, seed: 1, stages: [500, 4_000], workers: Workers(threadCount: threads))
            #expect(try other.fit(parameters) == result)
        }
    }

    @Test func fewRowsAndGivenStartsAreFittedAtOnce() throws {
        let matrix = try matrix(blobs(1_000, features: 2, groups: 3, seed: 2))
        let parameters = KMeansParameters(clusterCount: 3, seed: 4)
        let staged = try StagedKMeans(matrix, seed: 4, stages: [300], workers: workers)
        #expect(try staged.fit(parameters) == fit(matrix, parameters))
        var given = parameters
        given.seeding = .given(try Centroids(featureCount: 2, values: [0, 0, 1, 1, 2, 2]))
        let wide = try StagedKMeans(matrix, seed: 4, stages: [100], workers: workers)
        #expect(try wide.fit(given) == fit(matrix, given))
    }

    @Test func rareRowsAndRareWeightsAreNotLost() throws {
        // One row in a thousand is different, which a sample of 20 hardly sees.
        let matrix = try matrix([(0..<4_000).map { $0 % 1_000 == 7 ? 1 : 0 }])
        let staged = try StagedKMeans(matrix, seed: 1, stages: [200], workers: workers)
        #expect(try staged.fit(KMeansParameters(clusterCount: 2)).sizes.sorted() == [4, 3_996])
        let weights = try RowWeights((0..<4_000).map { $0 == 3_999 ? 1 : 0 })
        let weighted = try StagedKMeans(matrix, weights: weights, seed: 1, stages: [200], workers: workers)
        #expect(throws: Never.self) { try weighted.fit(KMeansParameters(clusterCount: 1)) }
        #expect(throws: SegmentationError.self) {
            try StagedKMeans(try self.matrix(3), weights: weights, seed: 1, workers: workers)
        }
    }

    private func matrix(_ rowCount: Int) throws -> FeatureMatrix {
        try FeatureMatrix(rowCount: rowCount, scalings: [.identity])
    }

    private func matrix(_ columns: [[Double]]) throws -> FeatureMatrix {
        try FeatureMatrix(columns: columns, scalings: columns.map { _ in .identity })
    }
}
