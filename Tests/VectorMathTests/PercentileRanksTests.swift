import Foundation
import TestSupport
import Testing

@testable import VectorMath

struct PercentileRanksTests {
    @Test func tiesShareTheMidRank() {
        let ranks = PercentileRanks([10, 20, 20, 30, .nan], Workers(threadCount: 1))
        #expect(bits(ranks.percentiles.dropLast()) == bits([12.5, 50, 50, 87.5]))
        #expect(ranks.percentiles[4].isNaN)
        #expect(ranks.table.values == [10, 20, 30] && ranks.table.percentiles == [12.5, 50, 87.5])
    }

    @Test(arguments: 0..<Shape.allCases.count * 6)
    func percentilesAreThoseOfASort(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let values = Shape.allCases[seed % Shape.allCases.count].values(
            count: [0, 1, 2, 300, 5_000, 20_000][seed % 6], &generator)
        let ranks = PercentileRanks(values, Workers(threadCount: 2))
        let expected = referencePercentiles(values)
        #expect(bits(ranks.percentiles) == bits(expected))
        // At most 65,536 distinct values: the table is exact for each.
        #expect(bits(values.map { ranks.table.percentile(of: $0) }) == bits(expected))
    }

    @Test(arguments: Shape.allCases)
    func threadsDoNotChangeABit(shape: Shape) {
        var generator = RepeatableGenerator(seed: 8)
        let values = shape.values(count: 300_000, &generator)
        let expected = PercentileRanks(values, Workers(threadCount: 1))
        for threadCount in everyThreadCount.dropFirst() {
            let ranks = PercentileRanks(values, Workers(threadCount: threadCount))
            #expect(bits(ranks.percentiles) == bits(expected.percentiles))
            #expect(ranks.table == expected.table)
        }
    }

    @Test(arguments: [1e-300, 1, 1e300])
    func valuesThatCrowdOnEveryScaleAreSorted(unit: Double) {
        // Each value is 1,000 times nearer to the smallest than the one before it: no linear division helps.
        var values: [Double] = [0, unit, -unit]
        for power in 0..<90 { values += (0..<30).map { unit * Double(100 + $0) * pow(10, -3 * Double(power)) } }
        let ranks = PercentileRanks(values, Workers(threadCount: 1))
        #expect(bits(ranks.percentiles) == bits(referencePercentiles(values)))
    }

    @Test func largeTablesAreWithinTheirStatedError() throws {
        var generator = RepeatableGenerator(seed: 2)
        // A fifth at 1, below all others, and a fifth at 7, in their midst.
        let values: [Double] = (0..<200_000).map { row in
            switch row % 5 {
            case 0: 1
            case 1: 7
            default: exp(6 * generator.unit())
            }
        }
        let ranks = PercentileRanks(values, Workers(threadCount: 2))
        #expect(ranks.table.values.count <= RankTable.knotLimit && ranks.table.values.count > 10_000)
        for (value, percentile) in zip(values, ranks.percentiles) {
            #expect(abs(ranks.table.percentile(of: value) - percentile) <= 0.01)
        }
        #expect(ranks.table.percentile(of: 1) == ranks.percentiles[0])
        #expect(ranks.table.percentile(of: 0.9) == 0 && ranks.table.percentile(of: 1e9) == 100)
    }

    @Test func newValuesAreInterpolatedBetweenKnots() throws {
        let table = try #require(RankTable(values: [1, 2, 4], percentiles: [10, 50, 90]))
        let pairs: [(Double, Double)] = [(0.5, 0), (1, 10), (1.25, 20), (2, 50), (3, 70), (4, 90), (4.5, 100)]
        for (value, percentile) in pairs { #expect(table.percentile(of: value) == percentile) }
        #expect(table.percentile(of: .nan).isNaN)
        #expect(table.percentile(of: .infinity) == 100 && table.percentile(of: -.infinity) == 0)
        let wide = try #require(
            RankTable(values: [-.greatestFiniteMagnitude, .greatestFiniteMagnitude], percentiles: [25, 75]))
        #expect(wide.percentile(of: 0) == 50)
        let single = try #require(RankTable(values: [3], percentiles: [50]))
        #expect([2, 3, 4].map(single.percentile) == [0, 50, 100])
        let empty = try #require(RankTable(values: [], percentiles: []))
        #expect(empty.percentile(of: 1).isNaN)
    }

    @Test(arguments: 0..<30)
    func theGuideFindsTheKnotThatASearchFinds(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let shape = Shape.allCases[seed % Shape.allCases.count]
        let knots = Set(shape.values(count: 500, &generator).filter { !$0.isNaN }).sorted()
        let table = try #require(RankTable(values: knots, percentiles: knots.indices.map { Double($0) / 5 }))
        for value in shape.values(count: 500, &generator) + knots where !value.isNaN {
            guard let knot = knots.lastIndex(where: { $0 <= value }), value <= knots.last! else { continue }
            let percentile = table.percentile(of: value)
            #expect(percentile >= table.percentiles[knot])
            #expect(percentile <= table.percentiles[min(knot + 1, knots.count - 1)])
            if knots[knot] == value { #expect(percentile == table.percentiles[knot]) }
        }
    }

    @Test func tablesAreKeptByModels() throws {
        let table = PercentileRanks([3, 1, 2, 2], Workers(threadCount: 1)).table
        let coded = try JSONEncoder().encode(table)
        #expect(try JSONDecoder().decode(RankTable.self, from: coded) == table)
        for bad in [
            #"{"values":[2,1],"percentiles":[1,2]}"#, #"{"values":[1,2],"percentiles":[1]}"#,
            #"{"values":[1,2],"percentiles":[60,50]}"#, #"{"values":[1],"percentiles":[101]}"#,
        ] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(RankTable.self, from: Data(bad.utf8)) }
        }
    }

    /// The definition, value by value over a sorted array.
    private func referencePercentiles(_ values: [Double]) -> [Double] {
        let sorted = values.filter { !$0.isNaN }.sorted()
        var first: [Double: Int] = [:]
        var count: [Double: Int] = [:]
        for (rank, value) in sorted.enumerated() {
            if first[value] == nil { first[value] = rank }
            count[value, default: 0] += 1
        }
        return values.map { value in
            guard !value.isNaN else { return .nan }
            return Double(100 * first[value]! + 50 * count[value]!) / Double(sorted.count)
        }
    }
}
