import TestSupport
import Testing
import Tiers
import VectorMath

private let workers = Workers(threadCount: 2)

struct TierTableTests {
    @Test func thePyramidOfCDNOWHasThePublishedValueShares() throws {
        let spend = try cdnowSpend()
        let fit = try TierFit.fit(.pyramid, values: spend, workers: workers)
        let codes = fit.assign(spend, workers: workers)
        let table = TierTable(fit, TierTally.of(codes: codes, values: spend, amounts: spend, workers: workers))
        #expect(table.value == 244_091.94)
        #expect(table.rows.map(\.customerCount) == [24, 94, 353, 1_886])
        #expect(table.rows.map(\.customersAsked) == [24, 94, 353, 1_886])
        let shares = table.rows.map { ($0.shareOfValue! * 100_000).rounded() / 1_000 }
        #expect(shares == [14.554, 21.513, 31.335, 32.598])
        #expect(table.rows.map(\.cutoff) == [940.48, 389.44, 130.54, nil])
        #expect(table.rows.map(\.leastValue) == [940.48, 389.44, 130.54, 0])
    }

    @Test func everyCustomerIsInOneRow() throws {
        let specification = TierSpecification(
            names: ["a", "b"], rule: .lowerBounds([10]), inactiveName: "asleep", potentialName: "maybe")
        let values: [Double] = [20, 5, .nan, 7, 3]
        let standings: [Standing] = [.active, .active, .active, .inactive, .active]
        let amounts: [Double] = [100, .nan, 8, 1, -9]
        let fit = try TierFit.fit(specification, values: values, standings: standings, workers: workers)
        let codes = fit.assign(values, standings: standings, workers: workers)
        let table = TierTable(fit, TierTally.of(codes: codes, values: values, amounts: amounts, workers: workers))
        #expect(table.rows.map(\.name) == ["a", "b", "asleep", "maybe", nil])
        #expect(table.rows.map(\.customerCount) == [1, 2, 1, 0, 1])
        #expect(table.rows.map(\.value) == [100, -9, 1, 0, 8])
        #expect(table.rows.map(\.mean) == [100, -9, 1, nil, 8])
        #expect(table.rows.map(\.leastValue) == [20, 3, 7, nil, nil])
        #expect(table.rows.map(\.shareOfValue) == [1, -0.09, 0.01, 0, 0.08])
        #expect(table.customerCount == 5)
    }

    @Test(arguments: 0..<6)
    func talliesOfPartsCombineToTheSameBits(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let count = 140_000
        let values = (0..<count).map { _ in generator.unit() * 100 }
        let amounts = (0..<count).map { _ in generator.unit() < 0.1 ? .nan : generator.unit() * 1e6 - 1e3 }
        let fit = try TierFit.fit(.pyramid, values: values, workers: workers)
        let codes = fit.assign(values, workers: workers)
        let tables = everyThreadCount.map {
            TierTable(
                fit, TierTally.of(codes: codes, values: values, amounts: amounts, workers: Workers(threadCount: $0)))
        }
        #expect(tables.allSatisfy { $0 == tables[0] })
        for row in tables[0].rows {
            var sum = ExactSum()
            for index in 0..<count where codes[index] == row.code && !amounts[index].isNaN {
                sum.update(amounts[index])
            }
            #expect(row.value == sum.value)
            #expect(row.leastValue == values.indices.filter { codes[$0] == row.code }.map { values[$0] }.min())
        }
    }
}
