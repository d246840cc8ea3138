import Foundation
import TestSupport
import Testing
import VectorMath

@testable import LifetimeValue

@Suite struct PredictionTests {
    let workers = Workers(threadCount: 2)

    func model(_ family: LifetimeFamily) throws -> LifetimeModel {
        try LifetimeModel(family, parameters: typicalParameters(family), timeUnit: .weeks)
    }

    /// Customers of the story with the same frequency and about the same recency stand for the history.
    @Test(arguments: everyFamily)
    func predictionsAreWhatTheStoryTells(family: LifetimeFamily) throws {
        let (age, horizon) = (8.0, 12.0)
        let model = try model(family)
        var random = RandomGenerator(seed: 21)
        var sums: [Int: (count: Double, alive: Double, none: Double, later: Double, squares: Double)] = [:]
        var expected: [Int: SIMD3<Double>] = [:]
        for _ in 0..<40_000 {
            let customer = SimulatedCustomer(family, model.parameters, age: age, horizon: horizon, random: &random)
            let later = Double(customer.laterPurchases)
            let group = min(customer.frequency, 3)
            var sum = sums[group] ?? (0, 0, 0, 0, 0)
            sum.count += 1
            sum.alive += customer.isAlive ? 1 : 0
            sum.none += later == 0 ? 1 : 0
            sum.later += later
            sum.squares += later * later
            sums[group] = sum
            guard Int(sum.count) % 8 == 1 else { continue }
            let history = try PurchaseHistory(frequency: customer.frequency, recency: customer.recency, age: age)
            let time = TimeSpan(horizon, .weeks)
            expected[group, default: .zero] += SIMD3(
                model.probabilityAlive(history), model.probabilityOfNoPurchase(history, within: time),
                model.expectedPurchases(history, within: time))
        }
        for (group, sum) in sums where sum.count > 400 {
            let sampled = (sum.count / 8).rounded(.up)
            let means = expected[group]! / sampled
            let error = 5 * (0.25 / sum.count + 0.25 / sampled).squareRoot()
            #expect(abs(means[0] - sum.alive / sum.count) < error, "alive \(group)")
            #expect(abs(means[1] - sum.none / sum.count) < error, "none \(group)")
            let deviation = (sum.squares / sum.count / sampled).squareRoot()
            #expect(abs(means[2] - sum.later / sum.count) < 5 * deviation, "purchases \(group)")
        }
    }

