import CKernels
import Foundation
import TestSupport
import Testing
import VectorMath

@testable import LifetimeValue

func logOf(_ x: Double) -> Double { Foundation.log(x) }
func logGap(_ x: Double, _ y: Double) -> Double { Foundation.log(x) - Foundation.log(y) }

let everyFamily: [LifetimeFamily] = [
    .nbd, .paretoNBD, .bgNBD, .mbgNBD, .bgCNBD(k: 2), .bgCNBD(k: 3), .mbgCNBD(k: 2), .mbgCNBD(k: 5),
]

/// Plausible parameters with alpha in weeks.
func typicalParameters(_ family: LifetimeFamily) -> [Double] {
    switch family {
    case .nbd: [0.6, 6.0]
    case .paretoNBD: [0.55, 10.6, 0.61, 11.7]
    default: [0.8, 4.4 / Double(family.regularity), 0.9, 2.4]
    }
}

@Suite struct LikelihoodTests {
    let workers = Workers(threadCount: 2)

    @Test(arguments: 0..<20)
    func kernelAgreesWithItsTwin(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        let count = random.integer(in: 1...200)
        let age = (0..<count).map { _ in random.unit() * 5 }
        let recency = age.map { random.integer(in: 0...3) == 0 ? 0 : $0 * random.unit() }
        let weight = age.map { _ in Double(random.integer(in: 1...9)) }
        let family = [LifetimeFamily.bgNBD, .mbgCNBD(k: 4), .bgCNBD(k: 12)][seed % 3]
        let parameters = BetaGeometricParameters(family, [random.unit() * 3 + 0.01, random.unit() + 0.001, 0.7, 2])
        let shape = parameters.shape(Double(random.integer(in: 0...60)))
        let stages = parameters.stages(shape)
        let logOdds = parameters.logOdds(Double(seed % 5))
        var sums = [Double](repeating: 0, count: 4)
        stratum_lifetime_terms(
            recency, age, weight, count, parameters.alpha, shape, logOdds, stages.values, stages.slopes,
            stages.values.count, &sums)
        let twin = lifetimeTermsTwin(
            recency: recency, age: age, weight: weight, alpha: parameters.alpha, shape: shape, logOdds: logOdds,
            stage: stages.values, stageSlope: stages.slopes)
        for term in 0..<4 {
            #expect(abs(sums[term] - twin.values[term]) <= 1e-12 * (twin.sizes[term] + shape), "term \(term)")
        }
    }

    @Test(arguments: everyFamily)
    func gradientIsTheDerivativeOfTheLikelihood(family: LifetimeFamily) throws {
        let tasks = LikelihoodTasks(try simulatedPopulation(family, customers: 300, seed: 5))
        let parameters = typicalParameters(family)
        let gradient = tasks.evaluate(family, parameters, workers: workers).gradient
        for index in parameters.indices {
            var (above, below) = (parameters, parameters)
            let h = 1e-5 * parameters[index]
            above[index] += h
            below[index] -= h
            let difference =
                (tasks.evaluate(family, above, workers: workers).value
                    - tasks.evaluate(family, below, workers: workers).value) / (2 * h)
            #expect(abs(difference - gradient[index]) < 1e-4 * (1 + abs(gradient[index])), "\(index)")
        }
    }

    /// Over all x and t_x: for x purchases the times between them are integrated out, which leaves the density of t_x
    /// as the sum of x Erlang-k times.
    @Test(arguments: everyFamily)
    func probabilitiesSumToOne(family: LifetimeFamily) throws {
        let age = 6.0
        let model = try LifetimeModel(family, parameters: typicalParameters(family), timeUnit: .weeks)
        let rule = GaussLegendre(count: 24)
        let k = Double(family.regularity)
        func likelihood(_ x: Double, _ recency: Double) -> Double {
            let shared =
                family == .paretoNBD
                ? ParetoParameters(model.parameters).sharedTerms(x)
                : BetaGeometricParameters(family, model.parameters).sharedTerms(x)
            return shared.value + model.frequencyTerms(x).logLikelihood(recency, age)
        }
        var total = Foundation.exp(likelihood(0, 0))
        for x in 1..<200 {
            let x = Double(x)
            for panel in 0..<4 {
                for (node, weight) in zip(rule.nodes, rule.weights) {
                    let recency = age * (Double(panel) + node) / 4
                    let paths = (k * x - 1) * logOf(recency) - logGamma(k * x)
                    total += weight * age / 4 * Foundation.exp(likelihood(x, recency) + paths)
                }
            }
        }
        #expect(abs(total - 1) < 1e-6, "\(total)")
    }

    @Test(arguments: everyFamily)
    func aCountIsThatManyCustomers(family: LifetimeFamily) throws {
        let model = try LifetimeModel(family, parameters: typicalParameters(family), timeUnit: .weeks)
        let once = try PurchasePopulation(
            frequencies: [2, 0, 7], recencies: [3, 0, 9], ages: [5, 4, 9], counts: [3, 2, 1], timeUnit: .weeks,
            workers: workers)
        let many = try PurchasePopulation(
            frequencies: [2, 0, 2, 7, 0, 2], recencies: [3, 0, 3, 9, 0, 3], ages: [5, 4, 5, 9, 4, 5], timeUnit: .weeks,
            workers: workers)
        #expect(model.logLikelihood(of: once, workers: workers) == model.logLikelihood(of: many, workers: workers))
    }

    /// With one repeat purchase each, the time between purchases is t_x: nothing is known beyond the summary.
    @Test func knownIntervalsAgreeWithTheSummaryWhereTheySayTheSame() throws {
        func population(_ logIntervalSum: Double?) throws -> PurchasePopulation {
            try PurchasePopulation(
                frequencies: [1, 1, 0], recencies: [3, 5, 0], ages: [8, 7, 9], timeUnit: .weeks,
                logIntervalSum: logIntervalSum, workers: workers)
        }
        let family = LifetimeFamily.mbgCNBD(k: 3)
        let known = family.regularityTerm(try population(logOf(3) + logOf(5)))
        #expect(abs(known - family.regularityTerm(try population(nil))) < 1e-12)
    }
}
