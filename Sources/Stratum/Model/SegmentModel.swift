public import Scoring
import Reports

/// Segments and all that giving another customer a segment needs: what `stratum segment --model` keeps.
///
/// A part of a `Model` for those who want segments and no scores.
public struct SegmentModel: Equatable, Sendable {
    /// The version of the file format.
    public static let version = 1

    /// The release of the engine that fitted it.
    public var engineVersion: String
    /// What it was fitted to.
    public var source: Model.Source
    /// The plan it was fitted by; it has segments.
    public var plan: ResolvedPlan
    /// What normalizes the features; nil where they are not normalized indicators.
    public var scoring: FittedScoring?
    /// The segments.
    public var segments: Model.Segments

    /// A model of parts that belong together.
    public init(
        engineVersion: String, source: Model.Source, plan: ResolvedPlan, scoring: FittedScoring?,
        segments: Model.Segments
    ) {
        self.engineVersion = engineVersion
        self.source = source
        self.plan = plan
        self.scoring = scoring
        self.segments = segments
    }

    /// The segments of a whole model; nil if it has none.
    public init?(_ model: Model) {
        guard let segments = model.segments else { return nil }
        let isNormalized = model.plan.plan.segments?.features == .normalized
        self.init(
            engineVersion: model.engineVersion, source: model.source, plan: model.plan,
            scoring: isNormalized ? model.scoring : nil, segments: segments)
    }

    /// The names of the features, in the order of the centroids.
    public var featureNames: [String] { plan.segmentIndicators.map { plan.scoring.indicators[$0].name } }
}

extension SegmentModel {
    /// The bytes of the model's file: the same for equal models.
    ///
    /// - Throws: `EncodingError` for a value that is not finite, which no fitted model holds.
    public func encode() throws -> [UInt8] {
        ModelEnvelope.segments.bytes(around: try JSONValue(encoding: Body(self)).encoded(indented: false))
    }

    /// Reads a file of segments, or the segments of a whole model's file.
    ///
    /// - Throws: `ModelError` for everything but the unchanged bytes of either kind, and for a model without segments.
    public static func decode(_ bytes: [UInt8]) throws(ModelError) -> SegmentModel {
        guard ModelEnvelope.segments.begins(bytes) else {
            guard let model = SegmentModel(try Model.decode(bytes)) else {
                throw ModelError(.noSegments, "it has no segments")
            }
            return model
        }
        let body = try ModelEnvelope.segments.body(of: bytes)
        let decoded: Body
        do {
            decoded = try PlanNode(json: Array(body), byteLimit: .max).decoded(as: Body.self)
        } catch {
            throw ModelError(.inconsistent, "its contents are not those of segments: \(error)")
        }
        let model = SegmentModel(
            engineVersion: decoded.engine, source: decoded.source, plan: decoded.plan, scoring: decoded.scoring,
            segments: decoded.segments)
        if let mistake = model.mistake { throw ModelError(.inconsistent, mistake) }
        return model
    }

    /// What does not belong together: a checksum is no proof that all does.
    private var mistake: String? {
        guard let segments = plan.plan.segments else { return "its plan has no segments" }
        if (segments.features == .normalized) != (scoring != nil) { return "what normalizes the features is not there" }
        let names = plan.scoring.indicators.map(\.name)
        if let scoring, scoring.indicators.map(\.name) != names { return "the fitted indicators are not the plan's" }
        return self.segments.mistake(featureCount: plan.segmentIndicators.count)
    }

    /// The model as it stands in its file.
    private struct Body: Codable {
        let engine: String
        let source: Model.Source
        let plan: ResolvedPlan
        let scoring: FittedScoring?
        let segments: Model.Segments

        init(_ model: SegmentModel) {
            engine = model.engineVersion
            source = model.source
            plan = model.plan
            scoring = model.scoring
            segments = model.segments
        }
    }
}
