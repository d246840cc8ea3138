import TestSupport
import Testing
import VectorMath

@testable import Tiers

struct NaturalBreaksTests {
    private func squares(_ values: ArraySlice<Double>) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }

    private func squares(_ values: [Double], _ starts: [Int]) -> Double {
        let bounds = [0] + starts + [values.count]
        return zip(bounds, bounds.dropFirst()).reduce(0) { $0 + squares(values[$1.0..<$1.1]) }
    }

    /// The least sum over all ways to cut, equal values kept together.
    private func bruteForce(_ values: [Double], _ classCount: Int, from start: Int = 0) -> Double {
        if classCount == 1 { return squares(values[start...]) }
        var least = squares(values[start...])
        for cut in start + 1..<max(start + 1, values.count) where values[cut] != values[cut - 1] {
            least = min(least, squares(values[start..<cut]) + bruteForce(values, classCount - 1, from: cut))
        }
        return least
    }

    @Test func theExampleOfTheGoodnessOfVarianceFitParts4And5From9And10() {
        // Wikipedia, "Jenks natural breaks optimization": 26 around the mean, 1 within classes, fit .96.
        let breaks = NaturalBreaks(rising: [4, 5, 9, 10], classCount: 2)
        #expect(breaks.starts == [2])
        #expect(abs(breaks.goodnessOfFit - 25.0 / 26) < 1e-12)
    }

    @Test func theExampleOfWangAndSong2011HasThreeClasses() {
        // Ckmeans.1d.dp, R Journal 3 (2011): squares within classes 0, 0 and 2.
        let values = [-1.0, 2, -1, 2, 4, 5, 6, -1, 2, -1].sorted()
        let breaks = NaturalBreaks(rising: values, classCount: 3)
        #expect(breaks.starts == [4, 7])
        #expect(abs(squares(values, breaks.starts) - 2) < 1e-12)
    }

    @Test(arguments: 0..<60)
    func breaksAreThoseOfAllWaysToCut(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let distinct = seed % 3 == 0 ? 5 : 1_000
        let values = (0..<generator.integer(in: 1...11)).map { _ in Double(generator.integer(in: -distinct...distinct))
        }
        .sorted()
        let classCount = generator.integer(in: 1...4)
        let breaks = NaturalBreaks(rising: values, classCount: classCount)
        let least = bruteForce(values, classCount)
        #expect(abs(squares(values, breaks.starts) - least) <= 1e-9 * max(least, 1))
        #expect(breaks.starts.allSatisfy { values[$0] != values[$0 - 1] })
        #expect(breaks.starts.count <= classCount - 1)
    }

    @Test(arguments: 0..<20)
    func scalingAndShiftingValuesLeavesTheBreaks(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let values = (0..<300).map { _ in Double(generator.integer(in: 0...100_000)) / 8 }.sorted()
        let starts = NaturalBreaks(rising: values, classCount: 5).starts
        #expect(NaturalBreaks(rising: values.map { $0 * 0x1p-700 }, classCount: 5).starts == starts)
        #expect(NaturalBreaks(rising: values.map { $0 * 0x1p900 }, classCount: 5).starts == starts)
        #expect(NaturalBreaks(rising: values.map { $0 + 4_096 }, classCount: 5).starts == starts)
        let doubled = NaturalBreaks(rising: values.flatMap { [$0, $0] }, classCount: 5)
        #expect(doubled.starts == starts.map { 2 * $0 })
    }

    @Test(arguments: 0..<20)
    func manyValuesAreCutNoWorseThanBetweenGroups(seed: Int) {
        var generator = RepeatableGenerator(seed: seed)
        let values = (0..<3_000).map { _ in
            let unit = generator.unit()
            return seed % 2 == 0 ? (unit * 50).rounded() + generator.unit() / 9 : 1 / (unit + 1e-3)
        }.sorted()
        let exact = NaturalBreaks(rising: values, classCount: 4)
        let grouped = NaturalBreaks(rising: values, classCount: 4, limit: 100)
        let least = squares(values, exact.starts)
        let edges = values.indices.filter { $0 % 30 == 0 && $0 > 0 }
        let onEdges = exact.starts.map { start in edges.min { abs($0 - start) < abs($1 - start) }! }
        let found = squares(values, grouped.starts)
        #expect(found >= least * (1 - 1e-9))
        #expect(found <= squares(values, Array(Set(onEdges)).sorted()) * (1 + 1e-9))
        // No border can be moved by one value to lower the sum.
        for (index, start) in grouped.starts.enumerated() {
            for other in [start - 1, start + 1] where other > 0 && other < values.count {
                var moved = grouped.starts
                moved[index] = other
                guard moved == moved.sorted(), Set(moved).count == moved.count else { continue }
                #expect(squares(values, moved) >= found * (1 - 1e-9))
            }
        }
    }

    @Test func valuesAtTheEndsOfBinary64AreCut() {
        let breaks = NaturalBreaks(rising: [-1.7e308, -1.6e308, 1.6e308, 1.7e308], classCount: 2)
        #expect(breaks.starts == [2] && breaks.goodnessOfFit.isFinite)
        #expect(NaturalBreaks(rising: [.leastNonzeroMagnitude, .leastNonzeroMagnitude], classCount: 3).starts == [])
    }

    @Test func tiersOfFewerValuesThanTiersAreEmptyAtTheEnd() throws {
        let specification = TierSpecification(names: ["a", "b", "c", "d"], rule: .naturalBreaks)
        let values: [Double] = [7, 3, 7, 3, 3]
        let workers = Workers(threadCount: 1)
        let fit = try TierFit.fit(specification, values: values, workers: workers)
        #expect(fit.cutoffs.lowerBounds == [7, 3, 3])
        #expect(fit.assign(values, workers: workers) == [0, 1, 0, 1, 1])
        #expect(fit.askedCounts == nil && fit.goodnessOfFit == 1)
        #expect(fit.cutoffs.tier(of: 2) == 3)
    }

    @Test func manyCustomersAreCutAlikeForAnyThreadCount() throws {
        var generator = RepeatableGenerator(seed: 4)
        let values = (0..<180_000).map { _ in 1 / (generator.unit() + 1e-4) }
        let specification = TierSpecification(names: ["a", "b", "c"], rule: .naturalBreaks)
        let fits = try everyThreadCount.map {
            try TierFit.fit(specification, values: values, workers: Workers(threadCount: $0))
        }
        #expect(fits.allSatisfy { $0.cutoffs == fits[0].cutoffs })
        #expect(fits[0].goodnessOfFit! > 0.7)
    }
}
