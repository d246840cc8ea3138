import LifetimeValue
import Reports
import VectorMath

/// A choice of models fitted to customers, and what is to be told of them.
struct LifetimeFitting {
    let fitted: FittedLifetime
    let report: LifetimeReport
    var warnings: [String] = []

    /// - Parameters:
    ///   - holdOut: what came after the histories; needed where `specification` has it decide.
    ///   - needsSpend: whether nothing can be done without a model of spend.
    /// - Throws: the failure of the first model if none can be fitted; without spend `noRepeatPurchases` if it is
    ///   needed.
    init(
        _ histories: CustomerHistories, holdOut: LifetimeCustomers.HoldOut? = nil, needsSpend: Bool = false,
        _ specification: LifetimeSpecification, workers: Workers
    ) throws(LifetimeFitError) {
        let choice = try ModelChoice.byBIC(
            specification.families, population: histories.population, workers: workers)
        let errors = choice.candidates.map { candidate in
            holdOut.flatMap { holdOut in
                (try? candidate.fit.get()).map {
                    histories.purchaseErrors(of: $0.model, holdOut, workers).rootMeanSquaredError
                }
            }
        }
        var chosen = choice.chosen
        if specification.criterion == .holdOut {
            let ranked = zip(choice.candidates, errors).filter { $1 != nil }
            let best = ranked.min { ($0.1 ?? .infinity) < ($1.1 ?? .infinity) }
            if let fit = try best?.0.fit.get() { chosen = fit }
        }
        let spend = try Self.spend(histories, specification.spend, isNeeded: needsSpend, workers)
        let candidates = choice.candidates.count == 1 ? [] : choice.candidates
        fitted = FittedLifetime(
            purchases: chosen.model, standardErrors: chosen.standardErrors, logLikelihood: chosen.logLikelihood,
            bic: chosen.bic, customerCount: chosen.customerCount, distinctCount: chosen.distinctCount,
            candidates: candidates.map {
                FittedLifetime.Candidate(name: "\($0.family)", bic: $0.bic, failure: $0.problem)
            }, spend: spend.model, spendLogLikelihood: spend.logLikelihood,
            spendStandardErrors: spend.standardErrors, spendCustomerCount: spend.customerCount)
        warnings += spend.warnings
        warnings += Self.warnings(chosen)
        report = LifetimeReport(
            fitted,
            candidates: zip(choice.candidates, errors).map { candidate, error in
                LifetimeReport.Candidate(
                    name: "\(candidate.family)", logLikelihood: (try? candidate.fit.get())?.logLikelihood,
                    bic: candidate.bic, holdOutError: error, problem: candidate.problem,
                    isChosen: candidate.family == chosen.model.family)
            }, criterion: specification.criterion)
    }

    /// What a reader should know of the model that was chosen.
    private static func warnings(_ fit: LifetimeFit) -> [String] {
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
        var model = FittedLifetime.Spend.unknown
        var logLikelihood: Double?
        var standardErrors: [Double]?
        var customerCount = 0
        var warnings: [String] = []

        static let nobody = SpendChoice(
            warnings: ["nobody has a repeat purchase of positive spend: spend is left out"])
    }

    private static func spend(
        _ histories: CustomerHistories, _ wanted: LifetimeSpecification.SpendModel, isNeeded: Bool, _ workers: Workers
    ) throws(LifetimeFitError) -> SpendChoice {
        guard wanted != .none, let meanSpends = histories.meanSpends else { return SpendChoice() }
        let used = zip(histories.frequencies, meanSpends).filter { $0 > 0 && $1 > 0 }.map(\.1)
        if used.isEmpty, !isNeeded { return .nobody }
        if wanted == .mean {
            let sum = used.reduce(into: ExactSum()) { $0.update($1) }
            return SpendChoice(
                model: .mean(sum.value / Double(used.count), because: "one mean was asked for"),
                customerCount: used.count)
        }
        let fit = try SpendFit.fit(frequencies: histories.frequencies, meanSpends: meanSpends, workers: workers)
        var choice = SpendChoice(customerCount: fit.customerCount)
        if fit.withoutPositiveSpendCount > 0 {
            choice.warnings.append(
                "\(fit.withoutPositiveSpendCount) customers with repeat purchases have no positive spend on them and "
                    + "are left out of the model of spend")
        }
        switch fit.model {
        case .gammaGamma(let model, let errors, let logLikelihood):
            choice.model = .gammaGamma(model)
            (choice.standardErrors, choice.logLikelihood) = (errors, logLikelihood)
        case .mean(let mean, let reason):
            choice.model = .mean(mean, because: "\(reason)")
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

    /// Schwarz's criterion; nil without a fit.
    var bic: Double? { (try? fit.get())?.bic }
}

extension CustomerHistories {
    /// How far a model is from the purchases of the hold-out.
    func purchaseErrors(of model: LifetimeModel, _ holdOut: LifetimeCustomers.HoldOut, _ workers: Workers)
        -> BacktestErrors
    {
        let expected = model.predict(.expectedPurchases(within: holdOut.length), for: population, workers: workers)
        return BacktestErrors(predictions: population.perCustomer(expected), actuals: holdOut.purchases)
    }
}

extension LifetimeReport {
    init(
        _ fitted: FittedLifetime, candidates: [Candidate], criterion: LifetimeSpecification.Criterion
    ) {
        let model = fitted.purchases
        func parameters(_ names: [String], _ values: [Double], _ errors: [Double]) -> [Parameter] {
            zip(names, zip(values, errors)).map { Parameter(name: $0, value: $1.0, standardError: $1.1) }
        }
        var spend: Spend?
        switch fitted.spend {
        case .unknown: break
        case .mean(let mean, _):
            spend = Spend(name: "one mean", mean: mean, customerCount: fitted.spendCustomerCount)
        case .gammaGamma(let gammaGamma):
            spend = Spend(
                name: "gamma-gamma", mean: gammaGamma.populationMean, customerCount: fitted.spendCustomerCount,
                parameters: parameters(
                    ["p", "q", "gamma"], [gammaGamma.p, gammaGamma.q, gammaGamma.gamma],
                    fitted.spendStandardErrors ?? []), logLikelihood: fitted.spendLogLikelihood)
        }
        self.init(
            model: "\(model.family)", timeUnit: model.timeUnit.rawValue,
            parameters: parameters(model.family.parameterNames, model.parameters, fitted.standardErrors),
            logLikelihood: fitted.logLikelihood, bic: fitted.bic, customerCount: fitted.customerCount,
            distinctCount: fitted.distinctCount, spend: spend, candidates: candidates,
            criterion: criterion.rawValue)
    }
}
