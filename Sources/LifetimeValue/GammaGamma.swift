import RealModule
public import VectorMath

/// The spend of a purchase over customers: gamma with shape p and a rate that varies as gamma(q, gamma).
///
/// Source: Fader and Hardie, "The gamma-gamma model of monetary value" (2013), after Colombo and Jiang (1999).
public struct GammaGamma: Codable, Equatable, Sendable {
    /// Shape of a customer's spends; over 0.
    public let p: Double
    /// Shape of the rates; over 1, since otherwise the mean spend is infinite.
    public let q: Double
    /// Rate of the rates, in the currency; over 0.
    public let gamma: Double

    /// - Throws: `invalidParameter` unless p and gamma are over 0, q over 1, and all finite.
    public init(p: Double, q: Double, gamma: Double) throws(LifetimeFitError) {
        for (name, value, least) in [("p", p, 0.0), ("q", q, 1.0), ("gamma", gamma, 0.0)]
        where !(value > least && value < .infinity) {
            throw LifetimeFitError(
                .invalidParameter(name: name), at: "gamma-gamma", "\(name) is \(value), not a number over \(least)",
                remedy: "fit the model, or use the mean spend")
        }
        (self.p, self.q, self.gamma) = (p, q, gamma)
    }

    /// The mean spend over the population: p gamma / (q - 1).
    public var populationMean: Double { p * gamma / (q - 1) }

    /// The mean spend to expect of a customer (eq. 5): between the customer's own mean and the population's, the nearer
    /// to the first the more purchases it is from.
    ///
    /// - Parameters:
    ///   - frequency: purchases that the mean is of; with 0 or less the population's mean is the answer.
    ///   - meanSpend: their mean; the population's mean is the answer if it is not over 0.
    public func expectedAverageSpend(frequency: Int, meanSpend: Double) -> Double {
        guard frequency > 0, meanSpend > 0 else { return populationMean }
        let x = Double(frequency)
        return (gamma + meanSpend * x) * p / (p * x + q - 1)
    }

    /// The log-likelihood of customers' mean spends (eq. 1).
    ///
    /// - Parameters:
    ///   - frequencies: purchases that each mean is of, 1 or more.
    ///   - meanSpends: over 0.
    public func logLikelihood(frequencies: [Int], meanSpends: [Double]) -> Double {
        zip(frequencies, meanSpends).reduce(0) {
            $0 + GammaGamma.terms(Double($1.0), $1.1, p, q, gamma).value
        }
    }

    static func terms(_ x: Double, _ z: Double, _ p: Double, _ q: Double, _ gamma: Double) -> LikelihoodSum {
        let logTotal = Double.log(gamma + x * z)
        let logs = Double.log(x) + Double.log(z)
        let value =
            logGammaIncrease(from: p * x, by: q) - logGamma(q) + q * Double.log(gamma) + p * x * logs - Double.log(z)
            - (p * x + q) * logTotal
        return LikelihoodSum(
            value: value,
            gradient: SIMD4(
                x * (digammaIncrease(from: p * x, by: q) + logs - logTotal),
                digammaIncrease(from: q, by: p * x) + Double.log(gamma) - logTotal,
                q / gamma - (p * x + q) / (gamma + x * z), 0))
    }
}

/// What is expected of the spend of a purchase: gamma-gamma, or one mean for all where that does not hold.
public struct SpendFit: Equatable, Sendable {
    /// The model.
    public enum Model: Equatable, Sendable {
        /// By customer.
        case gammaGamma(GammaGamma, standardErrors: [Double], logLikelihood: Double)
        /// The same for all: the mean over the customers who were used.
        case mean(Double, because: Reason)
    }

    /// Why one mean is used for all.
    public enum Reason: Equatable, Sendable, CustomStringConvertible {
        /// The likeliest q is not over 1: the mean spend of the model would be infinite.
        case infiniteMean(q: Double)
        /// There is no maximum of the likelihood.
        case noMaximum(LifetimeFitError)

        /// The reason in words.
        public var description: String {
            switch self {
            case .infiniteMean(let q): "the fitted q is \(q), so that the model's mean spend is infinite"
            case .noMaximum(let error): error.problem
            }
        }
    }

    /// The model.
    public let model: Model
    /// Customers it was fitted to: with a repeat purchase and positive spend.
    public let customerCount: Int
    /// Customers with repeat purchases whose mean spend is 0 or less, left out.
    public let withoutPositiveSpendCount: Int

