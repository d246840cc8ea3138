import TestSupport
import Testing
import Tiers
import VectorMath
struct BenchTests {
    @Test func bench() throws {
        var generator = RepeatableGenerator(seed: 1)
        let n = 10_000_000
        let scores = (0..<n).map { _ in 20 + 20 * generator.unit() + 20 * generator.unit() + 20 * generator.unit() }
        let amounts = (0..<n).map { _ in let u = generator.unit(); return u < 0.2 ? 0 : (100 / (1.0001 - u) * 100).rounded() / 100 }
        let clock = ContinuousClock()
        for threads in [1, 2] {
            let w = Workers(threadCount: threads)
            var fit: TierFit!, codes: [UInt8] = [], tally = TierTally()
            for _ in 0..<2 {
            print("BENCH \(threads) fit", try clock.measure { fit = try TierFit.fit(.pyramid, values: scores, workers: w) })
            print("BENCH \(threads) assign", clock.measure { codes = fit.assign(scores, workers: w) })
            print("BENCH \(threads) tally", clock.measure { tally = TierTally.of(codes: codes, values: scores, amounts: amounts, workers: w) })
            var c: Concentration!
            print("BENCH \(threads) concentration", clock.measure { c = Concentration(of: amounts, workers: w) }, c.gini, TierTable(fit, tally).rows.map(\.customerCount))
            }
        }
    }
}
