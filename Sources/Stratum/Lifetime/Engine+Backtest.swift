import LifetimeValue
import Reports
import TableIO
import VectorMath

extension Engine {
    /// Fits models to the purchases up to the end of the calibration, has them predict what came after, and compares
    /// that with what was bought, beside two predictions that need no model: the last period repeated, and its mean.
    ///
    /// - Parameters:
    ///   - columns: what the columns of the order log mean.
    ///   - specification: which models; its end of the calibration is needed.
    /// - Throws: as `fitLifetime`; a model that cannot be fitted is told as such beside the others.
    public static func backtestLifetime(
        inputs: [String], of columns: OrderColumns, _ specification: LifetimeSpecification, options: RunOptions
    ) throws -> RunResult {
        let sources = try options.sources(inputs)
        var stopwatch = Stopwatch()
        let customers = try stopwatch.time("read") {
            try LifetimeCustomers.read(
                sources, of: .orders(columns), timeUnit: specification.timeUnit,
                calibrationEnd: specification.calibrationEnd, options
            ) { _ in }
        }
        guard let holdOut = customers.holdOut else {
            throw EngineError(
                .optionConflict, at: customers.intake.path, "there is no time after the calibration to compare with",
                remedy: "end the calibration before the last day of the log")
        }
        let workers = Workers(threadCount: options.threadCount)
        var warnings: [String] = []
        let report = try stopwatch.time("backtest") {
            try customers.backtest(specification, holdOut, &warnings, workers)
        }
        var result = customers.result(
            of: "lifetime backtest", stopwatch, [.init("backtest", report.json)], warnings: warnings)
        result.tables = .backtest(report)
        return result
    }
}

extension LifetimeCustomers {
    fileprivate func backtest(
        _ specification: LifetimeSpecification, _ holdOut: HoldOut, _ warnings: inout [String], _ workers: Workers
    ) throws -> BacktestReport {
        var entries: [BacktestReport.Entry] = []
        for family in specification.families {
            var single = specification
            single.families = [family]
            single.criterion = .bic
            do throws(LifetimeFitError) {
                let fitting = try LifetimeFitting(histories, holdOut: holdOut, single, workers: workers)
                for warning in fitting.warnings where !warnings.contains(warning) { warnings.append(warning) }
                let (purchases, spends) = predictions(fitting.fitted, holdOut, workers)
                entries.append(entry("\(family)", purchases, fitting.fitted.spend == .unknown ? nil : spends, holdOut))
            } catch {
                entries.append(BacktestReport.Entry(name: "\(family)", problem: error.problem))
            }
        }
        let (period, length) = (holdOut.lastPeriod, holdOut.length)
        let baselines: [(String, ([Double], TimeSpan, TimeSpan) -> [Double])] = [
            ("last period repeated", { NaiveBaseline.lastPeriodRepeated($0, period: $1, horizon: $2) }),
            ("mean of last period", { NaiveBaseline.populationMean($0, period: $1, horizon: $2) }),
        ]
        for (name, predict) in baselines {
            entries.append(
                entry(
                    name, predict(holdOut.lastPurchases, period, length), predict(holdOut.lastSpends, period, length),
                    holdOut))
        }
        return BacktestReport(
            customerCount: histories.population.customerCount, holdOutDays: length.value(in: .days),
            lastPeriodDays: period.value(in: .days), entries: entries)
    }

    /// Expected purchases, and these times the expected spend.
    private func predictions(
        _ fitted: FittedLifetime, _ holdOut: HoldOut, _ workers: Workers
    ) -> (purchases: [Double], spends: [Double]) {
        let population = histories.population
        let purchases = population.perCustomer(
            fitted.purchases.predict(.expectedPurchases(within: holdOut.length), for: population, workers: workers))
        return (purchases, zip(purchases, histories.expectedSpends(fitted)).map { $0 * $1 })
    }

    private func entry(
        _ name: String, _ purchases: [Double], _ spends: [Double]?, _ holdOut: HoldOut
    ) -> BacktestReport.Entry {
        BacktestReport.Entry(
            name: name, purchases: BacktestReport.Figures(purchases, holdOut.purchases),
            spend: spends.map { BacktestReport.Figures($0, holdOut.spends) })
    }
}

extension BacktestReport.Figures {
    init(_ predictions: [Double], _ actuals: [Double]) {
        let errors = BacktestErrors(predictions: predictions, actuals: actuals)
        let ranking = BacktestRanking(predictions: predictions, actuals: actuals)
        self.init(
            meanAbsoluteError: errors.meanAbsoluteError, rootMeanSquaredError: errors.rootMeanSquaredError,
            bias: errors.bias, relativeBias: errors.relativeBias, predictedTotal: errors.predictedTotal,
            actualTotal: errors.actualTotal, lifts: ranking.deciles.map(\.lift),
            hitRates: Self.topShares.map { ranking.hitRate(top: $0) })
    }
}
