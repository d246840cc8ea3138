import TestSupport
import Testing
import VectorMath

struct RankTableInverseTests {
    @Test(arguments: 0..<20)
    func theValueFoundHasThePercentileAndItsNeighborsDoNot(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        var values = Set<Double>()
        while values.count < 30 { values.insert(random.unit() * 100 - 50) }
        let percentiles = (0..<30).map { _ in random.unit() * 100 }.sorted()
        let table = try #require(RankTable(values: values.sorted(), percentiles: percentiles))
        for _ in 0..<50 {
            let percentile = random.unit() * 100
            let low = try #require(table.smallestValue(from: percentile))
            let high = try #require(table.largestValue(upTo: percentile))
            #expect(table.percentile(of: low.nextUp) >= percentile - 1e-9)
            #expect(table.percentile(of: low - 1e-9) <= percentile + 1e-6)
            #expect(table.percentile(of: high.nextDown) <= percentile + 1e-9)
            #expect(table.percentile(of: high + 1e-9) >= percentile - 1e-6)
        }
    }

    @Test func anEmptyTableHasNoValues() {
        #expect(RankTable.empty.smallestValue(from: 50) == nil)
        #expect(RankTable.empty.largestValue(upTo: 50) == nil)
    }
}
