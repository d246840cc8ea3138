/// How a segment has changed against the earlier one that it continues.
public struct SegmentDrift: Codable, Equatable, Sendable {
    /// The segment's number, from 1.
    public let number: Int
    /// The number of the earlier segment, from 1; nil for a new segment.
    public let previousNumber: Int?
    /// The share of all customers, 0...1.
    public let share: Double
    /// The earlier segment's share of the customers of its time; nil if there is none, or it is not known.
    public let previousShare: Double?
    /// How far the centroid has moved along each feature, in today's standard deviations of it; 0 for a constant
    /// feature, empty for a new segment.
    public let shifts: [Double]

    /// The length of the move in these units; nil for a new segment.
    public var distance: Double? {
        previousNumber == nil ? nil : shifts.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    /// The drifts of all segments of `result`, in order.
    ///
    /// - Parameters:
    ///   - origins: for each segment the earlier one that it continues, as `renumbered(continuing:)` tells.
    ///   - previous: the earlier centroids, in units of the same matrix.
    ///   - previousShares: the earlier segments' shares; nil if they are not known.
    public static func drifts(
        of result: KMeansResult, origins: [Int?], previous: Centroids, previousShares: [Double]?
    ) -> [SegmentDrift] {
        precondition(origins.count == result.clusterCount, "\(origins.count) origins, \(result.clusterCount) segments")
        let rowCount = Double(result.sizes.reduce(0, +))
        return origins.enumerated().map { segment, origin in
            SegmentDrift(
                number: segment + 1, previousNumber: origin.map { $0 + 1 },
                share: Double(result.sizes[segment]) / rowCount,
                previousShare: origin.flatMap { origin in previousShares.map { $0[origin] } },
                shifts: origin.map { shifts(result, segment, previous[$0]) } ?? [])
        }
    }

    private static func shifts(_ result: KMeansResult, _ segment: Int, _ previous: ArraySlice<Double>) -> [Double] {
        zip(zip(result.centroids[segment], previous), result.featureDeviations).map { centers, deviation in
            deviation > 0 ? (centers.0 - centers.1) / deviation : 0
        }
    }
}
