import Indicators
import LifetimeValue
import Scoring
import Segmentation
import Tiers
import VectorMath

/// A model as it stands in its file.
struct ModelBody: Codable {
    private let engine: String
    private let source: Model.Source
    private let plan: ResolvedPlan
    private let scoring: FittedScoring
    private let tiers: TierCutoffs
    private let segments: Model.Segments?
    private let lifetime: FittedLifetime?
    private let rfm: RFMCuts?
    private let matrix: Model.MatrixCuts?
    private let scoreRanks: RankTable
    private let contributionMeans: [Double]?

    init(_ model: Model) {
        engine = model.engineVersion
        source = model.source
        plan = model.plan
        scoring = model.scoring
        tiers = model.tiers
        segments = model.segments
        lifetime = model.lifetime
        rfm = model.rfm
        matrix = model.matrix
        scoreRanks = model.scoreRanks
        contributionMeans = model.contributionMeans
    }
}

extension Model {
    /// Checks that the parts of a file belong together: a checksum is no proof of that.
    init(_ body: ModelBody) throws(ModelError) {
        self = body.model
        let indicators = plan.scoring.indicators.map(\.name)
        let fitted = scoring.indicators.map(\.name)
        var problem: String?
        if indicators != fitted || plan.scoring.dimensions.map(\.name) != scoring.dimensions.map(\.name) {
            problem = "the fitted indicators are not the plan's"
        } else if tiers.names != plan.tiers.names {
            problem = "the cut tiers are not the plan's"
        } else if tiers.lowerBounds.count != tiers.names.count - 1 {
            problem = "\(tiers.lowerBounds.count) cut-offs for \(tiers.names.count) tiers"
        } else if let contributionMeans, contributionMeans.count != indicators.count {
            problem = "\(contributionMeans.count) mean contributions for \(indicators.count) indicators"
        } else if tiers.groups?.isSound(tierCount: tiers.names.count) == false {
            problem = "the cut-offs of groups are out of order"
        } else if (tiers.groups == nil) != (plan.groupColumn == nil) {
            problem = "the groups of the tiers are not the plan's"
        } else if plan.plan.matrix.map({ [$0.x.classCount - 1, $0.y.classCount - 1] })
            != matrix.map({ [$0.x.count, $0.y.count] })
        {
            problem = "the cuts of the matrix are not the plan's"
        } else if let segments {
            problem = segments.mistake(featureCount: plan.segmentIndicators.count)
        } else if plan.plan.segments != nil {
            problem = "the plan's segments are not there"
        }
        problem = problem ?? lifetimeMistake ?? rfmMistake
        if let problem { throw ModelError(.inconsistent, problem) }
    }
}

extension Model {
    /// What of the lifetime does not belong to the plan; nil if all does.
    private var lifetimeMistake: String? {
        let asked = plan.plan.input.orders?.lifetime
        if let lifetime {
            guard let asked else { return "the plan asks for no lifetime values" }
            if lifetime.purchases.timeUnit != asked.timeUnit { return "the lifetimes are not in the plan's unit" }
            return lifetime.mistake
        } else if asked?.whenItFails == .stop {
            return "the plan's lifetime model is not there"
        }
        return nil
    }
}

extension Model {
    /// What of the cuts of recency, frequency and monetary value does not belong to the plan; nil if all does.
    private var rfmMistake: String? {
        switch (plan.plan.input.orders?.rfm, rfm) {
        case (nil, nil): nil
        case (nil, _?): "the plan does not score by recency, frequency and monetary value"
        case (_?, nil): "the cuts of recency, frequency and monetary value are not there"
        case (let asked?, let cuts?):
            cuts.belong(to: asked.specification)
                ? nil : "the cuts of recency, frequency and monetary value are not the plan's"
        }
    }
}

extension Model.Segments {
    /// What does not belong together; nil if all does.
    func mistake(featureCount: Int) -> String? {
        let isWhole =
            names.count == centroids.clusterCount && scalings.count == centroids.featureCount
            && scalings.count == featureCount && sizes.map(\.count) ?? names.count == names.count
        return isWhole ? nil : "names, sizes, centroids and features of the segments differ in number"
    }
}

extension ModelBody {
    fileprivate var model: Model {
        Model(
            engineVersion: engine, source: source, plan: plan, scoring: scoring, tiers: tiers, segments: segments,
            matrix: matrix, lifetime: lifetime, rfm: rfm, scoreRanks: scoreRanks,
            contributionMeans: contributionMeans)
    }
}
