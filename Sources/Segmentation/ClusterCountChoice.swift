/// By what a number of segments is recommended.
public enum ClusterCountCriterion: String, CaseIterable, Codable, Sendable {
    /// The highest simplified silhouette.
    case silhouette
    /// The highest Calinski-Harabasz index.
    case calinskiHarabasz
    /// The lowest Davies-Bouldin index.
    case daviesBouldin
    /// Where the curve of inertia lies farthest below the chord between its ends.
    case knee
    /// The smallest number whose gap is at least the next one's less its standard error.
    case gap
}

/// One number of segments that was tried.
public struct ClusterCountCandidate: Equatable, Sendable {
    /// Segments that were asked for.
    public let clusterCount: Int
    /// Segments that were found: fewer where there are no more distinct customers.
    public let foundCount: Int
    /// How well they hold together and stay apart.
    public let quality: SegmentQuality
    /// The silhouette from all distances between rows, or between those of a sample; nil if it was not asked for.
    public internal(set) var silhouette: FullSilhouette?
    /// The gap statistic; nil if it was not asked for, or the inertia is 0.
    public internal(set) var gap: GapStatistic?
    /// How far the curve of inertia lies below the chord between its ends, both scaled to 0...1; nil for fewer than
    /// three numbers, or a curve that does not fall.
    public internal(set) var kneeDistance: Double?
    /// The share of all rows in the smallest segment.
    public let smallestShare: Double
    /// Iterations of the start that was kept.
    public let iterationCount: Int
    /// Whether the centroids came to rest.
    public let converged: Bool
}

/// The numbers of segments that were tried, and the one that is recommended.
public struct ClusterCountChoice: Equatable, Sendable {
    /// By rising number of segments.
    public let candidates: [ClusterCountCandidate]
    /// What decided.
    public let criterion: ClusterCountCriterion
    /// The recommended number of segments.
    public let recommended: Int
    /// Whether the criterion said anything; otherwise the smallest number is recommended.
    public let isDecided: Bool
    /// Reference sets of the gap statistic, and the rows that it was computed from; nil without it.
    public let gapSample: GapSample?

    /// What the gap statistic was computed from.
    public struct GapSample: Codable, Equatable, Sendable {
        /// Sets of rows without structure.
        public let referenceCount: Int
        /// Rows of the data, and of each set.
        public let rowCount: Int
    }

    /// The choice by `criterion` among candidates of rising, consecutive numbers of segments.
    ///
    /// Left out are numbers that were not found in full, and those with a segment under `minimumShare` unless all
    /// are such. On ties the smaller number is taken.
    init(
        _ candidates: [ClusterCountCandidate], criterion: ClusterCountCriterion, minimumShare: Double,
        gapSample: GapSample?
    ) {
        precondition(!candidates.isEmpty, "no number of segments was tried")
        var candidates = candidates
        for (place, distance) in Self.kneeDistances(candidates.map(\.quality.inertia)).enumerated() {
            candidates[place].kneeDistance = distance
        }
        self.candidates = candidates
        self.criterion = criterion
        self.gapSample = gapSample
        let found = candidates.indices.filter { candidates[$0].foundCount == candidates[$0].clusterCount }
        let large = found.filter { candidates[$0].smallestShare >= minimumShare }
        let best = Self.best(of: candidates, among: large.isEmpty ? found : large, criterion)
        isDecided = best != nil
        recommended = candidates[best ?? 0].clusterCount
    }

    private static func best(
        of candidates: [ClusterCountCandidate], among places: [Int], _ criterion: ClusterCountCriterion
    ) -> Int? {
        if criterion == .gap {
            let allowed = Set(places)
            return firstGap(candidates.map(\.gap)).flatMap { allowed.contains($0) ? $0 : nil }
        }
        let figures = candidates.map { candidate -> Double? in
            switch criterion {
            case .silhouette: candidate.quality.simplifiedSilhouette
            case .calinskiHarabasz: candidate.quality.calinskiHarabasz
            case .daviesBouldin: candidate.quality.daviesBouldin.map { -$0 }
            case .knee: candidate.kneeDistance
            case .gap: nil
            }
        }
        return places.filter { figures[$0] != nil }.max { (figures[$0]!, -$0) < (figures[$1]!, -$1) }
    }

    /// The first whose gap is at least the next one's less its standard error; the last if there is none such.
    private static func firstGap(_ gaps: [GapStatistic?]) -> Int? {
        let known = gaps.indices.filter { gaps[$0] != nil }
        return zip(known, known.dropFirst()).first { gaps[$0]!.gap >= gaps[$1]!.gap - gaps[$1]!.standardError }?.0
            ?? known.last
    }

    /// How far a curve lies below the chord between its ends when both axes are scaled to 0...1: the difference curve of
    /// Kneedle (Satopaa et al. 2011) without its smoothing. Nil for fewer than three values or no fall.
    static func kneeDistances(_ curve: [Double]) -> [Double?] {
        guard curve.count >= 3, let first = curve.first, let last = curve.last, first > last else {
            return curve.map { _ in nil }
        }
        return curve.enumerated().map { place, value in
            1 - Double(place) / Double(curve.count - 1) - (value - last) / (first - last)
        }
    }
}
