import Benchmark
import Measuring
import Tiers
import VectorMath

/// Tiers of a million values as they come: cut-offs, then each customer's tier.
enum TierStage {
    private static let values: [Double] = {
        var generator = RandomGenerator(seed: 1)
        return (0..<1_000_000).map { _ in generator.nextUniform() }
    }()

    static func tiers(_ benchmark: Benchmark) {
        Measuring.round(benchmark, rowCount: values.count) {
            let fit = try TierFit.fit(.pyramid, values: values, workers: Measuring.workers)
            return fit.assign(values, workers: Measuring.workers)
        } check: { codes in
            var counts = [Int](repeating: 0, count: 256)
            for code in codes { counts[Int(code)] += 1 }
            // Two equal values of a million are rare, so tiers may be off by a customer or two.
            let asked = [10_000, 40_000, 150_000, 800_000]
            return zip(counts, asked).allSatisfy { abs($0 - $1) <= 2 } ? nil : "\(counts[..<4])"
        }
    }
}
