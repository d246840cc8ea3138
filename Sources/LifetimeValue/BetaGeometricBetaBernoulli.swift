import RealModule
public import VectorMath

/// BG/BB: customers who buy or not at each of n opportunities, such as donations once a year.
///
/// Alive at an opportunity a customer buys with a chance from beta(alpha, beta); before each one, the first included,
/// the customer leaves with a chance from beta(gamma, delta). Histories are (x, t_x, n), all counted in opportunities.
///
/// Source: Fader, Hardie and Shang, "Customer-base analysis in a discrete-time noncontractual setting", Marketing
/// Science 29 (2010).
public struct BetaGeometricBetaBernoulli: Codable, Equatable, Sendable {
    /// alpha, beta, gamma, delta; over 0.
    public let parameters: [Double]

    /// The names of `parameters`.
    public static let parameterNames = ["alpha", "beta", "gamma", "delta"]

    /// - Throws: `invalidParameter` unless there are four numbers over 0 and below 1e100.
    public init(parameters: [Double]) throws(LifetimeFitError) {
        guard parameters.count == 4, parameters.allSatisfy({ $0 > 1e-100 && $0 < 1e100 }) else {
            throw LifetimeFitError(
                .invalidParameter(name: BetaGeometricBetaBernoulli.parameterNames.joined(separator: ", ")), at: "BG/BB",
                "\(parameters) are not four numbers over 0", remedy: "fit the model, or give its parameters")
        }
        self.parameters = parameters
    }

    init(unchecked parameters: [Double]) { self.parameters = parameters }

    /// A fit to a population.
    public struct Fit: Equatable, Sendable {
        /// The model at the maximum of the likelihood.
        public let model: BetaGeometricBetaBernoulli
        /// From the second derivatives of the log-likelihood.
        public let standardErrors: [Double]
        /// Its maximum.
        public let logLikelihood: Double
    }

    /// The parameters that make a population likeliest; its times are numbers of opportunities.
    ///
    /// - Throws: `invalidHistory` if a time is no whole number below 1e6 or x is over t_x; `noCustomers`,
    ///   `noRepeatPurchases`, `boundary`, `notConverged`.
    /// - Complexity: O(distinct histories x opportunities) for each of some 50 passes.
    public static func fit(to population: PurchasePopulation, workers: Workers) throws(LifetimeFitError) -> Fit {
        guard population.customerCount > 0 else {
            throw LifetimeFitError(
                .noCustomers, at: "BG/BB", "there are no customers", remedy: "check what selects customers")
        }
        try check(population)
        guard population.repeatPurchaseCount > 0 else {
            throw LifetimeFitError(
                .noRepeatPurchases, at: "BG/BB", "nobody bought", remedy: "observe more opportunities")
        }
        let search = MaximumLikelihood(
            place: "BG/BB", parameterNames: parameterNames,
            evaluate: { parameters in
                let model = BetaGeometricBetaBernoulli(unchecked: parameters)
                let sum = model.logLikelihood(of: population, workers: workers)
                return Evaluation(value: sum.value, gradient: (0..<4).map { sum.gradient[$0] })
            }, observationCount: Double(population.customerCount), units: [1, 1, 1, 1])
        let result = try search.maximum(from: [[1, 1, 0.5, 3], [0.5, 2, 1, 10], [2, 1, 1, 1], [0.3, 0.3, 0.2, 0.6]])
        return Fit(
            model: try BetaGeometricBetaBernoulli(parameters: result.parameters),
            standardErrors: result.standardErrors, logLikelihood: result.logLikelihood)
    }

    /// The log-likelihood of a population with its derivatives.
    func logLikelihood(of population: PurchasePopulation, workers: Workers) -> LikelihoodSum {
        let runs = population.runs(of: 256)
        let sums = workers.map(chunkCount: runs.count) { run in
            runs[run].histories.reduce(into: LikelihoodSum()) { sum, history in
                let terms = Self.terms(
                    Double(runs[run].frequency), population.recencies[history], population.ages[history], parameters)
                sum.value += population.counts[history] * terms.value
                sum.gradient += population.counts[history] * terms.gradient
            }
        }
        return sums.reduce(into: LikelihoodSum()) { $0.add($1) }
    }

    /// Refuses times that are no numbers of opportunities.
    static func check(_ population: PurchasePopulation) throws(LifetimeFitError) {
        for group in population.groups {
            for history in group.histories {
                let (recency, age) = (population.recencies[history], population.ages[history])
                guard recency.rounded() == recency, age.rounded() == age, age < 1e6,
                    Double(group.frequency) <= recency
                else {
                    let row = population.historyOfCustomer.firstIndex(of: UInt32(history)) ?? 0
                    throw LifetimeFitError(
                        .invalidHistory(row: row), at: "row \(row)",
                        "\(group.frequency) purchases, the last at opportunity \(recency) of \(age)",
                        remedy: "count opportunities: whole numbers, and at most one purchase at each")
                }
            }
        }
    }

