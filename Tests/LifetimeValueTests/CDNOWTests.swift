import Testing
import VectorMath

@testable import LifetimeValue

@Suite struct CDNOWTests {
    let workers = Workers(threadCount: 2)

    func fit(_ family: LifetimeFamily) throws -> LifetimeFit {
        try LifetimeModel.fit(family, to: CDNOW().population(), workers: workers)
    }

    func expect(_ values: [Double], near published: [Double], within tolerance: Double) {
        #expect(values.count == published.count)
        for (value, expected) in zip(values, published) { #expect(abs(value - expected) <= tolerance, "\(values)") }
    }

    @Test func bgNBDIsThatOfFaderHardieAndLee2005() throws {
        let fit = try fit(.bgNBD)
        #expect(fit.customerCount == 2_357)
        expect(fit.model.parameters, near: [0.243, 4.414, 0.793, 2.426], within: 5e-4)
        #expect(abs(fit.logLikelihood - -9582.429207) <= 5e-7)
    }

    @Test func likelihoodAtThePublishedParametersOfBGNBD() throws {
        let model = try LifetimeModel(.bgNBD, parameters: [0.243, 4.414, 0.793, 2.426], timeUnit: .weeks)
        let population = try CDNOW().population()
        #expect(abs(model.logLikelihood(of: population, workers: workers) - -9582.430478) <= 5e-7)
    }

    @Test func paretoNBDIsThatOfFaderHardieAndLee2005() throws {
        let fit = try fit(.paretoNBD)
        expect(fit.model.parameters, near: [0.553, 10.578, 0.606, 11.669], within: 5e-4)
        #expect(abs(fit.logLikelihood - -9594.976179) <= 5e-7)
    }

    @Test func mbgNBDIsThatOfBatislamDenizelAndFiliztekin2007() throws {
        expect(try fit(.mbgNBD).model.parameters, near: [0.525, 6.183, 0.891, 1.614], within: 5e-4)
    }

    @Test func noRegularityIsFoundAsInPlatzerAndReutterer2016() throws {
        let families: [LifetimeFamily] = [.mbgNBD, .mbgCNBD(k: 2), .mbgCNBD(k: 3)]
        let choice = try ModelChoice.byBIC(families, population: CDNOW().population(), workers: workers)
        #expect(choice.chosen.model.family == .mbgNBD)
    }

    @Test func expectedPurchasesOfFaderHardieAndLee2005() throws {
        let model = try LifetimeModel(.bgNBD, parameters: [0.243, 4.414, 0.793, 2.426], timeUnit: .weeks)
        // Days over 7: 30.43 and 38.86 as the paper rounds them.
        let history = try PurchaseHistory(frequency: 2, recency: 213.0 / 7, age: 272.0 / 7)
        let expected = model.expectedPurchases(history, within: TimeSpan(39, .weeks))
        #expect(abs(expected - 1.226116) <= 5e-7)
        #expect(abs(model.expectedPurchases(history, within: TimeSpan(273, .days)) - expected) < 1e-13)
    }

    @Test func gammaGammaIsThatOfFaderAndHardie2013() throws {
        let cdnow = try CDNOW()
        let fit = try SpendFit.fit(frequencies: cdnow.frequencies, meanSpends: cdnow.meanSpends, workers: workers)
        guard case .gammaGamma(let model, _, let logLikelihood) = fit.model else {
            Issue.record("\(fit.model)")
            return
        }
        expect([model.p, model.q, model.gamma], near: [6.25, 3.74, 15.44], within: 5e-3)
        #expect(abs(logLikelihood - -4055.917695) <= 5e-7)
        #expect(fit.customerCount == 946)
    }

    @Test func expectedSpendOfFaderAndHardie2013() throws {
        let model = try GammaGamma(p: 6.25, q: 3.74, gamma: 15.44)
        #expect(abs(model.populationMean - 35.218978) <= 5e-7)
        #expect(abs(model.expectedAverageSpend(frequency: 2, meanSpend: 22.35) - 24.663714) <= 5e-7)
    }

    /// The models' hold-out forecasts beat what needs no model.
    @Test func forecastsBeatTheBaselines() throws {
        let cdnow = try CDNOW()
        let population = try cdnow.population()
        let later = cdnow.laterPurchases.map(Double.init)
        let model = try fit(.mbgNBD).model
        let horizon = TimeSpan(39, .weeks)
        let expected = population.perCustomer(
            model.predict(.expectedPurchases(within: horizon), for: population, workers: workers))
        let errors = BacktestErrors(predictions: expected, actuals: later)
        let repeated = NaiveBaseline.lastPeriodRepeated(
            cdnow.frequencies.map(Double.init), period: horizon, horizon: horizon)
        let mean = NaiveBaseline.populationMean(
            cdnow.frequencies.map(Double.init), period: horizon, horizon: horizon)
        for baseline in [repeated, mean] {
            let naive = BacktestErrors(predictions: baseline, actuals: later)
            #expect(errors.rootMeanSquaredError < naive.rootMeanSquaredError)
            #expect(errors.meanAbsoluteError < naive.meanAbsoluteError)
        }
        #expect(abs(errors.relativeBias ?? 1) < 0.2)
        let ranking = BacktestRanking(predictions: expected, actuals: later)
        #expect(ranking.hitRate(top: 0.2) > 0.5)
        #expect(ranking.deciles[0].lift! > 4)
    }
}
