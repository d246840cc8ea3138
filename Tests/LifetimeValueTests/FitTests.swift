import TestSupport
import Testing
import VectorMath

@testable import LifetimeValue

@Suite struct FitTests {
    let workers = Workers(threadCount: 2)

    @Test(arguments: everyFamily)
    func parametersOfTheStoryAreFoundAgain(family: LifetimeFamily) throws {
        let truth = typicalParameters(family)
        let population = try simulatedPopulation(family, customers: family == .paretoNBD ? 4_000 : 12_000, seed: 11)
        let fit = try LifetimeModel.fit(family, to: population, workers: workers)
        for index in truth.indices {
            let error = fit.standardErrors[index]
            #expect(error > 0 && error < truth[index])
            #expect(abs(fit.model.parameters[index] - truth[index]) < 4 * error, "\(fit)")
        }
        #expect(fit.logLikelihood >= truthLikelihood(family, population))
        let again = fit.model.logLikelihood(of: population, workers: workers)
        #expect(abs(fit.logLikelihood - again) < 1e-9 * abs(again))
    }

    private func truthLikelihood(_ family: LifetimeFamily, _ population: PurchasePopulation) -> Double {
        LifetimeModel(unchecked: family, typicalParameters(family), .weeks)
            .logLikelihood(of: population, workers: workers)
    }

    @Test(arguments: [LifetimeFamily.mbgNBD, .bgCNBD(k: 2)])
    func anyThreadCountGivesTheSameBits(family: LifetimeFamily) throws {
        let population = try simulatedPopulation(family, customers: 10_000, seed: 3)
        let fits = try everyThreadCount.map {
            try LifetimeModel.fit(family, to: population, workers: Workers(threadCount: $0))
        }
        #expect(fits.allSatisfy { bits($0.model.parameters) == bits(fits[0].model.parameters) })
        #expect(fits.allSatisfy { $0.logLikelihood == fits[0].logLikelihood })
    }

    @Test func anyThreadCountGivesTheSameLikelihoodOfParetoNBD() throws {
        let tasks = LikelihoodTasks(try simulatedPopulation(.paretoNBD, customers: 20_000, seed: 3))
        let sums = everyThreadCount.map {
            tasks.evaluate(.paretoNBD, typicalParameters(.paretoNBD), workers: Workers(threadCount: $0))
        }
        #expect(sums.allSatisfy { $0.value == sums[0].value && bits($0.gradient) == bits(sums[0].gradient) })
    }

    @Test func regularityIsFoundWithAndWithoutTheIntervals() throws {
        let population = try simulatedPopulation(.mbgCNBD(k: 3), customers: 3_000, seed: 8, parameters: [2, 1, 0.5, 4])
        let families = (1...5).map { $0 == 1 ? LifetimeFamily.mbgNBD : .mbgCNBD(k: $0) }
        let choice = try ModelChoice.byBIC(families, population: population, workers: workers)
        #expect(choice.chosen.model.family == .mbgCNBD(k: 3))
    }

    @Test(arguments: [604_800, 1.0 / 52])
    func scalingTimeScalesTheParametersThatAreTimes(factor: Double) throws {
        let cdnow = try CDNOW()
        let scaled = try PurchasePopulation(
            frequencies: cdnow.frequencies, recencies: cdnow.recencies.map { $0 * factor },
            ages: cdnow.ages.map { $0 * factor }, timeUnit: .days, workers: workers)
        for family in [LifetimeFamily.mbgNBD, .paretoNBD] {
            let fit = try LifetimeModel.fit(family, to: cdnow.population(), workers: workers)
            let other = try LifetimeModel.fit(family, to: scaled, workers: workers)
            for (index, pair) in zip(fit.model.parameters, other.model.parameters).enumerated() {
                let expected = family.timeParameters.contains(index) ? pair.0 * factor : pair.0
                #expect(abs(pair.1 - expected) < 1e-6 * expected, "\(family) \(index)")
            }
        }
    }

    @Test func neitherOrderNorSplittingOfCountsChangesABit() throws {
        let cdnow = try CDNOW()
        let fit = try LifetimeModel.fit(.mbgNBD, to: cdnow.population(), workers: workers)
        let tripled = (0..<3).flatMap { _ in cdnow.frequencies.indices.reversed() }
        let counted = try PurchasePopulation(
            frequencies: cdnow.frequencies, recencies: cdnow.recencies, ages: cdnow.ages,
            counts: cdnow.ages.map { _ in 3 }, timeUnit: .weeks, workers: workers)
        let split = try PurchasePopulation(
            frequencies: tripled.map { cdnow.frequencies[$0] }, recencies: tripled.map { cdnow.recencies[$0] },
            ages: tripled.map { cdnow.ages[$0] }, timeUnit: .weeks, workers: workers)
        let (one, other) = (
            try LifetimeModel.fit(.mbgNBD, to: counted, workers: workers),
            try LifetimeModel.fit(.mbgNBD, to: split, workers: workers)
        )
        #expect(one == other)
        for (three, single) in zip(one.model.parameters, fit.model.parameters) {
            #expect(abs(three - single) < 1e-7 * single)
        }
    }

