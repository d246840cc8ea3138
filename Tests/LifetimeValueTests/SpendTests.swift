import Foundation
import TestSupport
import Testing
import VectorMath

@testable import LifetimeValue

@Suite struct SpendTests {
    let workers = Workers(threadCount: 2)

    @Test(arguments: 0..<60)
    func anySpendGivesAModelWithAFiniteMeanOrOneMean(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let size = [1, 2, 30, 500][seed % 4]
        let frequencies = (0..<size).map { _ in random.integer(in: 0...5) }
        let spends = frequencies.map { _ -> Double in
            switch seed % 5 {
            case 0: 20
            case 1: 1 / (1e-4 + random.unit() * random.unit())
            case 2: random.integer(in: 0...2) == 0 ? -5 : 0
            case 3: 1e9 * random.unit() - 1e8
            default: 20 + 10 * random.unit()
            }
        }
        do {
            let fit = try SpendFit.fit(frequencies: frequencies, meanSpends: spends, workers: workers)
            let expected = zip(frequencies, spends).map { fit.expectedAverageSpend(frequency: $0, meanSpend: $1) }
            #expect(expected.allSatisfy { $0 > 0 && $0.isFinite })
            let used = zip(frequencies, spends).count { $0 > 0 && $1 > 0 }
            #expect(fit.customerCount == used)
            #expect(fit.customerCount + fit.withoutPositiveSpendCount == frequencies.count { $0 > 0 })
            if case .gammaGamma(let model, _, _) = fit.model { #expect(model.q > 1) }
        } catch {
            #expect(error.kind == .noRepeatPurchases)
        }
    }

    @Test func tailsWithoutAMeanAreSaidSo() throws {
        var random = RandomGenerator(seed: 4)
        let spends = (0..<4_000).map { _ in
            random.nextGamma(shape: 5) / random.nextGamma(shape: 0.7)
        }
        let fit = try SpendFit.fit(frequencies: spends.map { _ in 1 }, meanSpends: spends, workers: workers)
        guard case .mean(let mean, because: .infiniteMean(let q)) = fit.model else {
            Issue.record("\(fit.model)")
            return
        }
        #expect(abs(q - 0.7) < 0.15)
        #expect(abs(mean - spends.reduce(0, +) / 4_000) < 1e-9 * mean)
    }

    @Test func aSpendThatIsNoNumberIsNamed() {
        #expect {
            try SpendFit.fit(frequencies: [1, 0, 2], meanSpends: [3, .nan, .nan], workers: workers)
        } throws: {
            ($0 as? LifetimeFitError)?.kind == .invalidHistory(row: 2)
        }
    }
}

@Suite struct DiscreteTests {
    let workers = Workers(threadCount: 2)

    /// The 11,104 supporters of Fader, Hardie and Shang (2010): x, t_x, supporters; six opportunities.
    static let donations: [(Int, Double, Int)] = [
        (0, 0, 3464), (1, 1, 1091), (1, 2, 277), (1, 3, 129), (1, 4, 78), (1, 5, 119), (1, 6, 129), (2, 2, 613),
        (2, 3, 255), (2, 4, 155), (2, 5, 173), (2, 6, 234), (3, 3, 322), (3, 4, 181), (3, 5, 225), (3, 6, 357),
        (4, 4, 240), (4, 5, 284), (4, 6, 512), (5, 5, 335), (5, 6, 728), (6, 6, 1203),
    ]

    @Test func bgBBIsThatOfFaderHardieAndShang2010() throws {
        let rows = DiscreteTests.donations
        let population = try PurchasePopulation(
            frequencies: rows.map(\.0), recencies: rows.map(\.1), ages: rows.map { _ in 6 }, counts: rows.map(\.2),
            timeUnit: .years, workers: workers)
        let fit = try BetaGeometricBetaBernoulli.fit(to: population, workers: workers)
        for (value, published) in zip(fit.model.parameters, [1.204, 0.750, 0.657, 2.783]) {
            #expect(abs(value - published) <= 5e-4)
        }
        #expect(abs(fit.logLikelihood - -33_225.6) <= 0.05)
    }

