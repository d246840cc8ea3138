/// What a segment is like, for people: its size, its value and the features that mark it.
public struct SegmentProfile: Codable, Equatable, Sendable {
    /// One feature in one segment.
    public struct Feature: Codable, Equatable, Sendable {
        /// The feature's name.
        public let name: String
        /// The mean in original units; nil if no customer of the segment has the feature.
        public let mean: Double?
        /// How far the segment's mean lies from the mean of all, in standard deviations of the feature; 0 for a
        /// constant feature. Above 0 is more of the feature, also where less of it is better.
        public let standardizedMean: Double
    }

    /// The segment's number, from 1.
    public let number: Int
    /// The plan's name, or one made of the features that mark the segment.
    public let name: String
    /// Customers.
    public let size: Int
    /// Share of all customers, 0...1.
    public let share: Double
    /// The sum of the customers' values.
    public let totalValue: Double
    /// The mean of the customers' values; nil if none has one.
    public let meanValue: Double?
    /// Share of the value of all; nil if that is not above 0.
    public let shareOfValue: Double?
    /// All features, in the order of the matrix.
    public let features: [Feature]
    /// The features that mark the segment: the three of the largest absolute standardized mean, largest first.
    public let marks: [Int]

    /// How many features mark a segment.
    static let markCount = 3
}

extension SegmentProfile {
    /// The profiles of all segments of `result`, in order.
    ///
    /// - Parameters:
    ///   - result: the segments; renumber them first.
    ///   - featureNames: a name for each feature of the matrix.
    ///   - totals: sums by segment of the original values, its columns in the order of the features, and of the value;
    ///     with no columns the means are those of the matrix in original units, where missing values count as the
    ///     center of their scaling.
    ///   - scalings: those of the matrix.
    ///   - reversed: the features whose matrix column falls where the feature rises: scores of what should be low.
    ///   - names: names that replace the generated ones, by segment number.
    ///   - words: what generated names are made of.
    /// - Throws: `SegmentationError`: names, scalings or totals of another shape.
    public static func profiles(
        of result: KMeansResult, featureNames: [String], totals: SegmentTotals, scalings: [FeatureScaling],
        reversed: Set<Int> = [], names: [Int: String] = [:], words: SegmentWords = .english
    ) throws(SegmentationError) -> [SegmentProfile] {
        let featureCount = result.centroids.featureCount
        for (place, count) in [("feature names", featureNames.count), ("scalings", scalings.count)]
        where count != featureCount {
            throw SegmentationError(
                .featureCountMismatch(expected: featureCount, found: count), place: place,
                remedy: "give one for each feature")
        }
        guard totals.sizes == result.sizes, totals.columnCount == 0 || totals.columnCount == featureCount else {
            throw SegmentationError(
                .rowCountMismatch(expected: result.sizes.reduce(0, +), found: totals.sizes.reduce(0, +)),
                place: "totals", remedy: "bring every customer in once, with no column or one for each feature")
        }
        let features = result.sizes.indices.map { segment in
            (0..<featureCount).map { column in
                let center = result.centroids[segment][segment * featureCount + column]
                let deviation = result.featureDeviations[column]
                let distance = deviation > 0 ? (center - result.featureMeans[column]) / deviation : 0
                return Feature(
                    name: featureNames[column],
                    mean: totals.columnCount == 0
                        ? scalings[column].original(center) : totals.mean(of: column, in: segment),
                    standardizedMean: reversed.contains(column) ? 0 - distance : distance)
            }
        }
        let generated = SegmentNames.generated(features, besides: names, words: words)
        let customers = Double(result.sizes.reduce(0, +))
        let value = result.sizes.indices.reduce(0) { $0 + totals.value(of: $1) }
        return result.sizes.indices.map { segment in
            SegmentProfile(
                number: segment + 1, name: names[segment + 1] ?? generated[segment], size: result.sizes[segment],
                share: Double(result.sizes[segment]) / customers, totalValue: totals.value(of: segment),
                meanValue: totals.meanValue(of: segment),
                shareOfValue: value > 0 && value.isFinite ? totals.value(of: segment) / value : nil,
                features: features[segment],
                marks: Array(SegmentNames.byDistinction(features[segment]).prefix(markCount)))
        }
    }
}
