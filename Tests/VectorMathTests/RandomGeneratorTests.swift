import TestSupport
import Testing

@testable import VectorMath

struct RandomGeneratorTests {
    @Test func numbersAreThoseOfTheReferenceCodeOfBlackmanAndVigna() {
        var generator = RandomGenerator(state: (1, 2, 3, 4))
        let expected: [UInt64] = [
            11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360, 607_988_272_756_665_600,
            16_172_922_978_634_559_625, 8_476_171_486_693_032_832, 10_595_114_339_597_558_777,
            2_904_607_092_377_533_576,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    @Test func splitMixNumbersAreThoseOfVignasReferenceCode() {
        var generator = SplitMix64(state: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    /// Sample data and seeded clusterings are files of users: these numbers never change.
    @Test func streamsNeverChange() {
        var first = RandomGenerator(seed: 42)
        var second = RandomGenerator(seed: 42, stream: 1)
        #expect(first.next() == 8_833_684_081_227_291_994)
        #expect(first.next() == 225_582_337_749_143_663)
        #expect(second.next() == 17_355_253_701_455_990_184)
    }

    @Test func streamsAndSeedsShareNoNumber() {
        var seen = Set<UInt64>()
        for seed in [0, 1, 2, UInt64.max] {
            for stream in 0..<100 {
                var generator = RandomGenerator(seed: seed, stream: stream)
                for _ in 0..<50 { seen.insert(generator.next()) }
            }
        }
        #expect(seen.count == 4 * 100 * 50)
    }

    @Test func indexesAreEvenAndBelowTheBound() {
        var generator = RandomGenerator(seed: 7)
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[generator.nextIndex(below: 6)] += 1 }
        let chiSquared = counts.reduce(0.0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 }
        #expect(chiSquared < 20.5)  // 99.9 % point for 5 degrees of freedom
        #expect(generator.nextIndex(below: 1) == 0)
    }

    /// Mean and variance over 200,000 draws within five standard errors.
    @Test(arguments: Distribution.all)
    func meanAndVarianceAreThoseOfTheDistribution(_ distribution: Distribution) throws {
        var generator = RandomGenerator(seed: 20_24)
        let count = 200_000
        let draws = (0..<count).map { _ in distribution.draw(&generator) }
        var moments = Moments()
        moments.update(draws.span)
        let mean = try #require(moments.mean)
        let variance = try #require(moments.variance)
        #expect(abs(mean - distribution.mean) < 5 * (distribution.variance / Double(count)).squareRoot())
        #expect(abs(variance / distribution.variance - 1) < distribution.varianceTolerance)
    }

    @Test func tinyBetaParametersGiveNumbers() {
        var generator = RandomGenerator(seed: 3)
        let draws = (0..<10_000).map { _ in generator.nextBeta(1e-3, 1e-3) }
        #expect(draws.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(abs(draws.reduce(0, +) / 10_000 - 0.5) < 0.03)
    }

    @Test func poissonCountsHaveTheRightShares() {
        // P(X = 3 | mean 4) = 0.195367, P(X = 12 | mean 12) = 0.114368: one on each side of the change of method.
        for (mean, count, share) in [(4.0, 3, 0.195367), (12.0, 12, 0.114368)] {
            var generator = RandomGenerator(seed: 11)
            let hits = (0..<200_000).count { _ in generator.nextPoisson(mean: mean) == count }
            #expect(abs(Double(hits) / 200_000 - share) < 0.0045)
        }
        var generator = RandomGenerator(seed: 12)
        #expect(generator.nextPoisson(mean: 0) == 0)
    }
}

/// A distribution with its draw and its first two moments.
struct Distribution: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let mean: Double
    let variance: Double
    var varianceTolerance = 0.03
    let draw: @Sendable (inout RandomGenerator) -> Double

    static let all: [Distribution] = [
        Distribution(testDescription: "uniform", mean: 0.5, variance: 1.0 / 12) { $0.nextUniform() },
        Distribution(testDescription: "normal", mean: 3, variance: 4) { $0.nextNormal(mean: 3, standardDeviation: 2) },
        Distribution(testDescription: "exponential", mean: 0.25, variance: 0.0625) { $0.nextExponential(rate: 4) },
        Distribution(testDescription: "gamma 0.3", mean: 0.15, variance: 0.075, varianceTolerance: 0.06) {
            $0.nextGamma(shape: 0.3, rate: 2)
        },
        Distribution(testDescription: "gamma 5", mean: 2.5, variance: 1.25) { $0.nextGamma(shape: 5, rate: 2) },
        Distribution(testDescription: "beta 2, 3", mean: 0.4, variance: 0.04) { $0.nextBeta(2, 3) },
        Distribution(testDescription: "beta 0.4, 0.2", mean: 2.0 / 3, variance: 0.08 / 0.36 / 1.6) {
            $0.nextBeta(0.4, 0.2)
        },
        Distribution(testDescription: "Poisson 4", mean: 4, variance: 4) { Double($0.nextPoisson(mean: 4)) },
        Distribution(testDescription: "Poisson 150", mean: 150, variance: 150) { Double($0.nextPoisson(mean: 150)) },
        Distribution(testDescription: "log-normal", mean: 1.133148, variance: 0.364696, varianceTolerance: 0.08) {
            $0.nextLogNormal(logMean: 0, logDeviation: 0.5)
        },
    ]
}