    @Test func asOneOfTheFamiliesItSaysTheSame() throws {
        let rows = DiscreteTests.donations
        let population = try PurchasePopulation(
            frequencies: rows.map(\.0), recencies: rows.map(\.1), ages: rows.map { _ in 6 }, counts: rows.map(\.2),
            timeUnit: .years, workers: workers)
        let fit = try LifetimeModel.fit(.bgBB, to: population, workers: workers)
        let alone = try BetaGeometricBetaBernoulli(parameters: fit.model.parameters)
        #expect(abs(fit.model.logLikelihood(of: population, workers: workers) - fit.logLikelihood) < 1e-6)
        let horizon = TimeSpan(5, .years)
        let discounting = try Discounting(horizon: horizon, rate: 0.1, period: TimeSpan(1, .years))
        let told = fit.model.predict(.expectedPurchases(within: horizon), for: population, workers: workers)
        let worth = fit.model.predict(.discountedPurchases(discounting), for: population, workers: workers)
        for index in 0..<population.distinctCount {
            let history = population.history(index)
            #expect(told[index] == alone.expectedPurchases(history, within: 5))
            #expect(fit.model.probabilityAlive(history) == alone.probabilityAlive(history))
            #expect(
                fit.model.probabilityOfNoPurchase(history, within: horizon)
                    == alone.probabilityOfNoPurchase(history, within: 5))
            var sum = 0.0
            for year in 1...5 {
                let more =
                    alone.expectedPurchases(history, within: year) - alone.expectedPurchases(history, within: year - 1)
                sum += more / (1...year).reduce(1.0) { power, _ in power * 1.1 }
            }
            #expect(abs(worth[index] - sum) < 1e-12)
        }
    }

    @Test func probabilitiesOfAllHistoriesSumToOne() throws {
        let model = try BetaGeometricBetaBernoulli(parameters: [1.2, 0.75, 0.66, 2.8])
        var total = exp(model, 0, 0)
        for x in 1...6 {
            for last in x...6 {
                // Ways to place the other purchases before the last one.
                var ways = 1.0
                for i in 0..<(x - 1) { ways = ways * Double(last - 1 - i) / Double(i + 1) }
                total += ways * exp(model, x, last)
            }
        }
        #expect(abs(total - 1) < 1e-13)
    }

    private func exp(_ model: BetaGeometricBetaBernoulli, _ x: Int, _ last: Int) -> Double {
        Foundation.exp(model.logLikelihood(PurchaseHistory(unchecked: x, Double(last), 6)))
    }

    @Test func gradientIsTheDerivative() {
        let parameters = [1.2, 0.75, 0.66, 2.8]
        for (x, last, n) in [(0.0, 0.0, 6.0), (3, 5, 9), (4, 4, 4)] {
            let gradient = BetaGeometricBetaBernoulli.terms(x, last, n, parameters).gradient
            for index in 0..<4 {
                var (above, below) = (parameters, parameters)
                above[index] += 1e-5
                below[index] -= 1e-5
                let difference =
                    (BetaGeometricBetaBernoulli.terms(x, last, n, above).value
                        - BetaGeometricBetaBernoulli.terms(x, last, n, below).value) / 2e-5
                #expect(abs(difference - gradient[index]) < 1e-8)
            }
        }
    }

    @Test func predictionsAreWhatTheStoryTells() throws {
        let model = try BetaGeometricBetaBernoulli(parameters: [1.2, 0.75, 0.66, 2.8])
        var random = RandomGenerator(seed: 5)
        var sum = (count: 0.0, alive: 0.0, none: 0.0, later: 0.0)
        for _ in 0..<200_000 {
            let (buying, leaving) = (random.nextBeta(1.2, 0.75), random.nextBeta(0.66, 2.8))
            var (x, last, later, isAlive, aliveAtSix) = (0, 0, 0, true, true)
            for opportunity in 1...10 {
                isAlive = isAlive && random.nextUniform() >= leaving
                if opportunity == 6 { aliveAtSix = isAlive }
                guard isAlive, random.nextUniform() < buying else { continue }
                if opportunity <= 6 { (x, last) = (x + 1, opportunity) } else { later += 1 }
            }
            guard x == 2, last == 4 else { continue }
            sum.count += 1
            sum.alive += aliveAtSix ? 1 : 0
            sum.none += later == 0 ? 1 : 0
            sum.later += Double(later)
        }
        let history = try PurchaseHistory(frequency: 2, recency: 4, age: 6)
        let error = 5 * (0.25 / sum.count).squareRoot()
        #expect(abs(model.probabilityAlive(history) - sum.alive / sum.count) < error)
        #expect(abs(model.probabilityOfNoPurchase(history, within: 4) - sum.none / sum.count) < error)
        #expect(abs(model.expectedPurchases(history, within: 4) - sum.later / sum.count) < 3 * error)
    }

    @Test func timesThatAreNoOpportunitiesAreNamed() throws {
        let population = try PurchasePopulation(
            frequencies: [0, 1], recencies: [0, 1.5], ages: [6, 6], timeUnit: .years, workers: workers)
        #expect {
            try BetaGeometricBetaBernoulli.fit(to: population, workers: workers)
        } throws: {
            ($0 as? LifetimeFitError)?.kind == .invalidHistory(row: 1)
        }
    }
}

