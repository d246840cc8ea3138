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

    /// Among customers of the story with equal frequencies, predictions are right on average.
    @Test(arguments: everyFamily)
    func predictionsAreWhatTheStoryTells(family: LifetimeFamily) throws {
        let (age, horizon) = (8.0, 12.0)
        let model = try model(family)
        var random = RandomGenerator(seed: 21)
        let customers = (0..<40_000).map { _ in
            SimulatedCustomer(family, model.parameters, age: age, horizon: horizon, random: &random)
        }
        let population = try PurchasePopulation(
            frequencies: customers.map(\.frequency), recencies: customers.map(\.recency),
            ages: customers.map { _ in age }, timeUnit: .weeks, workers: workers)
        func predicted(_ quantity: LifetimeQuantity) -> [Double] {
            population.perCustomer(model.predict(quantity, for: population, workers: workers))
        }
        let time = TimeSpan(horizon, .weeks)
        let facts: [(name: String, predicted: [Double], actual: [Double])] = [
            ("alive", predicted(.probabilityAlive), customers.map { $0.isAlive ? 1 : 0 }),
            (
                "none", predicted(.probabilityOfNoPurchase(within: time)),
                customers.map { $0.laterPurchases == 0 ? 1 : 0 }
            ),
            ("purchases", predicted(.expectedPurchases(within: time)), customers.map { Double($0.laterPurchases) }),
        ]
        for frequency in 0...4 {
            let group = customers.indices.filter { customers[$0].frequency == frequency }
            guard group.count > 400 else { continue }
            for fact in facts {
                let errors = group.map { fact.actual[$0] - fact.predicted[$0] }
                let mean = errors.reduce(0, +) / Double(group.count)
                let variance = errors.reduce(0) { $0 + $1 * $1 } / Double(group.count)
                let margin = 4.5 * (variance / Double(group.count)).squareRoot() + 1e-9
                #expect(abs(mean) < margin, "\(fact.name) after \(frequency): \(mean)")
            }
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
