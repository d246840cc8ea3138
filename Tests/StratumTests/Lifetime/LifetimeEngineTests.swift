import Foundation
import LifetimeValue
import Reports
import TableIO
import Tables
import Testing
import VectorMath

@testable import Stratum

/// Lifetime models through the engine: from the raw CDNOW log to parameters, forecasts and the back-test.
struct LifetimeEngineTests {
    static func cdnow(asOf: String) -> OrderColumns {
        var columns = OrderColumns(id: "id", date: "date", amount: "amount")
        columns.asOf = CalendarDay.day(ofISO: asOf)
        return columns
    }

    static func specification(_ families: [LifetimeFamily]) -> LifetimeSpecification {
        var specification = LifetimeSpecification()
        specification.families = families
        specification.calibrationEnd = CalendarDay.day(ofISO: "1997-09-30")
        return specification
    }

    static func options(threads: Int = 2) -> RunOptions {
        var options = RunOptions()
        options.threadCount = threads
        options.sync = false
        options.force = true
        return options
    }

    /// A folder with the log as `log.csv`.
    static func folder(_ text: String? = nil) throws -> EngineTests.Folder {
        let folder = EngineTests.Folder()
        let text = try text ?? OrderLogEngineTests.cdnow()
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/log.csv"))
        return folder
    }

    static func fit(_ family: LifetimeFamily, _ folder: EngineTests.Folder) throws -> StoredLifetime {
        let path = folder.path + "/model.json"
        _ = try Engine.fitLifetime(
            inputs: [folder.path + "/log.csv"], of: .orders(cdnow(asOf: "1998-06-30")), specification([family]),
            output: path, options: options())
        return try StoredLifetime.decode(Array(Data(contentsOf: URL(fileURLWithPath: path))))
    }

    @Test(arguments: [
        (LifetimeFamily.bgNBD, [0.243, 4.414, 0.793, 2.426], -9582.429207),
        (.paretoNBD, [0.553, 10.578, 0.606, 11.669], -9594.976179),
    ])
    func theRawCDNOWLogGivesTheFitsOfFaderHardieAndLee2005(
        family: LifetimeFamily, parameters: [Double], logLikelihood: Double
    ) throws {
        let stored = try Self.fit(family, Self.folder())
        #expect(zip(stored.model.parameters, parameters).allSatisfy { abs($0 - $1) <= 5e-4 })
        #expect(abs(stored.fitted.logLikelihood - logLikelihood) <= 5e-7)
        #expect(stored.fitted.customerCount == 2_357 && stored.model.timeUnit == .weeks)
        #expect(stored.fitted.standardErrors.allSatisfy { $0 > 0 && $0 < 10 })
    }

    @Test func theRawCDNOWLogGivesTheSpendOfFaderAndHardie2013() throws {
        let fitted = try Self.fit(.bgNBD, Self.folder()).fitted
        guard case .gammaGamma(let model) = fitted.spend else {
            Issue.record("no gamma-gamma")
            return
        }
        #expect(zip([model.p, model.q, model.gamma], [6.25, 3.74, 15.44]).allSatisfy { abs($0 - $1) <= 5e-3 })
        #expect(abs(try #require(fitted.spendLogLikelihood) - -4055.917695) <= 5e-7)
        #expect(fitted.spendStandardErrors?.count == 3 && fitted.candidates.isEmpty)
    }

