import RealModule

/// sBG: customers under contract who renew or not at the end of each period, with a chance to leave that varies as
/// beta(alpha, beta) over customers.
///
/// Source: Fader and Hardie, "How to project customer retention", Journal of Interactive Marketing 21 (2007).
public struct ShiftedBetaGeometric: Codable, Equatable, Sendable {
    /// Over 0.
    public let alpha: Double
    /// Over 0.
    public let beta: Double

    /// - Throws: `invalidParameter` unless both are over 0 and below 1e100.
    public init(alpha: Double, beta: Double) throws(LifetimeFitError) {
        for (name, value) in [("alpha", alpha), ("beta", beta)] where !(value > 1e-100 && value < 1e100) {
            throw LifetimeFitError(
                .invalidParameter(name: name), at: "sBG", "\(name) is \(value), not a number over 0",
                remedy: "fit the model, or give its parameters")
        }
        (self.alpha, self.beta) = (alpha, beta)
    }

    /// The share of a cohort that is left after `periodCount` renewals (eq. 6).
    public func survival(after periodCount: Int) -> Double {
        precondition(periodCount >= 0, "\(periodCount) periods")
        return Double.exp(logSurvival(Double(periodCount)))
    }

    /// Of those left after `period` - 1 renewals, the share that renews the next time (eq. 8); `period` is 1 or more.
    public func retentionRate(in period: Int) -> Double {
        precondition(period >= 1, "period \(period)")
        return (beta + Double(period - 1)) / (alpha + beta + Double(period - 1))
    }

    /// What a customer who has renewed `renewalCount` times is worth: the sum over the next periods t = 1...
    /// `horizonInPeriods` of margin x survival(renewals + t) / survival(renewals) / (1 + rate)^t, `rate` for a period.
    public func discountedLifetimeValue(
        renewalCount: Int, marginPerPeriod: Double, rate: Double, horizonInPeriods: Int
    ) -> Double {
        precondition(renewalCount >= 0 && rate >= 0, "\(renewalCount) renewals, rate \(rate)")
        var worth = marginPerPeriod
        var sum = 0.0
        for period in 0..<max(0, horizonInPeriods) {
            worth *= retentionRate(in: renewalCount + period + 1) / (1 + rate)
            sum += worth
        }
        return sum
    }

    /// Schwarz's criterion of a fit; see `LifetimeFit.bic`.
    public func bic(logLikelihood: Double, customerCount: Int) -> Double {
        2 * Double.log(Double(customerCount)) - 2 * logLikelihood
    }

    private func logSurvival(_ t: Double) -> Double {
        logGammaIncrease(from: beta, by: t) - logGammaIncrease(from: alpha + beta, by: t)
    }

    /// A fit to a cohort.
    public struct Fit: Equatable, Sendable {
        /// The model at the maximum of the likelihood.
        public let model: ShiftedBetaGeometric
        /// Of alpha and beta; they suppose that survivors are numbers of customers, not shares.
        public let standardErrors: [Double]
        /// The maximum of the log-likelihood.
        public let logLikelihood: Double
    }

    /// The parameters that make the survivors of a cohort likeliest.
    ///
    /// - Parameter survivors: customers at the start and after each period, falling; numbers or shares.
    /// - Throws: `invalidHistory` if they rise or are no numbers; `noCustomers`; `boundary`, such as where nobody left;
    ///   `notConverged`.
    public static func fit(survivors: [Double]) throws(LifetimeFitError) -> Fit {
        guard survivors.count >= 2, survivors[0] > 0 else {
            throw LifetimeFitError(
                .noCustomers, at: "sBG", "\(survivors.count) counts of survivors, or none at the start",
                remedy: "give the customers at the start and after one period or more")
        }
        for period in survivors.indices {
            let before = period == 0 ? Double.infinity : survivors[period - 1]
            guard survivors[period] >= 0, survivors[period] <= before, survivors[period] < 1e100 else {
                throw LifetimeFitError(
                    .invalidHistory(row: period), at: "period \(period)",
                    "\(survivors[period]) survivors after \(before)",
                    remedy: "follow one cohort; survivors never rise")
            }
        }
        let leaving = zip(survivors, survivors.dropFirst()).map { $0 - $1 }
        let staying = leaving.map { _ in 0.0 } + [survivors[survivors.count - 1]]
        return try fit(leaving: leaving + [0], staying: staying, customerCount: survivors[0])
    }

    /// The parameters that make customers likeliest who have been followed for different times.
    ///
    /// - Parameters:
    ///   - leaving: at t those who renewed t times and not once more.
    ///   - staying: at t those who renewed t times and have not been asked again; as many numbers.
    /// - Throws: `invalidHistory` for numbers below 0 or not finite; `noCustomers`; `boundary`; `notConverged`.
    public static func fit(leaving: [Double], staying: [Double]) throws(LifetimeFitError) -> Fit {
        precondition(leaving.count == staying.count, "\(leaving.count) numbers of leavers, \(staying.count) of others")
        for renewals in leaving.indices {
            for number in [leaving[renewals], staying[renewals]] where !(number >= 0 && number < 1e100) {
                throw LifetimeFitError(
                    .invalidHistory(row: renewals), at: "\(renewals) renewals", "\(number) customers",
                    remedy: "count customers: numbers of 0 or more")
            }
        }
        let customerCount = leaving.reduce(0, +) + staying.reduce(0, +)
        guard customerCount > 0 else {
            throw LifetimeFitError(
                .noCustomers, at: "sBG", "there are no customers", remedy: "check what selects customers")
        }
        return try fit(leaving: leaving, staying: staying, customerCount: customerCount)
    }

    private static func fit(
        leaving: [Double], staying: [Double], customerCount: Double
    ) throws(LifetimeFitError) -> Fit {
        let search = MaximumLikelihood(
            place: "sBG", parameterNames: ["alpha", "beta"],
            evaluate: { evaluate(leaving: leaving, staying: staying, $0[0], $0[1]) },
            observationCount: customerCount, units: [1, 1])
        let result = try search.maximum(from: [[1, 1], [0.5, 4], [3, 20]])
        return Fit(
            model: try ShiftedBetaGeometric(alpha: result.parameters[0], beta: result.parameters[1]),
            standardErrors: result.standardErrors, logLikelihood: result.logLikelihood)
    }

    /// Leaving in period t has the chance alpha B(alpha.., beta + t - 1): its logarithm is ln alpha and two increases.
    static func evaluate(leaving: [Double], staying: [Double], _ alpha: Double, _ beta: Double) -> Evaluation {
        var value = 0.0
        var gradient = [0.0, 0.0]
        func add(_ customers: Double, stays: Double, trials: Double, leaves: Double) {
            guard customers > 0 else { return }
            let all = digammaIncrease(from: alpha + beta, by: trials)
            value +=
                customers
                * (leaves * Double.log(alpha) + logGammaIncrease(from: beta, by: stays)
                    - logGammaIncrease(from: alpha + beta, by: trials))
            gradient[0] += customers * (leaves / alpha - all)
            gradient[1] += customers * (digammaIncrease(from: beta, by: stays) - all)
        }
        for (renewals, customers) in leaving.enumerated() {
            add(customers, stays: Double(renewals), trials: Double(renewals + 1), leaves: 1)
        }
        for (renewals, customers) in staying.enumerated() {
            add(customers, stays: Double(renewals), trials: Double(renewals), leaves: 0)
        }
        return Evaluation(value: value, gradient: gradient)
    }
}