@Suite struct ContractTests {
    @Test func sBGIsThatOfFaderAndHardie2007HighEnd() throws {
        let survivors = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1]
        let model = try ShiftedBetaGeometric.fit(survivors: survivors).model
        #expect(abs(model.alpha - 0.668) <= 5e-4)
        #expect(abs(model.beta - 3.806) <= 5e-4)
        for (period, share) in survivors.enumerated() {
            #expect(abs(100 * model.survival(after: period) - share) < 2)
        }
    }

    @Test func survivalIsTheProductOfRetentionRates() throws {
        let model = try ShiftedBetaGeometric(alpha: 0.668, beta: 3.806)
        var product = 1.0
        var worth = 0.0
        for period in 1...30 {
            product *= model.retentionRate(in: period)
            worth += 12 * product / (1...period).reduce(1.0) { power, _ in power * 1.1 }
            #expect(abs(model.survival(after: period) - product) < 1e-13)
        }
        let value = model.discountedLifetimeValue(
            renewalCount: 0, marginPerPeriod: 12, rate: 0.1, horizonInPeriods: 30)
        #expect(abs(value - worth) < 1e-10)
    }

    @Test func cohortsWithoutALeaverOrWithRisingNumbersAreNamed() {
        #expect {
            try ShiftedBetaGeometric.fit(survivors: [100, 100, 100])
        } throws: {
            guard case .boundary = ($0 as? LifetimeFitError)?.kind else { return false }
            return true
        }
        #expect {
            try ShiftedBetaGeometric.fit(survivors: [100, 90, 95])
        } throws: {
            ($0 as? LifetimeFitError)?.kind == .invalidHistory(row: 2)
        }
        #expect(throws: LifetimeFitError.self) { try ShiftedBetaGeometric.fit(survivors: [0, 0]) }
    }

    /// Customers of several cohorts: the likelihood is the product over them of leaving's chance, or of staying's.
    @Test func customersFollowedForDifferentTimesCountForTheirTime() throws {
        let (leaving, staying) = ([30.0, 20, 11, 0, 4], [5.0, 40, 0, 60, 25])
        let fit = try ShiftedBetaGeometric.fit(leaving: leaving, staying: staying)
        func logLikelihood(_ model: ShiftedBetaGeometric) -> Double {
            leaving.indices.reduce(0) { sum, t in
                let left = model.survival(after: t) - model.survival(after: t + 1)
                return sum + leaving[t] * Foundation.log(left)
                    + staying[t] * Foundation.log(model.survival(after: t))
            }
        }
        #expect(abs(fit.logLikelihood - logLikelihood(fit.model)) < 1e-9)
        for (a, b) in [(1.01, 1.0), (0.99, 1), (1, 1.01), (1, 0.99)] {
            let near = try ShiftedBetaGeometric(alpha: fit.model.alpha * a, beta: fit.model.beta * b)
            #expect(logLikelihood(near) < fit.logLikelihood)
        }
        #expect(throws: LifetimeFitError.self) { try ShiftedBetaGeometric.fit(leaving: [1, -1], staying: [0, 3]) }
        #expect(throws: LifetimeFitError.self) { try ShiftedBetaGeometric.fit(leaving: [.nan], staying: [3]) }
        #expect(throws: LifetimeFitError.self) { try ShiftedBetaGeometric.fit(leaving: [], staying: []) }
    }
}
