import TestSupport
import Testing
import VectorMath

struct DistinctSketchTests {
    private func sketch(_ values: [Double]) -> DistinctSketch {
        var sketch = DistinctSketch()
        values.withUnsafeBufferPointer { sketch.update($0) }
        return sketch
    }

    @Test func countsExactlyUpToItsCapacity() {
        #expect(sketch([]).count == 0)
        #expect(sketch([0, -0.0, .nan, 0, 7]).count == 2)
        for count in [1, 33, 1_000, DistinctSketch.capacity] {
            let found = sketch((0..<3 * count).map { Double($0 % count) / 7 })
            #expect(found.count == count && found.isExact)
        }
        #expect(!sketch((0...DistinctSketch.capacity).map { Double($0) }).isExact)
    }

    @Test(arguments: [20_000, 33_000, 70_000, 300_000, 1_000_000])
    func estimatesLieWithinFiveStandardErrors(_ count: Int) {
        for scale in [1, 0.01, 1e9 + 1] {
            let found = sketch((0..<count).map { Double($0) * scale })
            #expect(!found.isExact)
            let error = Double(found.count - count) / Double(count)
            #expect(abs(error) < 5 * DistinctSketch.standardError, "\(found.count) of \(count)")
        }
    }

    @Test(arguments: 0..<10)
    func orderRepetitionAndDivisionDoNotMatter(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        let count = random.integer(in: 1...150_000)
        let values = (0..<count).map { _ in Double(random.integer(in: 0...count)) / 100 }
        let whole = sketch(values)
        var combined = DistinctSketch()
        let cuts = ([0, count] + (0..<5).map { _ in random.integer(in: 0...count) }).sorted()
        let parts = zip(cuts, cuts.dropFirst()).map { Array(values[$0..<$1]) }
        for part in parts.reversed() { combined.combine(sketch(part.reversed() + part)) }
        #expect(combined == whole && combined.count == whole.count && combined.isExact == whole.isExact)
        var exact = DistinctValues()
        var half = DistinctValues()
        values[..<(count / 2)].withUnsafeBufferPointer { exact.update($0) }
        values[(count / 2)...].withUnsafeBufferPointer { half.update($0) }
        exact.combine(half)
        #expect(exact.count == Set(values).count)
    }
}