    /// The log-likelihood of one history (eq. 4) with its derivatives; all terms of its sum are positive and follow
    /// from the one before: a_m, alive after m opportunities without a purchase since t_x, and those who left by then.
    static func terms(_ x: Double, _ recency: Double, _ age: Double, _ parameters: [Double]) -> LikelihoodSum {
        let (alpha, beta, gamma, delta) = (parameters[0], parameters[1], parameters[2], parameters[3])
        let missed = recency - x
        var shared = LikelihoodSum(
            value: logGammaIncrease(from: alpha, by: x) + logGammaIncrease(from: beta, by: missed)
                - logGammaIncrease(from: alpha + beta, by: recency) + logGammaIncrease(from: delta, by: recency)
                - logGammaIncrease(from: gamma + delta, by: recency))
        let buys = digammaIncrease(from: alpha + beta, by: recency)
        let stays = digammaIncrease(from: gamma + delta, by: recency)
        shared.gradient = SIMD4(
            digammaIncrease(from: alpha, by: x) - buys, digammaIncrease(from: beta, by: missed) - buys, -stays,
            digammaIncrease(from: delta, by: recency) - stays)
        var alive = 1.0
        var slope = SIMD4<Double>()
        var sum = 0.0
        var gradient = SIMD4<Double>()
        for step in 0..<Int(age - recency) {
            let m = recency + Double(step)
            let whole = gamma + delta + m
            let gone = alive * gamma / whole
            sum += gone
            gradient += gone * (slope + SIMD4(0, 0, 1 / gamma - 1 / whole, -1 / whole))
            let all = alpha + beta + m
            alive *= (beta + missed + Double(step)) / all * ((delta + m) / whole)
            slope += SIMD4(
                -1 / all, 1 / (beta + missed + Double(step)) - 1 / all, -1 / whole, 1 / (delta + m) - 1 / whole)
        }
        sum += alive
        gradient += alive * slope
        return LikelihoodSum(value: shared.value + Double.log(sum), gradient: shared.gradient + gradient / sum)
    }

    /// The log-likelihood of one history.
    public func logLikelihood(_ history: PurchaseHistory) -> Double {
        BetaGeometricBetaBernoulli.terms(Double(history.frequency), history.recency, history.age, parameters).value
    }

    /// The probability that the customer is alive at the opportunity `later` after the last one observed (eq. 7 has
    /// `later` = 1).
    public func probabilityAlive(_ history: PurchaseHistory, later: Int = 0) -> Double {
        precondition(later >= 0, "opportunity \(later) is before the end of the observation")
        let (alpha, beta, gamma, delta) = (parameters[0], parameters[1], parameters[2], parameters[3])
        let (x, n) = (Double(history.frequency), history.age)
        let end = n + Double(later)
        let alive =
            logGammaIncrease(from: alpha, by: x) + logGammaIncrease(from: beta, by: n - x)
            - logGammaIncrease(from: alpha + beta, by: n) + logGammaIncrease(from: delta, by: end)
            - logGammaIncrease(from: gamma + delta, by: end)
        return min(1, Double.exp(alive - logLikelihood(history)))
    }

    /// The expected number of purchases at the next `opportunityCount` opportunities (eq. 9, summed).
    public func expectedPurchases(_ history: PurchaseHistory, within opportunityCount: Int) -> Double {
        expectedPurchases(history, within: opportunityCount) { _ in 1 }
    }

    /// The same, each purchase counted with the worth of its opportunity; the next one is number 1.
    private func expectedPurchases(
        _ history: PurchaseHistory, within opportunityCount: Int, worth: (Int) -> Double
    ) -> Double {
        let (x, n) = (Double(history.frequency), history.age)
        let (gamma, delta) = (parameters[2], parameters[3])
        var alive = probabilityAlive(history)
        var sum = 0.0
        for step in 0..<max(0, opportunityCount) {
            alive *= (delta + n + Double(step)) / (gamma + delta + n + Double(step))
            sum += alive * worth(step + 1)
        }
        return sum * (parameters[0] + x) / (parameters[0] + parameters[1] + n)
    }

    /// The probability of no purchase at the next `opportunityCount` opportunities.
    public func probabilityOfNoPurchase(_ history: PurchaseHistory, within opportunityCount: Int) -> Double {
        precondition(opportunityCount >= 0, "\(opportunityCount) opportunities")
        let longer = PurchaseHistory(
            unchecked: history.frequency, history.recency, history.age + Double(opportunityCount))
        return min(1, Double.exp(logLikelihood(longer) - logLikelihood(history)))
    }
}

extension BetaGeometricBetaBernoulli {
    /// A quantity for a history, one opportunity to each unit of time: the horizon is rounded down to whole ones.
    func value(of quantity: LifetimeQuantity, _ history: PurchaseHistory, _ unit: TimeUnit) -> Double {
        /// Opportunities within a time, with room for the rounding of units.
        func count(_ time: TimeSpan) -> Int { Int(min(time.value(in: unit) + 1e-9, 1e6)) }
        switch quantity {
        case .probabilityAlive: return probabilityAlive(history)
        case .expectedPurchases(let time): return expectedPurchases(history, within: count(time))
        case .probabilityOfNoPurchase(let time): return probabilityOfNoPurchase(history, within: count(time))
        case .discountedPurchases(let discounting):
            let decay = Double.log(onePlus: discounting.rate) / discounting.period.value(in: unit)
            return expectedPurchases(history, within: count(discounting.horizon)) { Double.exp(-decay * Double($0)) }
        }
    }
}
