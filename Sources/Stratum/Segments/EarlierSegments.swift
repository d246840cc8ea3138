import Reports
import Segmentation

/// The segments of an earlier model, which new ones continue.
///
/// Centers are carried over by what they stand for: values of the features, or places between 0 and 1 where features are
/// normalized indicators.
struct EarlierSegments {
    private let model: SegmentModel

    /// - Throws: `EngineError` if the model was found from other features.
    init(_ model: SegmentModel, for plan: ResolvedPlan, _ segments: Plan.Segments) throws(EngineError) {
        let (old, new) = (model.featureNames, plan.segmentFeatureNames)
        guard old.elementsEqual(new, by: { $0.utf8.elementsEqual($1.utf8) }) else {
            throw EngineError(
                .otherFeatures, at: "previous model",
                "the earlier segments were found from other features: \(old.joined(separator: ", "))",
                remedy: "use the same features in the same order, or start without them")
        }
        let kind = model.plan.plan.segments?.features
        guard (kind == .normalized) == (segments.features == .normalized) else {
            throw EngineError(
                .otherFeatures, at: "previous model",
                "the earlier segments were found from \(kind?.rawValue ?? "other") features",
                remedy: "use the same kind of features, or start without them")
        }
        self.model = model
    }

    /// The centroids in units of a matrix with these scalings.
    ///
    /// - Throws: `SegmentationError`: centers too far out for the geometry.
    func centroids(in scalings: [FeatureScaling]) throws(SegmentationError) -> Centroids {
        let old = model.segments
        let values = (0..<old.centroids.clusterCount).flatMap { segment in
            zip(old.centroids[segment], zip(old.scalings, scalings)).map { value, scaling in
                let moved = (scaling.0.original(value) - scaling.1.center) * scaling.1.scale
                return moved.isFinite ? min(max(moved, -scaling.1.limit), scaling.1.limit) : 0
            }
        }
        return try Centroids(featureCount: scalings.count, values: values)
    }

    /// Names for the segments that continue an earlier one, by number.
    func names(of origins: [Int?]) -> [Int: String] {
        var names: [Int: String] = [:]
        for (segment, origin) in origins.enumerated() {
            if let origin { names[segment + 1] = model.segments.names[origin] }
        }
        return names
    }

    /// What changed against `centroids`, the earlier ones in units of the same matrix.
    func drift(
        of result: KMeansResult, _ origins: [Int?], from centroids: Centroids, names: [String]
    ) -> DriftReport {
        let ended = model.segments.names.indices.filter { !origins.contains($0) }
        return DriftReport(
            drifts: SegmentDrift.drifts(
                of: result, origins: origins, previous: centroids, previousShares: model.segments.shares),
            names: names, features: model.featureNames,
            ended: ended.map { .init(number: $0 + 1, name: model.segments.names[$0]) })
    }
}
