import Reports
import Segmentation
import VectorMath

/// Segments as k-means finds them by a plan: their number chosen if need be, small ones dissolved, iterations timed.
struct SegmentFit {
    let result: KMeansResult
    let choice: ClusterCountReport?
    /// Seconds of each iteration of the result; empty if they cannot be told from those of other starts.
    let seconds: [Double]
    /// What the user should know beside the warnings of the result.
    let notes: [String]

    /// - Parameter start: centroids to start from if they are as many as the plan's segments.
    init(
        _ matrix: FeatureMatrix, weights: RowWeights?, _ segments: Plan.Segments, start: Centroids?, workers: Workers
    ) throws {
        let clock = IterationClock()
        var parameters = segments.parameters
        var found: KMeansResult
        if let search = segments.search {
            let start = ContinuousClock.now
            var ends: [ContinuousClock.Instant] = []
            let (choice, result) = try search.run(
                matrix, weights: weights, workers: workers, observe: { _ in ends.append(.now) },
                observeIteration: clock.note)
            let seconds = zip(ends, [start] + ends).map { ($0 - $1) / .seconds(1) }
            self.choice = ClusterCountReport(choice, seconds: seconds)
            parameters.clusterCount = choice.recommended
            found = result
        } else {
            if let start, start.clusterCount == segments.count { parameters.seeding = .given(start) }
            found = try StagedKMeans(matrix, weights: weights, seed: parameters.seed, workers: workers)
                .fit(parameters, observe: clock.note)
            choice = nil
        }
        let (result, dissolved) = try MinimumShare(segments.minimumShare).applied(
            to: found, parameters: parameters, matrix: matrix, weights: weights, workers: workers, observe: clock.note)
        self.result = result
        seconds = clock.seconds(of: result)
        notes = dissolved.isEmpty ? [] : [Self.note(dissolved, result, segments.minimumShare)]
    }

    private static func note(_ dissolved: [Int], _ result: KMeansResult, _ share: Double) -> String {
        let sizes = dissolved.map { groupedText($0) }.joined(separator: ", ")
        return "segments under \(percentText(share)) of the customers were dissolved: \(dissolved.count) "
            + "(of \(sizes) customers when they went); \(result.clusterCount) remain"
    }
}

/// Takes the time of each iteration as it ends.
final class IterationClock {
    private var iterations: [KMeansIteration] = []
    private var ends: [ContinuousClock.Instant] = [.now]

    func note(_ iteration: KMeansIteration) {
        iterations.append(iteration)
        ends.append(.now)
    }

    /// Seconds of the iterations of a result, which stand in one piece among all; empty if they do not.
    ///
    /// The first one's time holds the seeding too.
    func seconds(of result: KMeansResult) -> [Double] {
        let count = result.iterations.count
        guard count > 0, count <= iterations.count else { return [] }
        let first = (0...iterations.count - count).last { Array(iterations[$0..<$0 + count]) == result.iterations }
        guard let first else { return [] }
        return (first..<first + count).map { (ends[$0 + 1] - ends[$0]) / .seconds(1) }
    }
}
