public import VectorMath

/// Finds segments for each number of a range and recommends one.
///
/// ```swift
/// let search = ClusterCountSearch(KMeansParameters(clusterCount: 2), counts: 2...12)
/// let (choice, result) = try search.run(matrix, workers: workers)
/// choice.recommended == result.clusterCount
/// ```
public struct ClusterCountSearch: Sendable {
    /// How the segments of each number are found; its own number does not count.
    public var parameters: KMeansParameters
    /// The numbers of segments that are tried.
    public var counts: ClosedRange<Int>
    /// What decides.
    public var criterion: ClusterCountCriterion
    /// A number with a segment under this share of the rows is not recommended if there is another.
    public var minimumShare: Double
    /// Reference sets of the gap statistic; 0 for none, unless it decides: then `defaultReferenceCount`.
    public var gapReferenceCount: Int
    /// Rows that the silhouette of all distances is computed from; 0 for all of at most `FullSilhouette.rowLimit` and
    /// none of more.
    public var silhouetteRowCount: Int

    /// Reference sets of the gap statistic unless a number is asked for.
    public static let defaultReferenceCount = 10

    /// A search over `counts`.
    public init(
        _ parameters: KMeansParameters, counts: ClosedRange<Int>, criterion: ClusterCountCriterion = .silhouette,
        minimumShare: Double = 0, gapReferenceCount: Int = 0, silhouetteRowCount: Int = 0
    ) {
        self.parameters = parameters
        self.counts = counts
        self.criterion = criterion
        self.minimumShare = minimumShare
        self.gapReferenceCount =
            gapReferenceCount == 0 && criterion == .gap ? Self.defaultReferenceCount : gapReferenceCount
        self.silhouetteRowCount = silhouetteRowCount
    }

    /// Tries all numbers; returns the choice and the segments of the recommended number.
    ///
    /// - Parameters:
    ///   - observe: is told each candidate when it has been tried; gaps and knees are found after all.
    ///   - observeIteration: is told each iteration over all rows.
    /// - Throws: as `KMeans.fit`.
    /// - Complexity: the sum of all fits, and a pass each for the figures. Beside the matrix what a fit
    ///   takes: of the numbers tried only centroids are kept, and the segments of the recommended one are found again.
    public func run(
        _ matrix: FeatureMatrix, weights: RowWeights? = nil, workers: Workers,
        observe: ((ClusterCountCandidate) -> Void)? = nil, observeIteration: ((KMeansIteration) -> Void)? = nil
    ) throws -> (choice: ClusterCountChoice, result: KMeansResult) {
        var candidates: [ClusterCountCandidate] = []
        var results: [KMeansResult] = []
        let places = silhouettePlaces(matrix)
        let staged = try StagedKMeans(matrix, weights: weights, seed: parameters.seed, workers: workers)
        for count in counts {
            var parameters = parameters
            parameters.clusterCount = count
            var result = try staged.fit(parameters, observe: observeIteration)
            candidates.append(
                try candidate(count, result, matrix, weights: weights, places: places, workers: workers))
            result.assignments = []
            results.append(result)
            observe?(candidates[candidates.count - 1])
        }
        var gapSample: ClusterCountChoice.GapSample?
        if gapReferenceCount > 0 {
            let search = try GapSearch(
                matrix, parameters: parameters, referenceCount: gapReferenceCount, workers: workers)
            for (place, gap) in try search.statistics(counts).enumerated() { candidates[place].gap = gap }
            gapSample = .init(referenceCount: gapReferenceCount, rowCount: search.rowCount)
        }
        let choice = ClusterCountChoice(
            candidates, criterion: criterion, minimumShare: minimumShare, gapSample: gapSample)
        var result = results[choice.recommended - counts.lowerBound]
        result.assignments = try NearestCentroid(result.centroids).assign(matrix, workers: workers)
        return (choice, result)
    }

    private func candidate(
        _ count: Int, _ result: KMeansResult, _ matrix: FeatureMatrix, weights: RowWeights?, places: [Int],
        workers: Workers
    ) throws -> ClusterCountCandidate {
        ClusterCountCandidate(
            clusterCount: count, foundCount: result.clusterCount,
            quality: try SegmentQuality(of: result, in: matrix, weights: weights, workers: workers),
            silhouette: places.isEmpty
                ? nil
                : FullSilhouette(
                    assignments: places.map { result.assignments[$0] }, places: places, in: matrix, workers: workers),
            smallestShare: Double(result.sizes.min() ?? 0) / Double(matrix.rowCount),
            iterationCount: result.iterationCount, converged: result.converged)
    }

    private func silhouettePlaces(_ matrix: FeatureMatrix) -> [Int] {
        if silhouetteRowCount == 0 && matrix.rowCount > FullSilhouette.rowLimit { return [] }
        var generator = RandomGenerator(seed: parameters.seed, stream: 1 << 33)
        return RowSample.drawn(
            silhouetteRowCount == 0 ? matrix.rowCount : silhouetteRowCount, of: matrix.rowCount, generator: &generator)
    }
}