    /// The populations that break optimizers: each fit is a maximum or says why there is none.
    @Test(arguments: 0..<160)
    func anyPopulationGivesAMaximumOrANamedReason(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let population = try strangePopulation(seed, &random)
        let families: [LifetimeFamily] = [.bgNBD, .mbgNBD, .nbd, .mbgCNBD(k: 3)] + (seed % 4 == 0 ? [.paretoNBD] : [])
        for family in families {
            do {
                let fit = try LifetimeModel.fit(family, to: population, workers: workers)
                #expect((fit.model.parameters + fit.standardErrors).allSatisfy { $0 > 0 && $0.isFinite }, "\(fit)")
                #expect(fit.logLikelihood.isFinite && fit.bic.isFinite)
                let lower = nearby(fit).map { $0.logLikelihood(of: population, workers: workers) }
                let margin = 1e-9 * (1 + abs(fit.logLikelihood))
                #expect(lower.allSatisfy { $0 <= fit.logLikelihood + margin }, "\(fit) \(lower)")
            } catch {
                switch error.kind {
                case .noCustomers, .noRepeatPurchases, .boundary, .notDetermined: break
                default: Issue.record("\(family): \(error)")
                }
            }
        }
    }

    /// Models a step away in each direction of each parameter.
    private func nearby(_ fit: LifetimeFit) -> [LifetimeModel] {
        fit.model.parameters.indices.flatMap { index in
            [0.99, 1.01].map { factor in
                var parameters = fit.model.parameters
                parameters[index] *= factor
                return LifetimeModel(unchecked: fit.model.family, parameters, fit.model.timeUnit)
            }
        }
    }

    private func strangePopulation(
        _ seed: Int, _ random: inout RepeatableGenerator
    ) throws -> PurchasePopulation {
        let size = [1, 2, 5, 40, 300][seed % 5]
        let unit = [1.0, 1e-3, 1e8][seed / 5 % 3]
        var (frequencies, recencies, ages): ([Int], [Double], [Double]) = ([], [], [])
        for _ in 0..<size {
            let age: Double =
                switch seed % 7 {
                case 0: 40
                case 1: random.integer(in: 0...3) == 0 ? 0 : 30 * random.unit()
                case 2: 1 / (1e-3 + random.unit())
                default: 10 + 30 * random.unit()
                }
            let tail = 1 / (random.unit() + 1e-4)
            let frequency: Int =
                switch seed % 6 {
                case 0: 0
                case 1: 3
                case 2: Int(min(tail * tail, 1e7))
                case 3: Int(min(tail, 1e6)) - 1
                case 4: random.integer(in: 0...1)
                default: random.integer(in: 0...8)
                }
            let share = seed % 11 == 0 ? 1 : random.unit()
            let isRepeat = frequency > 0 && age * share > 0
            frequencies.append(isRepeat ? frequency : 0)
            recencies.append(isRepeat ? unit * age * share : 0)
            ages.append(unit * age)
        }
        let counts = seed % 13 == 0 ? ages.map { _ in 1_000_000 } : nil
        return try PurchasePopulation(
            frequencies: frequencies, recencies: recencies, ages: ages, counts: counts, timeUnit: .seconds,
            workers: workers)
    }

    @Test func oneTimeBuyersAloneAreNamed() throws {
        let population = try PurchasePopulation(
            frequencies: [0, 0], recencies: [0, 0], ages: [3, 0], counts: [1_000_000, 5], timeUnit: .weeks,
            workers: workers)
        #expect { try LifetimeModel.fit(.mbgNBD, to: population, workers: workers) } throws: {
            ($0 as? LifetimeFitError)?.kind == .noRepeatPurchases
        }
    }

    @Test func aMillionEqualCustomersHaveNoSpreadToFit() throws {
        let population = try PurchasePopulation(
            frequencies: [3], recencies: [9], ages: [10], counts: [1_000_000], timeUnit: .weeks, workers: workers)
        #expect { try LifetimeModel.fit(.nbd, to: population, workers: workers) } throws: {
            // r and alpha go together, their ratio stays.
            guard case .boundary("r", .infinity) = ($0 as? LifetimeFitError)?.kind else {
                return ($0 as? LifetimeFitError)?.kind == .boundary(parameter: "alpha", .infinity)
            }
            return true
        }
    }

    @Test func failuresSayProblemPlaceAndRemedy() throws {
        let empty = try PurchasePopulation([], timeUnit: .days, workers: workers)
        #expect {
            try LifetimeModel.fit(.bgNBD, to: empty, workers: workers)
        } throws: {
            "\($0)"
                == "there are no customers to fit a model to (BG/NBD): check the columns and the dates that select "
                + "customers"
        }
        #expect(throws: LifetimeFitError.self) {
            try LifetimeModel(.bgNBD, parameters: [1, 1, .nan, 1], timeUnit: .days)
        }
        #expect(throws: LifetimeFitError.self) {
            try LifetimeModel(.mbgCNBD(k: 1), parameters: [1, 1, 1, 1], timeUnit: .days)
        }
    }
}
