// What changes in the body changes `Model.version`.

import Reports
import Scoring
import Tiers

extension Model {
    /// The bytes of the model's file: the same for equal models.
    ///
    /// - Throws: `EncodingError` for a value that is not finite, which no fitted model holds.
    public func encode() throws -> [UInt8] {
        let body = try JSONValue(encoding: ModelBody(self)).encoded(indented: false)
        return ModelEnvelope.model.bytes(around: body)
    }

    /// Reads a model's file.
    ///
    /// - Throws: `ModelError` for everything but the unchanged bytes of a model of this version.
    public static func decode(_ bytes: [UInt8]) throws(ModelError) -> Model {
        let body = try ModelEnvelope.model.body(of: bytes)
        let decoded: ModelBody
        do {
            decoded = try PlanNode(json: Array(body), byteLimit: .max).decoded(as: ModelBody.self)
        } catch {
            throw ModelError(.inconsistent, "its contents are not those of a model: \(error)")
        }
        return try Model(decoded)
    }
}
