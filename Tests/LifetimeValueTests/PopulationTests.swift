import TestSupport
import Testing
import VectorMath

@testable import LifetimeValue

@Suite struct PopulationTests {
    let workers = Workers(threadCount: 2)

    /// The form a summary of a daily log takes (observation end 2015-02-07), after the small log of the lifetimes
    /// documentation.
    @Test func smallLogOfLifetimes() throws {
        let population = try PurchasePopulation(
            frequencies: [1, 0, 2, 0], recencies: [5, 0, 4, 0], ages: [6, 37, 37, 37], timeUnit: .days,
            workers: workers)
        #expect(population.customerCount == 4)
        #expect(population.distinctCount == 3)
        let histories = population.historyOfCustomer.map { population.history(Int($0)) }
        #expect(histories[0] == (try PurchaseHistory(frequency: 1, recency: 5, age: 6)))
        #expect(histories[2] == (try PurchaseHistory(frequency: 2, recency: 4, age: 37)))
        #expect(histories[1] == histories[3])
    }

    @Test(arguments: 0..<30)
    func everyCustomerFindsTheirHistoryAndCountsAddUp(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let size = [0, 1, 33, 1_000, 70_000][seed % 5]
        let frequencies = (0..<size).map { _ in random.integer(in: 0...3) == 0 ? 0 : random.integer(in: 1...90) }
        let recencies = frequencies.map { $0 == 0 ? 0 : Double(random.integer(in: 1...20)) }
        let ages = recencies.map { $0 + Double(random.integer(in: 0...2)) }
        let population = try PurchasePopulation(
            frequencies: frequencies, recencies: recencies, ages: ages, timeUnit: .days, workers: workers)
        var expected: [PurchaseHistory: Double] = [:]
        for row in 0..<size {
            let history = try PurchaseHistory(frequency: frequencies[row], recency: recencies[row], age: ages[row])
            #expect(population.history(Int(population.historyOfCustomer[row])) == history)
            expected[history, default: 0] += 1
        }
        #expect(population.distinctCount == expected.count)
        for index in 0..<population.distinctCount {
            #expect(population.counts[index] == expected[population.history(index)])
        }
        let shuffled = Array(0..<size).shuffled(using: &random)
        let other = try PurchasePopulation(
            frequencies: shuffled.map { frequencies[$0] }, recencies: shuffled.map { recencies[$0] },
            ages: shuffled.map { ages[$0] }, timeUnit: .days, workers: Workers(threadCount: 7))
        #expect(other.ages == population.ages && other.recencies == population.recencies)
        #expect(other.counts == population.counts && other.groups == population.groups)
    }

    @Test(arguments: [
        (-1, 0.0, 1.0), (0, -1.0, 1.0), (1, 2.0, 1.0), (1, 0.0, 1.0), (0, 1.0, 2.0), (1, .nan, 1.0),
        (0, 0.0, .infinity),
        (0, 0.0, .nan), (Int.max, 1.0, 2.0),
    ])
    func impossibleHistoriesAreNamedWithTheirRow(frequency: Int, recency: Double, age: Double) {
        #expect {
            try PurchasePopulation(
                frequencies: [0, frequency], recencies: [0, recency], ages: [1, age], timeUnit: .days, workers: workers)
        } throws: {
            ($0 as? LifetimeFitError)?.kind == .invalidHistory(row: 1)
        }
    }

    @Test func timesConvertByWhatTheUnitsAre() {
        #expect(TimeSpan(39, .weeks).value(in: .days) == 273)
        #expect(TimeSpan(1, .years).value(in: .months) == 12)
        #expect(TimeSpan(0.1, .months).value(in: .months) == 0.1)
    }
}
