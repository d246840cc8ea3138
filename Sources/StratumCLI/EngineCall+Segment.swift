import Segmentation
import Stratum

extension EngineCall {
    /// The segments in a model's file.
    func segmentModel(_ path: String) throws -> SegmentModel {
        try SegmentModel.decode(try fileBytes(path, limit: Self.modelByteLimit))
    }

    /// Finds segments by a plan, overruled by the options, or by the options alone.
    func segment(_ choices: SegmentOptions, files names: [String], to outputs: SegmentOutputs) throws -> RunResult {
        let call = try continuing(choices.previous)
        var plan: Plan
        var inputs = names
        if let features = choices.featureNames {
            let previous = call.options.previousSegments
            plan = Plan(
                dimensions: [Plan.Dimension("features", indicators: features.map { Plan.Indicator($0) })],
                input: Plan.Input(id: choices.id ?? previous?.plan.plan.input.id ?? "customer_id"),
                segments: Plan.Segments(count: previous?.segments.names.count ?? 1, features: .zScore))
            plan = overruled(plan)
        } else {
            plan = try self.plan(inputs.removeFirst())
        }
        choices.apply(to: &plan)
        let taken = names.prefix(names.count - inputs.count) + [choices.previous].compactMap(\.self)
        let paths = try files(inputs, besides: Array(taken))
        return try Engine(plan: try plan.resolved(), options: call.options).segment(inputs: paths, to: outputs)
    }

    /// Gives customers the segments of a stored model.
    func segment(applying model: String, files names: [String], to outputs: SegmentOutputs) throws -> RunResult {
        let paths = try files(names, besides: [model])
        return try Engine.segment(model: try segmentModel(model), inputs: paths, to: outputs, options: options)
    }
}
