import LifetimeValue
import Reports
import VectorMath

/// A choice of models fitted to customers, and what is to be told of them.
struct LifetimeFitting {
    let fitted: StoredLifetime
    let report: LifetimeReport
    var warnings: [String] = []

    /// - Throws: `LifetimeFitError`; `EngineError` of kind `optionConflict` if a hold-out is to decide and there is
    ///   none.
    init(_ customers: LifetimeCustomers, _ specification: LifetimeSpecification, workers: Workers) throws {
        if specification.criterion == .holdOut, customers.holdOut == nil {
            throw EngineError(
                .optionConflict, at: customers.intake.path, "there is no time after the calibration to decide by",
                remedy: "end the calibration before the last day of the log, or choose by BIC")
        }
        let choice = try ModelChoice.byBIC(
            specification.families, population: customers.population, workers: workers)
        let errors = choice.candidates.map { candidate in
            customers.holdOut.flatMap { holdOut in
                (try? candidate.fit.get()).map {
                    customers.purchaseErrors(of: $0.model, holdOut, workers).rootMeanSquaredError
                }
            }
        }
        var chosen = choice.chosen
        if specification.criterion == .holdOut {
            let ranked = zip(choice.candidates, errors).filter { $1 != nil }
            let best = ranked.min { ($0.1 ?? .infinity) < ($1.1 ?? .infinity) }
            if let fit = try best?.0.fit.get() { chosen = fit }
        }
        let spend = try Self.spend(customers, specification.spend, workers)
        fitted = StoredLifetime(
            chosen, spend: spend.model, source: customers.source, observationEnd: customers.observationEnd)
        warnings += spend.warnings
        warnings += Self.warnings(chosen, customers)
        report = LifetimeReport(
            fitted,
            candidates: zip(choice.candidates, errors).map { candidate, error in
                LifetimeReport.Candidate(
                    name: "\(candidate.family)", logLikelihood: (try? candidate.fit.get())?.logLikelihood,
                    bic: candidate.score, holdOutError: error, problem: candidate.problem,
                    isChosen: candidate.family == chosen.model.family)
            }, criterion: specification.criterion, spendCustomerCount: spend.customerCount)
    }

    /// What a reader should know of the model that was chosen.
    private static func warnings(_ fit: LifetimeFit, _ customers: LifetimeCustomers) -> [String] {
        var warnings: [String] = []
        if case .bgNBD = fit.model.family {
            warnings.append(
                "under BG/NBD every customer without a repeat purchase is alive with probability 1; MBG/NBD has no "
                    + "such rule")
        }
        if fit.model.family == .nbd { warnings.append("under NBD no customer ever leaves") }
        let loose = zip(fit.model.family.parameterNames, zip(fit.model.parameters, fit.standardErrors))
            .filter { $1.1 > $1.0 }.map(\.0)
        if !loose.isEmpty {
            warnings.append(
                "the standard error is larger than the value of \(loose.joined(separator: ", ")): the data say "
                    + "little of it")
        }
        return warnings
    }

    /// A model of spend, and what is to be told of it.
    private struct SpendChoice {
        var model = StoredLifetime.Spend.none
        var customerCount = 0
        var warnings: [String] = []

        static let nobody = SpendChoice(
            warnings: ["nobody has a repeat purchase of positive spend: spend is left out"])
    }

    private static func spend(
        _ customers: LifetimeCustomers, _ wanted: LifetimeSpecification.SpendModel, _ workers: Workers
    ) throws -> SpendChoice {
        guard wanted != .none, let meanSpends = customers.meanSpends else { return SpendChoice() }
        let used = zip(customers.frequencies, meanSpends).filter { $0 > 0 && $1 > 0 }.map(\.1)
        guard !used.isEmpty else { return .nobody }
        if wanted == .mean {
            let sum = used.reduce(into: ExactSum()) { $0.update($1) }
            return SpendChoice(model: .mean(sum.value / Double(used.count)), customerCount: used.count)
        }
        let fit = try SpendFit.fit(frequencies: customers.frequencies, meanSpends: meanSpends, workers: workers)
        var choice = SpendChoice(customerCount: fit.customerCount)
        if fit.withoutPositiveSpendCount > 0 {
            choice.warnings.append(
                "\(fit.withoutPositiveSpendCount) customers with repeat purchases have no positive spend on them and "
                    + "are left out of the model of spend")
        }
        switch fit.model {
        case .gammaGamma(let model, let errors, let logLikelihood):
            choice.model = .gammaGamma(model, standardErrors: errors, logLikelihood: logLikelihood)
        case .mean(let mean, let reason):
            choice.model = .mean(mean)
            choice.warnings.append("gamma-gamma does not hold, one mean spend is used for all: \(reason)")
        }
        return choice
    }
}

extension ModelChoice.Candidate {
    /// Why there is no fit.
    var problem: String? {
        if case .failure(let error) = fit { error.problem } else { nil }
    }
}

extension LifetimeCustomers {
    /// How far a model is from the purchases of the hold-out.
    func purchaseErrors(of model: LifetimeModel, _ holdOut: HoldOut, _ workers: Workers) -> BacktestErrors {
        let expected = model.predict(.expectedPurchases(within: holdOut.length), for: population, workers: workers)
        return BacktestErrors(predictions: population.perCustomer(expected), actuals: holdOut.purchases)
    }
}

extension LifetimeReport {
    init(
        _ fitted: StoredLifetime, candidates: [Candidate], criterion: LifetimeSpecification.Criterion,
        spendCustomerCount: Int
    ) {
        let model = fitted.model
        func parameters(_ names: [String], _ values: [Double], _ errors: [Double]) -> [Parameter] {
            names.indices.map { Parameter(name: names[$0], value: values[$0], standardError: errors[$0]) }
        }
        var spend: Spend?
        switch fitted.spend {
        case .none: break
        case .mean(let mean): spend = Spend(name: "one mean", mean: mean, customerCount: spendCustomerCount)
        case .gammaGamma(let gammaGamma, let errors, let logLikelihood):
            spend = Spend(
                name: "gamma-gamma", mean: gammaGamma.populationMean, customerCount: spendCustomerCount,
                parameters: parameters(
                    ["p", "q", "gamma"], [gammaGamma.p, gammaGamma.q, gammaGamma.gamma], errors),
                logLikelihood: logLikelihood)
        }
        self.init(
            model: "\(model.family)", timeUnit: model.timeUnit.rawValue,
            parameters: parameters(model.family.parameterNames, model.parameters, fitted.standardErrors),
            logLikelihood: fitted.logLikelihood, bic: fitted.bic, customerCount: fitted.customerCount,
            distinctCount: fitted.distinctCount, spend: spend, candidates: candidates,
            criterion: criterion.rawValue)
    }
}
