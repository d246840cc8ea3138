public import LifetimeValue

/// What was learned from the purchases of a population: a model of when customers buy, and one of what they spend.
public struct FittedLifetime: Codable, Equatable, Sendable {
    /// What is expected of the spend of a purchase.
    public enum Spend: Codable, Equatable, Sendable {
        /// By customer: the parameters of gamma-gamma.
        case gammaGamma(p: Double, q: Double, gamma: Double)
        /// The same for all, and why.
        case mean(Double, because: String)
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
    /// The models that were tried; empty if the plan names one.
    public var candidates: [Candidate]
    /// The model of spend.
    public var spend: Spend
    /// The log-likelihood of gamma-gamma; nil for a mean.
    public var spendLogLikelihood: Double?
    /// Customers the spend was learned from: with repeat purchases of positive spend.
    public var spendCustomerCount: Int
}

extension FittedLifetime {
    /// What is expected of a customer's spend on a purchase; see `GammaGamma.expectedAverageSpend`.
    func expectedAverageSpends(frequencies: [Int], meanSpends: [Double]) throws(LifetimeFitError) -> [Double] {
        switch spend {
        case .mean(let mean, _): return frequencies.map { _ in mean }
        case .gammaGamma(let p, let q, let gamma):
            let model = try GammaGamma(p: p, q: q, gamma: gamma)
            return zip(frequencies, meanSpends).map { model.expectedAverageSpend(frequency: $0, meanSpend: $1) }
        }
    }
}
