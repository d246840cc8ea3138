import TestSupport
import Testing

@testable import LifetimeValue

@Suite struct BacktestTests {
    @Test func errorsAreThoseOfTheirDefinitions() {
        let errors = BacktestErrors(predictions: [1, 2, 6], actuals: [2, 2, 3])
        #expect(errors.meanAbsoluteError == 4.0 / 3)
        #expect(errors.rootMeanSquaredError == (10.0 / 3).squareRoot())
        #expect(errors.bias == 2.0 / 3)
        #expect(errors.relativeBias == 9.0 / 7 - 1)
        #expect(BacktestErrors(predictions: [1], actuals: [0]).relativeBias == nil)
    }

    @Test func aPerfectOrderHitsAllAndAConstantAsManyAsChance() {
        let actuals = (0..<1_000).map(Double.init)
        let perfect = BacktestRanking(predictions: actuals.map { $0 * 3 }, actuals: actuals)
        let constant = BacktestRanking(predictions: actuals.map { _ in 1 }, actuals: actuals)
        for share in [0.01, 0.05, 0.2, 0.333] {
            #expect(abs(perfect.hitRate(top: share) - 1) < 1e-12)
            #expect(abs(constant.hitRate(top: share) - share) < 1e-12)
        }
        #expect(abs(perfect.deciles[0].actualMean - 949.5) < 1e-9)
        #expect(constant.deciles.allSatisfy { abs($0.lift! - 1) < 1e-12 })
    }

    @Test(arguments: 0..<20)
    func decilesHoldAllValuesAndRowOrderDoesNotMatter(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        let count = random.integer(in: 1...57)
        let pairs = (0..<count).map { _ in
            (Double(random.integer(in: 0...4)), Double(random.integer(in: 0...3)))
        }
        let ranking = BacktestRanking(predictions: pairs.map(\.0), actuals: pairs.map(\.1))
        let total = pairs.reduce(0) { $0 + $1.1 }
        let sum = ranking.deciles.reduce(0) { $0 + $1.actualMean } * Double(count) / 10
        #expect(abs(sum - total) < 1e-9)
        #expect(
            zip(ranking.deciles, ranking.deciles.dropFirst()).allSatisfy { $0.predictedMean >= $1.predictedMean - 1e-9 }
        )
        let mixed = pairs.shuffled(using: &random)
        let other = BacktestRanking(predictions: mixed.map(\.0), actuals: mixed.map(\.1))
        for (one, two) in zip(ranking.deciles, other.deciles) { #expect(abs(one.actualMean - two.actualMean) < 1e-12) }
        #expect(abs(ranking.hitRate(top: 0.2) - other.hitRate(top: 0.2)) < 1e-12)
    }

    @Test func baselinesScaleToTheHorizon() {
        let (period, horizon) = (TimeSpan(4, .weeks), TimeSpan(14, .days))
        #expect(NaiveBaseline.lastPeriodRepeated([2, 0, 4], period: period, horizon: horizon) == [1, 0, 2])
        #expect(NaiveBaseline.populationMean([2, 0, 4], period: period, horizon: horizon) == [1, 1, 1])
    }
}