    @Test(arguments: everyFamily)
    func curvesAreTheFunctionTheyInterpolate(family: LifetimeFamily) throws {
        let model = try model(family)
        let contents: [Outlook.Content] =
            [.purchases([(4, 0.9), (12, 0.5)])] + (family == .paretoNBD ? [.noPurchase(within: 12)] : [])
        for outlook in contents.map({ Outlook(model, $0) }) {
            for frequency in [0.0, 2, 60] {
                for age in [0.0, 1e-3, 0.7, 5, 38.86, 2_000] {
                    for stage in 0..<family.regularity {
                        let place = outlook.place(age)
                        let curve = outlook.curve(frequency: frequency, stage: stage, panel: place.panel)
                        let direct = outlook.value(frequency: frequency, stage: stage, age: age)
                        #expect(
                            abs(curve.value(place.position) - direct) <= 1e-12 * direct, "\(frequency) \(age) \(stage)")
                    }
                }
            }
        }
    }

    /// Any parameters that a fit can end with, any history: probabilities are ones, expectations finite and rising.
    @Test(arguments: 0..<40)
    func predictionsStayInTheirRanges(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let family = everyFamily[seed % everyFamily.count]
        func anySize() -> Double { Foundation.pow(10, 8 * random.unit() - 4) }
        let model = try LifetimeModel(
            family, parameters: family.parameterNames.map { _ in anySize() }, timeUnit: .weeks)
        for _ in 0..<8 {
            let age = random.integer(in: 0...5) == 0 ? 0 : anySize()
            let frequency = age == 0 ? 0 : random.integer(in: 0...40)
            let recency = frequency == 0 ? 0 : age * (1 - 0.9 * random.unit())
            let history = try PurchaseHistory(frequency: frequency, recency: recency, age: age)
            let times = [0, 0.01, 1, 30, 1_000].map { TimeSpan($0, .weeks) }
            let alive = model.probabilityAlive(history)
            #expect(alive >= 0 && alive <= 1)
            let none = times.map { model.probabilityOfNoPurchase(history, within: $0) }
            #expect(none.allSatisfy { $0 >= 0 && $0 <= 1 } && abs(none[0] - 1) < 1e-12)
            let purchases = times.map { model.expectedPurchases(history, within: $0) }
            #expect(purchases[0] == 0 && purchases.allSatisfy { $0 >= 0 && $0.isFinite }, "\(model) \(history)")
            for index in 1..<times.count {
                let isRising = purchases[index] >= purchases[index - 1] * (1 - 1e-9)
                #expect(isRising && none[index] <= none[index - 1] + 1e-12, "\(model) \(history)")
            }
            #expect(1 - none[2] <= purchases[2] * (1 + 1e-9) + 1e-12, "\(model) \(history)")
        }
    }

    @Test(arguments: everyFamily)
    func aPopulationGetsTheBitsOfItsCustomersForAnyThreads(family: LifetimeFamily) throws {
        let model = try model(family)
        let population = try simulatedPopulation(family, customers: 200, seed: 2)
        let time = TimeSpan(12, .weeks)
        let discounting = try Discounting(
            horizon: TimeSpan(26, .weeks), rate: 0.1, period: TimeSpan(52, .weeks), step: TimeSpan(4, .weeks))
        func single(_ quantity: LifetimeQuantity, _ history: PurchaseHistory) -> Double {
            switch quantity {
            case .probabilityAlive: model.probabilityAlive(history)
            case .expectedPurchases(let time): model.expectedPurchases(history, within: time)
            case .probabilityOfNoPurchase(let time): model.probabilityOfNoPurchase(history, within: time)
            case .discountedPurchases(let discounting): model.discountedPurchases(history, discounting)
            }
        }
        let quantities: [LifetimeQuantity] = [
            .probabilityAlive, .expectedPurchases(within: time), .probabilityOfNoPurchase(within: time),
            .discountedPurchases(discounting),
        ]
        for quantity in quantities {
            let singles = (0..<population.distinctCount).map { single(quantity, population.history($0)) }
            for threadCount in everyThreadCount {
                let values = model.predict(quantity, for: population, workers: Workers(threadCount: threadCount))
                #expect(bits(values) == bits(singles), "\(quantity) \(threadCount)")
            }
        }
    }

    @Test func underBGNBDOneTimeBuyersLiveAndUnderMBGNBDTheyFade() throws {
        let history = try PurchaseHistory(frequency: 0, recency: 0, age: 500)
        #expect(try model(.bgNBD).probabilityAlive(history) == 1)
        #expect(try model(.mbgNBD).probabilityAlive(history) < 0.1)
    }

    /// The sum that the documentation states, written out.
    @Test func discountedValueIsTheStatedSum() throws {
        let model = try model(.mbgNBD)
        let history = try PurchaseHistory(frequency: 3, recency: 20, age: 30)
        let discounting = try Discounting(horizon: TimeSpan(10, .weeks), rate: 0.02, period: TimeSpan(4, .weeks))
        var sum = 0.0
        var before = 0.0
        for (end, exponent) in [(4.0, 1.0), (8, 2), (10, 2.5)] {
            let expected = model.expectedPurchases(history, within: TimeSpan(end, .weeks))
            sum += (expected - before) / Foundation.pow(1.02, exponent)
            before = expected
        }
        let value = model.discountedLifetimeValue(history, spend: 35, margin: 0.3, discounting)
        #expect(abs(value - sum * 35 * 0.3) < 1e-11)
        let population = try PurchasePopulation([history, history], timeUnit: .weeks, workers: workers)
        let values = model.discountedLifetimeValues(
            for: population, spends: [35, 70], margin: 0.3, discounting, workers: workers)
        #expect(values == [value, 2 * value])
        let free = try Discounting(horizon: TimeSpan(10, .weeks), rate: 0, period: TimeSpan(4, .weeks))
        #expect(abs(model.discountedPurchases(history, free) - before) < 1e-12)
    }

    @Test func aModelReadsBackAsItWasWritten() throws {
        for family in everyFamily {
            let model = try model(family)
            let again = try JSONDecoder().decode(LifetimeModel.self, from: JSONEncoder().encode(model))
            #expect(again == model)
        }
        let wrong = Data(#"{"family":"mbgNBD","parameters":[1,2,3],"timeUnit":"days"}"#.utf8)
        #expect(throws: LifetimeFitError.self) { try JSONDecoder().decode(LifetimeModel.self, from: wrong) }
    }
}
