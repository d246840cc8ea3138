import TestSupport
import Testing

@testable import VectorMath

struct WeightedProductTests {
    @Test(arguments: [1, 2, 3, 5, 8, 12, 13, 40], [1, 2, 3, 4, 5, 8, 9, 12])
    func rowsAreInvariantOnThisMachine(indicatorCount: Int, dimensionCount: Int) {
        #expect(WeightedProduct.rowsAreInvariant(indicatorCount: indicatorCount, dimensionCount: dimensionCount))
    }

    /// One row after the other through every place, with other rows beside it each time.
    @Test(arguments: [true, false])
    func aRowHasTheSameBitsInAllPlaces(usesBLAS: Bool) {
        var generator = RepeatableGenerator(seed: 5)
        let product = randomProduct(indicatorCount: 12, dimensionCount: 5, usesBLAS: usesBLAS, &generator)
        let row = (0..<12).map { _ in generator.unit() }
        var seen = Set<[UInt64]>()
        for place in 0..<WeightedProduct.rowCount {
            let sums = product.sums { $1 == place ? row[$0] : Double(($0 * 31 + $1 * 17 + place) % 101) / 101 }
            seen.insert(bits((0..<5).map { sums[$0 * WeightedProduct.rowCount + place] }))
        }
        #expect(seen.count == 1)
    }

    @Test(arguments: 0..<20)
    func blasAndPlainLoopsAgree(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let indicatorCount = generator.integer(in: 1...40)
        let dimensionCount = generator.integer(in: 1...9)
        let fast = randomProduct(
            indicatorCount: indicatorCount, dimensionCount: dimensionCount, usesBLAS: true, &generator)
        var other = RepeatableGenerator(seed: seed)
        _ = (other.integer(in: 1...40), other.integer(in: 1...9))
        let plain = randomProduct(
            indicatorCount: indicatorCount, dimensionCount: dimensionCount, usesBLAS: false, &other)
        let block = (0..<WeightedProduct.rowCount * indicatorCount).map { _ in generator.unit() }
        let fastSums = fast.sums { block[$0 * WeightedProduct.rowCount + $1] }
        let plainSums = plain.sums { block[$0 * WeightedProduct.rowCount + $1] }
        #expect(zip(fastSums, plainSums).allSatisfy { abs($0 - $1) < 1e-13 })
    }

    @Test func wholeNumbersGiveExactSums() {
        let product = WeightedProduct(weights: [1, 2, 3, 0, -1, 4], indicatorCount: 3, dimensionCount: 2)
        let sums = product.sums { Double($1 + $0 * 1_000) }
        for row in 0..<WeightedProduct.rowCount {
            #expect(sums[row] == Double(6 * row + 8_000))
            #expect(sums[WeightedProduct.rowCount + row] == Double(3 * row + 7_000))
        }
    }

    @Test func sideBySideCallsGiveTheSameBits() {
        var generator = RepeatableGenerator(seed: 9)
        let product = randomProduct(indicatorCount: 12, dimensionCount: 4, usesBLAS: true, &generator)
        let expected = bits(product.sums { Double($0 * 7 + $1) / 960 })
        let results = Workers(threadCount: 7).map(chunkCount: 64) { _ in
            bits(product.sums { Double($0 * 7 + $1) / 960 })
        }
        #expect(results.allSatisfy { $0 == expected })
    }

    private func randomProduct(
        indicatorCount: Int, dimensionCount: Int, usesBLAS: Bool, _ generator: inout RepeatableGenerator
    ) -> WeightedProduct {
        WeightedProduct(
            weights: (0..<indicatorCount * dimensionCount).map { _ in generator.unit() - 0.3 },
            indicatorCount: indicatorCount, dimensionCount: dimensionCount, usesBLAS: usesBLAS)
    }
}