    /// The mean spend to expect of a customer; see `GammaGamma.expectedAverageSpend`.
    public func expectedAverageSpend(frequency: Int, meanSpend: Double) -> Double {
        switch model {
        case .gammaGamma(let model, _, _): model.expectedAverageSpend(frequency: frequency, meanSpend: meanSpend)
        case .mean(let mean, _): mean
        }
    }

    /// Fits gamma-gamma to the customers with repeat purchases of positive spend.
    ///
    /// - Parameters:
    ///   - frequencies: repeat purchases of each customer; those with 0 are left out.
    ///   - meanSpends: the mean spend of these purchases, finite; any number where the frequency is 0.
    /// - Throws: `invalidHistory`; `noRepeatPurchases` if nobody is left.
    public static func fit(
        frequencies: [Int], meanSpends: [Double], workers: Workers
    ) throws(LifetimeFitError) -> SpendFit {
        precondition(frequencies.count == meanSpends.count, "\(frequencies.count) counts, \(meanSpends.count) spends")
        var counts: [Int] = []
        var spends: [Double] = []
        var withoutPositiveSpendCount = 0
        for (row, (count, spend)) in zip(frequencies, meanSpends).enumerated() where count > 0 {
            guard spend.isFinite, spend < 1e150 else {
                throw LifetimeFitError(
                    .invalidHistory(row: row), at: "row \(row)", "the mean spend is \(spend)",
                    remedy: "give amounts below 1e150 for customers with repeat purchases")
            }
            if spend >= 1e-150 {
                counts.append(count)
                spends.append(spend)
            } else {
                withoutPositiveSpendCount += 1
            }
        }
        guard !spends.isEmpty else {
            throw LifetimeFitError(
                .noRepeatPurchases, at: "gamma-gamma", "nobody has a repeat purchase of positive spend",
                remedy: "observe for longer, or give the mean spend yourself")
        }
        // Distinct pairs are found as distinct histories are, with the spend in the place of the times.
        let rows = HistoryRows(frequencies: counts, recencies: spends, ages: spends, counts: nil)
        let distinct = try rows.compressed(timeUnit: .days, logIntervalSum: nil, workers: workers)
        return SpendFit(
            model: model(distinct, workers: workers), customerCount: spends.count,
            withoutPositiveSpendCount: withoutPositiveSpendCount)
    }

    private static func model(_ population: PurchasePopulation, workers: Workers) -> Model {
        let customers = Double(population.customerCount)
        let mean = zip(population.ages, population.counts).reduce(0.0) { $0 + $1.0 * ($1.1 / customers) }
        let factor = Double(sign: .plus, exponent: -Int(Double.log2(mean).rounded()), significand: 1)
        let runs = population.runs(of: 8_192)
        let search = MaximumLikelihood(
            place: "gamma-gamma", parameterNames: ["p", "q", "gamma"],
            evaluate: { parameters in
                let sums = workers.map(chunkCount: runs.count) { run in
                    runs[run].histories.reduce(into: LikelihoodSum()) { sum, history in
                        let terms = GammaGamma.terms(
                            Double(runs[run].frequency), population.ages[history] * factor, parameters[0],
                            parameters[1], parameters[2])
                        sum.value += population.counts[history] * terms.value
                        sum.gradient += population.counts[history] * terms.gradient
                    }
                }
                let sum = sums.reduce(into: LikelihoodSum()) { $0.add($1) }
                return Evaluation(value: sum.value, gradient: (0..<3).map { sum.gradient[$0] })
            }, observationCount: customers, units: [1, 1, 1])
        do {
            let result = try search.maximum(from: [[6, 4, 0.5], [1, 2, 1], [0.5, 3, 4], [20, 3, 0.1]])
            guard result.parameters[1] > 1 else { return .mean(mean, because: .infiniteMean(q: result.parameters[1])) }
            let gammaGamma = try GammaGamma(
                p: result.parameters[0], q: result.parameters[1], gamma: result.parameters[2] / factor)
            let errors = result.standardErrors
            return .gammaGamma(
                gammaGamma, standardErrors: [errors[0], errors[1], errors[2] / factor],
                logLikelihood: result.logLikelihood + customers * Double.log(factor))
        } catch {
            return .mean(mean, because: .noMaximum(error))
        }
    }
}
