public import LifetimeValue
import Reports

/// A model of purchases, with that of their spend, as `stratum lifetime fit` keeps it: all that predicting for another
/// customer needs, and how sure it is.
public struct StoredLifetime: Equatable, Sendable {
    /// The version of the file format; files of version 1 are refused.
    public static let version = 2

    /// The release of the engine that fitted it.
    public var engineVersion: String
    /// What it was fitted to.
    public var source: Model.Source
    /// The last day it learned from, in days since 1970; nil for a table of histories.
    public var observationEnd: Int?
    /// What was learned.
    public var fitted: FittedLifetime

    /// The model of purchases, with its unit of time.
    public var model: LifetimeModel { fitted.purchases }

    /// A fit, to be kept.
    public init(_ fitted: FittedLifetime, source: Model.Source, observationEnd: Int?) {
        engineVersion = Engine.version
        self.source = source
        self.observationEnd = observationEnd
        self.fitted = fitted
    }
}

extension StoredLifetime {
    /// The bytes of the model's file: the same for equal models.
    ///
    /// - Throws: `EncodingError` for a value that is not finite, which no fitted model holds.
    public func encode() throws -> [UInt8] {
        let body = Body(engine: engineVersion, source: source, observationEnd: observationEnd, lifetime: fitted)
        return ModelEnvelope.lifetime.bytes(around: try JSONValue(encoding: body).encoded(indented: false))
    }

    /// Reads a model's file.
    ///
    /// - Throws: `ModelError` for everything but the unchanged bytes of a lifetime model of this version.
    public static func decode(_ bytes: [UInt8]) throws(ModelError) -> StoredLifetime {
        let body: Body = try ModelEnvelope.lifetime.decoded(bytes, what: "a lifetime model")
        if let mistake = body.lifetime.mistake { throw ModelError(.inconsistent, mistake) }
        return StoredLifetime(body)
    }

    private init(_ body: Body) {
        engineVersion = body.engine
        source = body.source
        observationEnd = body.observationEnd
        fitted = body.lifetime
    }

    /// The model as it stands in its file.
    private struct Body: Codable {
        let engine: String
        let source: Model.Source
        let observationEnd: Int?
        let lifetime: FittedLifetime
    }
}
