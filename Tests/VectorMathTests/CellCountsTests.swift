import TestSupport
import Testing
import VectorMath

struct CellCountsTests {
    private func counts(_ cells: [Int16]) -> CellCounts {
        let present = cells.filter { $0 != .min }
        var counts = CellCounts()
        cells.withUnsafeBufferPointer { cells in
            counts.update(cells, in: present.isEmpty ? nil : present.min()!...present.max()!)
        }
        return counts
    }

    @Test(arguments: 0..<20)
    func countsInPartsAreThoseOfAPlainCount(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        var all = CellCounts()
        var plain: [Int: Int] = [:]
        var missingCount = 0
        for _ in 0..<random.integer(in: 1...6) {
            let low = random.integer(in: -32_767...32_000)
            let high = random.integer(in: low...32_767)
            let cells = (0..<random.integer(in: 0...500)).map { _ in
                random.integer(in: 0...9) == 0 ? Int16.min : Int16(random.integer(in: low...high))
            }
            for cell in cells where cell != .min { plain[Int(cell), default: 0] += 1 }
            missingCount += cells.count { $0 == .min }
            all.combine(counts(cells))
        }
        #expect(all.missingCount == missingCount)
        #expect(all.values.map(\.cell) == plain.keys.sorted())
        #expect(all.values.allSatisfy { plain[$0.cell] == $0.count })
    }

    @Test func everyCellIsCounted() {
        let found = counts((Int(Int16.min)...Int(Int16.max)).map { Int16($0) })
        #expect(found.missingCount == 1 && found.values.count == 65_535)
        #expect(counts([.min, .min]).missingCount == 2 && counts([.min]).values.isEmpty)
    }

    @Test(arguments: 0..<20)
    func figuresOfCountsAreThoseOfTheValues(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        let counted = (0..<random.integer(in: 1...40)).map { _ in
            (value: random.anyFiniteDouble(), count: random.integer(in: 1...300))
        }.sorted { $0.value < $1.value }
        let values = counted.flatMap { [Double](repeating: $0.value, count: $0.count) }
        var one = Moments()
        var other = Moments()
        for (value, count) in counted { one.update(value, count: count) }
        values.withUnsafeBufferPointer { other.update($0) }
        func figures(_ moments: Moments) -> [UInt64] {
            bits([
                moments.sum, moments.mean!, moments.variance ?? 0, moments.minimum!, moments.maximum!,
                Double(moments.count),
            ])
        }
        #expect(figures(one) == figures(other))
        let wanted = [0, 0.01, 0.25, 0.5, 0.777, 1].map { OrderStatistic.quantile($0) } + [.rank(3), .rank(1 << 40)]
        let plain = OrderStatistics.find(wanted, in: values, Workers(threadCount: 1)).values
        #expect(bits(OrderStatistics.find(wanted, inCounted: counted).values) == bits(plain))
    }
}
