import RealModule
public import VectorMath

/// A model fitted to a population.
public struct LifetimeFit: Equatable, Sendable {
    /// The model at the maximum of the likelihood.
    public let model: LifetimeModel
    /// The standard errors of the parameters, from the second derivatives of the log-likelihood.
    public let standardErrors: [Double]
    /// The maximum of the log-likelihood, of the densities of the purchases' times in the population's unit.
    ///
    /// For k > 1 comparable with the other models; see `PurchasePopulation.logIntervalSum`.
    public let logLikelihood: Double
    /// Customers it was fitted to.
    public let customerCount: Int
    /// Distinct histories among them.
    public let distinctCount: Int

    /// Schwarz's criterion: the number of parameters times ln n, less twice the log-likelihood; the smallest is best.
    public var bic: Double { model.family.bic(logLikelihood: logLikelihood, customerCount: customerCount) }
}

extension LifetimeFamily {
    /// Schwarz's criterion of a fit; see `LifetimeFit.bic`.
    public func bic(logLikelihood: Double, customerCount: Int) -> Double {
        Double(freeParameterCount) * Double.log(Double(customerCount)) - 2 * logLikelihood
    }
}

extension LifetimeModel {
    /// The log-likelihood of a population under this model, times in the population's unit, which is the model's.
    ///
    /// - Complexity: O(distinct histories), spread over the workers.
    public func logLikelihood(of population: PurchasePopulation, workers: Workers) -> Double {
        precondition(population.timeUnit == timeUnit, "histories in \(population.timeUnit), model in \(timeUnit)")
        if let opportunities { return opportunities.logLikelihood(of: population, workers: workers).value }
        let sum = LikelihoodTasks(population).evaluate(family, parameters, workers: workers)
        return sum.value + family.regularityTerm(population)
    }

    /// The parameters that make a population likeliest.
    ///
    /// Times are brought to a mean of about 1 inside. A large population is searched from several starts on a sample of
    /// its distinct histories, and the end of that search is the start of the search on all. The same bits for any
    /// number of threads and any order of customers.
    ///
    /// - Throws: `noCustomers`, `noRepeatPurchases`, `boundary`, `notDetermined` or `notConverged`; never
    ///   parameters that are no maximum. For BG/BB `invalidHistory` as `LifetimeFamily.check`.
    /// - Complexity: some 15 passes over the distinct histories.
    public static func fit(
        _ family: LifetimeFamily, to population: PurchasePopulation, workers: Workers
    ) throws(LifetimeFitError) -> LifetimeFit {
        if family == .bgBB {
            let fit = try BetaGeometricBetaBernoulli.fit(to: population, workers: workers)
            return LifetimeFit(
                model: LifetimeModel(unchecked: .bgBB, fit.model.parameters, population.timeUnit),
                standardErrors: fit.standardErrors, logLikelihood: fit.logLikelihood,
                customerCount: population.customerCount, distinctCount: population.distinctCount)
        }
        let search = try LifetimeSearch(family, population, workers: workers)
        let result = try search.maximum()
        func inUnit(_ values: [Double]) -> [Double] {
            values.indices.map { family.timeParameters.contains($0) ? values[$0] / search.timeFactor : values[$0] }
        }
        let model = try LifetimeModel(
            family, parameters: inUnit(result.parameters), timeUnit: population.timeUnit)
        let logLikelihood =
            result.logLikelihood + population.repeatPurchaseCount * Double.log(search.timeFactor)
            + Double(family.regularity - 1) * population.repeatPurchaseCount * Double.log(search.timeFactor)
            + family.regularityTerm(population)
        return LifetimeFit(
            model: model, standardErrors: inUnit(result.standardErrors), logLikelihood: logLikelihood,
            customerCount: population.customerCount, distinctCount: population.distinctCount)
    }
}

/// One fit: the population in its own unit of time, and where to look.
private struct LifetimeSearch {
    let family: LifetimeFamily
    let population: PurchasePopulation
    let workers: Workers
    /// A power of two, so that scaled times are exact; the mean age times it is in 0.7...1.42.
    let timeFactor: Double
    /// Repeat purchases of a customer on average.
    let meanFrequency: Double

    /// A search on so many histories costs less than one pass over a million.
    private static let sampleSize = 4_096

    init(
        _ family: LifetimeFamily, _ population: PurchasePopulation, workers: Workers
    ) throws(LifetimeFitError) {
        guard population.customerCount > 0 else {
            throw LifetimeFitError(
                .noCustomers, at: "\(family)", "there are no customers to fit a model to",
                remedy: "check the columns and the dates that select customers")
        }
        guard population.repeatPurchaseCount > 0 else {
            throw LifetimeFitError(
                .noRepeatPurchases, at: "\(family)", "nobody bought a second time",
                remedy: "observe for longer; with one purchase each, rates and lifetimes cannot be told apart")
        }
        self.family = family
        self.population = population
        self.workers = workers
        let customers = Double(population.customerCount)
        let meanAge = zip(population.ages, population.counts).reduce(0.0) { $0 + $1.0 * ($1.1 / customers) }
        timeFactor = Double(sign: .plus, exponent: -Int(Double.log2(meanAge).rounded()), significand: 1)
        meanFrequency = population.repeatPurchaseCount / customers
    }

    func maximum() throws(LifetimeFitError) -> MaximumLikelihood.Result {
        let all = likelihood(stride: 1)
        let step = population.distinctCount / LifetimeSearch.sampleSize
        if step > 1 {
            let sample = likelihood(stride: step)
            if let near = try? sample.maximum(from: starts) {
                if let end = try? all.maximum(from: [near.parameters], hessian: near.hessian) { return end }
            }
        }
        return try all.maximum(from: starts)
    }

    private func likelihood(stride: Int) -> MaximumLikelihood {
        let tasks = LikelihoodTasks(population, timeFactor: timeFactor, stride: stride)
        return MaximumLikelihood(
            place: "\(family)", parameterNames: family.parameterNames,
            evaluate: { tasks.evaluate(family, $0, workers: workers) },
            observationCount: tasks.counts.reduce(0, +), units: starts[0].indices.map { $0 == 1 ? rateUnit : 1 })
    }

    /// alpha is of the size of r over the mean rate: with a million purchases a customer it is out of any fixed range.
    private var rateUnit: Double { Double(family.regularity) / max(meanFrequency, 1) }

    /// Uneven and even buyers, quick and slow leavers.
    private var starts: [[Double]] {
        let rate = Double(family.regularity) * max(meanFrequency, 1e-3)
        let buying = [(0.5, 1.0), (1.0, 2.0), (0.25, 2.0), (5.0, 1.2)].map { [$0.0, $0.0 / ($0.1 * rate)] }
        let leaving: [[Double]] =
            switch family {
            case .nbd: [[], [], [], []]
            case .paretoNBD: [[0.5, 0.5], [1.0, 1.0], [0.6, 0.3], [2.0, 6.0]]
            default: [[0.5, 2.0], [1.0, 4.0], [0.8, 2.5], [0.2, 4.0]]
            }
        return zip(buying, leaving).map { (buying: [Double], leaving: [Double]) in buying + leaving }
    }
}
