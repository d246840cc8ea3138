public import LifetimeValue

/// What was learned from the purchases of a population: a model of when customers buy, and one of what they spend.
///
/// A plan's model and the file of `stratum lifetime fit` both hold one.
public struct FittedLifetime: Codable, Equatable, Sendable {
    /// What is expected of the spend of a purchase.
    public enum Spend: Equatable, Sendable {
        /// By customer.
        case gammaGamma(GammaGamma)
        /// The same for all, and why.
        case mean(Double, because: String)
        /// Nothing is known: values are counted in purchases.
        case unknown
    }

    /// A model that was tried.
    public struct Candidate: Codable, Equatable, Sendable {
        /// Its name in the literature.
        public var name: String
        /// Schwarz's criterion; nil if it could not be fitted.
        public var bic: Double?
        /// Why it could not; nil if it could.
        public var failure: String?
    }

    /// The model of purchases with its unit of time.
    public var purchases: LifetimeModel
    /// The standard errors of its parameters.
    public var standardErrors: [Double]
    /// The maximum of the log-likelihood.
    public var logLikelihood: Double
    /// Schwarz's criterion.
    public var bic: Double
    /// Customers it was fitted to.
    public var customerCount: Int
    /// Different histories among them.
    public var distinctCount: Int
    /// The models that were tried; empty if there was one.
    public var candidates: [Candidate]
    /// The model of spend.
    public var spend: Spend
    /// The log-likelihood of gamma-gamma; nil for another.
    public var spendLogLikelihood: Double?
    /// The standard errors of p, q and gamma; nil for another.
    public var spendStandardErrors: [Double]?
    /// Customers the spend was learned from: with repeat purchases of positive spend.
    public var spendCustomerCount: Int
}

extension FittedLifetime {
    /// What is expected of a customer's spend on a purchase; NaN if nothing is known of it.
    ///
    /// - Parameter meanSpend: of the customer's repeat purchases; any number where there are none.
    public func expectedAverageSpend(frequency: Int, meanSpend: Double) -> Double {
        switch spend {
        case .unknown: .nan
        case .mean(let mean, _): mean
        case .gammaGamma(let model): model.expectedAverageSpend(frequency: frequency, meanSpend: meanSpend)
        }
    }

    /// What of the figures does not belong together; nil if all does.
    var mistake: String? {
        let hasErrors = standardErrors.count == purchases.parameters.count
        let hasCounts = customerCount > 0 && (1...customerCount).contains(distinctCount) && spendCustomerCount >= 0
        guard hasErrors, hasCounts, logLikelihood.isFinite, bic.isFinite else {
            return "the figures of its lifetime model do not belong together"
        }
        if case .gammaGamma = spend { return spendStandardErrors.map { $0.count == 3 } ?? true ? nil : Self.wrongSpend }
        return spendLogLikelihood == nil && spendStandardErrors == nil ? nil : Self.wrongSpend
    }

    private static let wrongSpend = "the parts of its model of spend do not belong together"
}

extension FittedLifetime.Spend: Codable {
    /// As it stands in a file.
    private enum Form: Codable {
        case gammaGamma(p: Double, q: Double, gamma: Double)
        case mean(Double, because: String)
        case unknown
    }

    /// Reads what `encode(to:)` writes; parameters out of their ranges are refused.
    public init(from decoder: any Decoder) throws {
        switch try Form(from: decoder) {
        case .gammaGamma(let p, let q, let gamma): self = .gammaGamma(try GammaGamma(p: p, q: q, gamma: gamma))
        case .mean(let mean, let reason): self = .mean(mean, because: reason)
        case .unknown: self = .unknown
        }
    }

    /// The kind as a key, with its parameters by name.
    public func encode(to encoder: any Encoder) throws {
        let form: Form =
            switch self {
            case .gammaGamma(let model): .gammaGamma(p: model.p, q: model.q, gamma: model.gamma)
            case .mean(let mean, let reason): .mean(mean, because: reason)
            case .unknown: .unknown
            }
        try form.encode(to: encoder)
    }
}
