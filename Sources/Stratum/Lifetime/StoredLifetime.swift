public import LifetimeValue
import Reports

/// A model of purchases, with that of their spend, as `stratum lifetime fit` keeps it: all that predicting for another
/// customer needs, and how sure it is.
public struct StoredLifetime: Equatable, Sendable {
    /// The version of the file format.
    public static let version = 1

    /// What is known of the spend of a purchase.
    public enum Spend: Equatable, Sendable {
        /// Nothing: values are counted in purchases.
        case none
        /// The same for all customers.
        case mean(Double)
        /// By customer.
        case gammaGamma(GammaGamma, standardErrors: [Double], logLikelihood: Double)
    }

    /// The release of the engine that fitted it.
    public var engineVersion: String
    /// What it was fitted to.
    public var source: Model.Source
    /// The last day it learned from, in days since 1970; nil for a table of histories.
    public var observationEnd: Int?
    /// The model of purchases, with its unit of time.
    public var model: LifetimeModel
    /// The standard errors of its parameters.
    public var standardErrors: [Double]
    /// The maximum of the log-likelihood.
    public var logLikelihood: Double
    /// Customers that it was fitted to.
    public var customerCount: Int
    /// Distinct histories among them.
    public var distinctCount: Int
    /// The spend.
    public var spend: Spend

    /// Schwarz's criterion; see `LifetimeFit.bic`.
    public var bic: Double { model.family.bic(logLikelihood: logLikelihood, customerCount: customerCount) }

    /// A fit, to be kept.
    public init(_ fit: LifetimeFit, spend: Spend, source: Model.Source, observationEnd: Int?) {
        engineVersion = Engine.version
        self.source = source
        self.observationEnd = observationEnd
        model = fit.model
        standardErrors = fit.standardErrors
        logLikelihood = fit.logLikelihood
        customerCount = fit.customerCount
        distinctCount = fit.distinctCount
        self.spend = spend
    }

    /// The mean spend to expect of a customer's purchases; NaN if nothing is known of it.
    ///
    /// - Parameter meanSpend: of the customer's repeat purchases; NaN for none.
    public func expectedAverageSpend(frequency: Int, meanSpend: Double) -> Double {
        switch spend {
        case .none: .nan
        case .mean(let mean): mean
        case .gammaGamma(let model, _, _): model.expectedAverageSpend(frequency: frequency, meanSpend: meanSpend)
        }
    }
}

extension StoredLifetime {
    /// The bytes of the model's file: the same for equal models.
    ///
    /// - Throws: `EncodingError` for a value that is not finite, which no fitted model holds.
    public func encode() throws -> [UInt8] {
        ModelEnvelope.lifetime.bytes(around: try JSONValue(encoding: Body(self)).encoded(indented: false))
    }

    /// Reads a model's file.
    ///
    /// - Throws: `ModelError` for everything but the unchanged bytes of a lifetime model of this version.
    public static func decode(_ bytes: [UInt8]) throws(ModelError) -> StoredLifetime {
        let body = try ModelEnvelope.lifetime.body(of: bytes)
        do {
            return try StoredLifetime(PlanNode(json: Array(body), byteLimit: .max).decoded(as: Body.self))
        } catch let error as ModelError {
            throw error
        } catch {
            throw ModelError(.inconsistent, "its contents are not those of a lifetime model: \(error)")
        }
    }

    private init(_ body: Body) throws {
        engineVersion = body.engine
        source = body.source
        observationEnd = body.observationEnd
        model = body.model
        standardErrors = body.standardErrors
        logLikelihood = body.logLikelihood
        customerCount = body.customerCount
        distinctCount = body.distinctCount
        let isWhole: Bool
        switch (body.gammaGamma, body.gammaGammaErrors, body.gammaGammaLogLikelihood, body.meanSpend) {
        case (let model?, let errors?, let logLikelihood?, nil):
            // Once more by the initializer that checks the ranges.
            spend = .gammaGamma(
                try GammaGamma(p: model.p, q: model.q, gamma: model.gamma), standardErrors: errors,
                logLikelihood: logLikelihood)
            isWhole = errors.count == 3
        case (nil, nil, nil, let mean?):
            spend = .mean(mean)
            isWhole = mean.isFinite
        case (nil, nil, nil, nil):
            spend = .none
            isWhole = true
        default: throw ModelError(.inconsistent, "the parts of its model of spend do not belong together")
        }
        guard isWhole, standardErrors.count == model.parameters.count, customerCount > 0,
            (1...customerCount).contains(distinctCount), logLikelihood.isFinite
        else { throw ModelError(.inconsistent, "its figures do not belong together") }
    }

    /// The model as it stands in its file.
    private struct Body: Codable {
        let engine: String
        let source: Model.Source
        let observationEnd: Int?
        let model: LifetimeModel
        let standardErrors: [Double]
        let logLikelihood: Double
        let customerCount: Int
        let distinctCount: Int
        let gammaGamma: GammaGamma?
        let gammaGammaErrors: [Double]?
        let gammaGammaLogLikelihood: Double?
        let meanSpend: Double?

        init(_ fitted: StoredLifetime) {
            engine = fitted.engineVersion
            source = fitted.source
            observationEnd = fitted.observationEnd
            model = fitted.model
            standardErrors = fitted.standardErrors
            logLikelihood = fitted.logLikelihood
            customerCount = fitted.customerCount
            distinctCount = fitted.distinctCount
            var parts: (model: GammaGamma?, errors: [Double]?, logLikelihood: Double?, mean: Double?)
            switch fitted.spend {
            case .none: break
            case .mean(let mean): parts.mean = mean
            case .gammaGamma(let model, let errors, let logLikelihood): parts = (model, errors, logLikelihood, nil)
            }
            gammaGamma = parts.model
            gammaGammaErrors = parts.errors
            gammaGammaLogLikelihood = parts.logLikelihood
            meanSpend = parts.mean
        }
    }
}