    /// The first customer: x = 2, t_x = 30.43, T = 38.86; the paper's 1.226 purchases in the next 39 weeks.
    @Test func theFirstCustomerOfCDNOWIsExpectedToBuyAsInFaderHardieAndLee2005() throws {
        let folder = try Self.folder()
        let stored = try Self.fit(.bgNBD, folder)
        var prediction = LifetimePrediction(horizon: TimeSpan(39, .weeks))
        prediction.discountRate = 0.1
        let output = folder.path + "/forecast.csv"
        _ = try Engine.predictLifetime(
            stored, inputs: [folder.path + "/log.csv"], of: .orders(Self.cdnow(asOf: "1997-09-30")), prediction,
            output: output, options: Self.options())
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        #expect(
            lines[0]
                == "id,probability_alive,expected_purchases,p_no_purchase,expected_average_spend,"
                + "discounted_lifetime_value")
        let first = lines[1].split(separator: ",").dropFirst().compactMap { Double($0) }
        #expect(lines.count == 2_358)
        #expect(abs(first[1] - 1.226) <= 5e-4)
        // With the paper's rounded parameters 24.663714 of a mean of 22.35.
        #expect(abs(first[3] - 24.66) <= 1e-2)
        let history = try PurchaseHistory(frequency: 2, recency: 213.0 / 7, age: 272.0 / 7)
        #expect(abs(first[0] - stored.model.probabilityAlive(history)) <= 5e-7)
        #expect(
            abs(first[2] - stored.model.probabilityOfNoPurchase(history, within: prediction.horizon)) <= 5e-7)
        let discounted = stored.model.discountedPurchases(history, try prediction.discounting())
        #expect(discounted < first[1])
        #expect(abs(first[4] - discounted * first[3]) <= 2e-5)
    }

    @Test func theModelsForetellCDNOWBetterThanTheLastPeriodRepeated() throws {
        let folder = try Self.folder()
        let result = try Engine.backtestLifetime(
            inputs: [folder.path + "/log.csv"], of: Self.cdnow(asOf: "1998-06-30"),
            Self.specification([.mbgNBD, .paretoNBD]), options: Self.options())
        guard case .backtest(let report) = result.tables else {
            Issue.record("no report")
            return
        }
        #expect(report.entries.map(\.name) == ["MBG/NBD", "Pareto/NBD", "last period repeated", "mean of last period"])
        #expect(report.holdOutDays == 273 && report.lastPeriodDays == 273)
        let found = report.entries.compactMap(\.purchases)
        let naive = found[2]
        #expect(naive.actualTotal == 1_882)
        // The repeat purchases of the calibration, counted by hand from the log's days.
        #expect(naive.predictedTotal == 2_457)
        for model in found[..<2] {
            #expect(model.rootMeanSquaredError < naive.rootMeanSquaredError)
            #expect(model.meanAbsoluteError < naive.meanAbsoluteError)
            #expect(abs(model.relativeBias ?? 1) < abs(naive.relativeBias ?? 0))
            #expect(zip(model.hitRates, naive.hitRates).allSatisfy { $0 > $1 })
        }
        #expect(abs((found[3].lifts[0] ?? 0) - 1) < 1e-9)
    }

    @Test func aTableOfHistoriesGivesTheFitOfItsLog() throws {
        let folder = try Self.folder()
        let fromOrders = try Self.fit(.mbgNBD, folder)
        let customers = try LifetimeCustomers.read(
            [InputSource(path: folder.path + "/log.csv")], of: .orders(Self.cdnow(asOf: "1997-09-30")),
            timeUnit: .days, Self.options()
        ) { _ in }
        var table = "id,x,last,today,spend\n"
        let spends = try #require(customers.histories.meanSpends)
        for (row, history) in customers.histories.population.historyOfCustomer.enumerated() {
            let known = customers.histories.population.history(Int(history))
            table += "\(row),\(known.frequency),\(known.recency),\(known.age),\(spends[row])\n"
        }
        let path = folder.path + "/histories.csv"
        try Data(table.utf8).write(to: URL(fileURLWithPath: path))
        var columns = HistoryColumns(id: "id", frequency: "x", recency: "last", age: "today", meanSpend: "spend")
        columns.timeUnit = .days
        var specification = Self.specification([.mbgNBD])
        specification.calibrationEnd = nil
        _ = try Engine.fitLifetime(
            inputs: [path], of: .histories(columns), specification, output: folder.path + "/other.json",
            options: Self.options(threads: 7))
        let stored = try StoredLifetime.decode(
            Array(Data(contentsOf: URL(fileURLWithPath: folder.path + "/other.json"))))
        #expect(stored.model == fromOrders.model)
        #expect(stored.fitted == fromOrders.fitted)
        #expect(stored.observationEnd == nil && fromOrders.observationEnd == CalendarDay.day(ofISO: "1997-09-30"))
    }

    @Test func aHoldOutMayDecideBetweenModels() throws {
        let folder = try Self.folder()
        var specification = Self.specification([.mbgNBD, .paretoNBD, .nbd])
        var chosen: [String] = []
        for criterion in LifetimeSpecification.Criterion.allCases {
            specification.criterion = criterion
            let result = try Engine.fitLifetime(
                inputs: [folder.path + "/log.csv"], of: .orders(Self.cdnow(asOf: "1998-06-30")), specification,
                output: folder.path + "/model.json", options: Self.options())
            guard case .lifetime(let report) = result.tables else { continue }
            chosen.append(report.model)
            let best = report.candidates.min {
                (criterion == .bic ? $0.bic! : $0.holdOutError!) < (criterion == .bic ? $1.bic! : $1.holdOutError!)
            }
            #expect(best?.name == report.model)
        }
        #expect(chosen == ["MBG/NBD", "Pareto/NBD"])
        specification.calibrationEnd = nil
        #expect {
            _ = try Engine.fitLifetime(
                inputs: [folder.path + "/log.csv"], of: .orders(Self.cdnow(asOf: "1998-06-30")), specification,
                output: folder.path + "/model.json", options: Self.options())
        } throws: {
            ($0 as? EngineError)?.kind == .optionConflict
        }
    }

    @Test func forecastsAreTheSameBytesForAnyThreadsAndLeaveRefundersEmpty() throws {
        let folder = try Self.folder(try OrderLogEngineTests.cdnow() + "0000,1997-03-01,-5\n")
        let stored = try Self.fit(.mbgNBD, folder)
        let files = try [1, 7].map { threads in
            let output = folder.path + "/forecast-\(threads).csv"
            _ = try Engine.predictLifetime(
                stored, inputs: [folder.path + "/log.csv"], of: .orders(Self.cdnow(asOf: "1998-06-30")),
                LifetimePrediction(horizon: TimeSpan(1, .years)), output: output,
                options: Self.options(threads: threads))
            return try String(contentsOfFile: output, encoding: .utf8)
        }
        #expect(files[0] == files[1])
        #expect(files[0].contains("\n0000,,,,,\n"))
    }

    @Test(arguments: [
        ("a,1.5,1,2", "no whole number"), ("a,1,3,2", "recency <= age"), ("a,1,0,2", "at the time of the first"),
        ("a,0,1,2", "without a repeat purchase"),
    ])
    func aHistoryThatCannotBeIsToldWithItsCustomer(row: String, problem: String) throws {
        let folder = try Self.folder("id,frequency,recency,T\nok,1,1,2\n\(row)\n")
        let columns = HistoryColumns(id: "id", frequency: "frequency", recency: "recency", age: "T")
        #expect {
            _ = try Engine.fitLifetime(
                inputs: [folder.path + "/log.csv"], of: .histories(columns), LifetimeSpecification(),
                output: folder.path + "/model.json", options: Self.options())
        } throws: {
            ($0 as? EngineError)?.kind == .unusableHistory && "\($0)".contains("customer 'a'")
                && "\($0)".contains(problem)
        }
    }

    @Test func aCutOrAlteredModelIsRefused() throws {
        let stored = try Self.fit(.paretoNBD, Self.folder())
        let bytes = try stored.encode()
        #expect(try StoredLifetime.decode(bytes) == stored)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: ModelError.self) { try StoredLifetime.decode(Array(bytes[..<count])) }
        }
        for place in stride(from: 0, to: bytes.count, by: 5) {
            var altered = bytes
            altered[place] ^= 1
            #expect(throws: ModelError.self) { try StoredLifetime.decode(altered) }
        }
        #expect(throws: ModelError.self) { try Model.decode(bytes) }
    }

    @Test func aModelOfTheEarlierFormatIsRefusedAsSuch() throws {
        let bytes = try Self.fit(.nbd, Self.folder()).encode()
        let older = String(decoding: bytes, as: UTF8.self).replacing("\"version\":2", with: "\"version\":1")
        #expect {
            try StoredLifetime.decode(Array(older.utf8))
        } throws: {
            ($0 as? ModelError)?.kind == .olderVersion && "\($0)".contains("fit again")
        }
    }

    @Test(arguments: [
        (#"{"gammaGamma":{"p":6.25,"q":3.74,"gamma":15.44}}"#, "gammaGamma"),
        (#"{"mean":{"_0":35,"because":"one mean was asked for"}}"#, "mean"), (#"{"unknown":{}}"#, "unknown"),
    ])
    func aModelOfSpendStandsInItsFileByItsKind(text: String, kind: String) throws {
        let spend = try JSONDecoder().decode(FittedLifetime.Spend.self, from: Data(text.utf8))
        #expect("\(spend)".contains(kind))
        let again = try JSONDecoder().decode(FittedLifetime.Spend.self, from: JSONEncoder().encode(spend))
        #expect(again == spend)
        #expect(throws: (any Error).self) {
            let wrong = text.replacing("3.74", with: "0.5").replacing("unknown", with: "none").replacing(
                "_0", with: "_1")
            _ = try JSONDecoder().decode(FittedLifetime.Spend.self, from: Data(wrong.utf8))
        }
    }

    @Test func historiesComeInPartsAsTheyComeAtOnce() throws {
        var table = "id,frequency,recency,T\n"
        for row in 0..<120_000 { table += "\(row),\(row % 7),\(row % 7 == 0 ? 0 : 1 + row % 5),\(10 + row % 90)\n" }
        let folder = try Self.folder(table)
        let columns = HistoryColumns(id: "id", frequency: "frequency", recency: "recency", age: "T")
        func reader() throws -> HistoryReader {
            try HistoryReader(
                [InputSource(path: folder.path + "/log.csv")], columns, timeUnit: .weeks, Self.options(threads: 3))
        }
        let whole = try reader().customers { _ in }.histories
        let parts = OrderedChunks<CustomerHistories>()
        let intake = try reader().forEachPart(rowCount: 30_000, onReject: { _ in }) { parts.append($0) }
        #expect(parts.all.count > 1 && intake.rows.accepted == 120_000)
        #expect(parts.all.flatMap(\.frequencies) == whole.frequencies)
        #expect(
            parts.all.flatMap { $0.pieces.flatMap { Array($0.identifiers.bytes) } }
                == whole.pieces.flatMap { Array($0.identifiers.bytes) })
        let model = try LifetimeModel(.mbgNBD, parameters: [0.5, 6, 0.9, 1.6], timeUnit: .weeks)
        let quantity = LifetimeQuantity.expectedPurchases(within: TimeSpan(52, .weeks))
        func told(_ histories: CustomerHistories) -> [Double] {
            let population = histories.population
            return population.perCustomer(
                model.predict(quantity, for: population, workers: Workers(threadCount: 2)))
        }
        #expect(parts.all.flatMap(told) == told(whole))
    }

    @Test func likelihoodsOfOpportunitiesAndDaysAreNotCompared() throws {
        let folder = try Self.folder("id,frequency,recency,T\na,1,1,6\n")
        let columns = HistoryColumns(id: "id", frequency: "frequency", recency: "recency", age: "T")
        var specification = LifetimeSpecification()
        specification.families = [.bgBB, .nbd]
        #expect {
            _ = try Engine.fitLifetime(
                inputs: [folder.path + "/log.csv"], of: .histories(columns), specification,
                output: folder.path + "/model.json", options: Self.options())
        } throws: {
            ($0 as? EngineError)?.kind == .optionConflict
        }
    }
}
