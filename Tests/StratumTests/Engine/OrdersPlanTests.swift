import Foundation
import LifetimeValue
import Reports
import Synchronization
import TableIO
import Tables
import TestSupport
import Testing

@testable import Indicators
@testable import Stratum

/// Plans of order lines: from the log to scores.
struct OrdersPlanTests {
    static let text = """
        {"version": 1, "input": {"kind": "orders", "id": "id", "date": "date", "amount": "amount", "channel": "channel",
          "asOf": "2024-12-31", "windows": {"count": 2, "days": 90},
          "lifetime": {"model": "mbgNBD", "timeUnit": "weeks", "horizon": "26 weeks",
            "discountRate": "10% per year", "margin": "30%"}},
         "dimensions": [
          {"name": "now", "indicators": [{"name": "spend", "column": "total_spend"}, "spend_window_1",
            "distinct_channels", {"name": "days_since_last_purchase", "direction": "lower"}]},
          {"name": "later", "indicators": ["probability_alive", "discounted_lifetime_value"]}],
         "value": "total_spend", "segments": 3}
        """

    static func plan(_ replacing: [(String, String)] = []) throws -> ResolvedPlan {
        let text = replacing.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        return try Plan(json: Array(text.utf8)).resolved()
    }

    static func lines(seed: Int, count: Int = 3_000) -> [String] {
        // Customers differ in how often they buy and in how soon they leave.
        var random = RepeatableGenerator(seed: seed)
        var lines: [String] = []
        var customer = 0
        while lines.count < count {
            customer += 1
            var day = 19_400 + random.integer(in: 0...500)
            let pause = [10, 20, 40, 90, 200][random.integer(in: 0...4)]
            let stay = [2, 5, 20][random.integer(in: 0...2)]
            repeat {
                let cents = random.integer(in: -300...9_000)
                lines.append(
                    "c\(customer),\(CalendarDay.text(day)),\(Double(cents) / 100),"
                        + ["web", "", "shop"][random.integer(in: 0...2)])
                day += random.integer(in: 1...2 * pause)
            } while random.integer(in: 0...stay) > 0 && day < 20_100
        }
        return Array(lines.prefix(count))
    }

    static func bytes(_ lines: [String]) -> [UInt8] {
        Array(("id,date,amount,channel\n" + lines.joined(separator: "\n") + "\n").utf8)
    }

    struct Outcome {
        let result: RunResult
        let scores: [UInt8]
        let model: [UInt8]
    }

    static func run(_ lines: [String], _ plan: ResolvedPlan, threads: Int = 2) throws -> Outcome {
        let folder = EngineTests.Folder()
        var options = RunOptions()
        options.threadCount = threads
        options.sync = false
        let result = try Engine(plan: plan, options: options).run(
            InputSource(bytes: bytes(lines), name: "log"), outputFolder: folder.path + "/out")
        return Outcome(
            result: result, scores: try folder.bytes("out/scores.csv"), model: try folder.bytes("out/model.json"))
    }

    static func score(_ model: [UInt8], _ lines: [String], threads: Int, asOf: Int? = nil) throws -> [UInt8] {
        var options = RunOptions()
        options.threadCount = threads
        options.asOf = asOf
        let written = Mutex<[UInt8]>([])
        _ = try Engine.score(
            model: try Model.decode(model), InputSource(bytes: bytes(lines), name: "log"), options: options
        ) { new in written.withLock { $0 += new } }
        return written.withLock { $0 }
    }

    @Test(arguments: everyThreadCount) func noOrderOfLinesAndNoThreadChangesAByte(threads: Int) throws {
        let lines = Self.lines(seed: 4)
        let first = try Self.run(lines, Self.plan(), threads: 1)
        var random = RepeatableGenerator(seed: threads)
        let second = try Self.run(lines.shuffled(using: &random), Self.plan(), threads: threads)
        #expect(first.scores == second.scores)
        #expect(try Model.decode(first.model).lifetime == Model.decode(second.model).lifetime)
    }

    @Test(arguments: everyThreadCount) func aStoredModelScoresAsTheRunDid(threads: Int) throws {
        let lines = Self.lines(seed: 6)
        let run = try Self.run(lines, Self.plan())
        #expect(try Self.score(run.model, lines, threads: threads) == run.scores)
        // Another night: the parameters stay, the customers' dates move on.
        let night = try Self.score(run.model, lines, threads: threads, asOf: 20_200)
        #expect(night != run.scores && night.count { $0 == 0x0A } == run.scores.count { $0 == 0x0A })
    }

    @Test func lifetimeColumnsAreThoseOfTheLibrary() throws {
        let lines = Self.lines(seed: 9)
        let run = try Self.run(lines, Self.plan([(#", "segments": 3"#, "")]))
        let fitted = try #require(run.result.model?.lifetime)
        let histories = try PurchaseHistoriesTests.histories(
            "id,date,amount,channel\n" + lines.joined(separator: "\n") + "\n", asOf: "2024-12-31")
        var rows: [String: [String]] = [:]
        let cells = EngineTests.fields(String(decoding: run.scores, as: UTF8.self)).map { $0.map(String.init) }
        let place = try #require(cells[0].firstIndex(of: "probability_alive"))
        for row in cells.dropFirst() { rows[row[0]] = row }
        let discounting = try Discounting(
            horizon: TimeSpan(26, .weeks), rate: 0.1, period: TimeSpan(1, .years), step: TimeSpan(1, .months))
        var count = 0
        for chunk in histories.chunks {
            for (customer, row) in chunk.rows.enumerated() {
                let id = String(decoding: chunk.identifiers[Int(row)], as: UTF8.self)
                let history = try PurchaseHistory(
                    frequency: Int(chunk.frequencies[customer]), recency: Double(chunk.recencies[customer]) / 7,
                    age: Double(chunk.ages[customer]) / 7)
                let spend = fitted.expectedAverageSpend(
                    frequency: history.frequency, meanSpend: chunk.meanSpends[customer])
                let values = [
                    fitted.purchases.probabilityAlive(history),
                    fitted.purchases.expectedPurchases(history, within: TimeSpan(26, .weeks)), spend,
                    fitted.purchases.discountedPurchases(history, discounting) * spend * 0.3,
                ]
                let written = try #require(rows[id])[place..<place + 4].map { Double($0)! }
                #expect(zip(values, written).allSatisfy { abs($0 - $1) <= 5.1e-7 + 1e-9 * $0.magnitude }, "\(id)")
                count += 1
            }
        }
        #expect(count > 300)
    }

    @Test func customersWithRefundsAloneHaveNoLifetimeAndAreTold() throws {
        let run = try Self.run(Self.lines(seed: 2) + ["z,2024-05-05,-3,web"], Self.plan())
        let row = try #require(String(decoding: run.scores, as: UTF8.self).split(separator: "\n").last)
        #expect(row.hasPrefix("z,") && row.contains(",,,,"), "\(row)")
        #expect(run.result.summary.warnings.contains { $0.contains("customers have refunds alone") })
    }

    @Test func aFitThatFailsIsNamedOrLeavesItsColumnsMissing() throws {
        let lines = (0..<30).map { "c\($0),2024-06-\($0 % 28 + 1 < 10 ? "0" : "")\($0 % 28 + 1),\($0),web" }
        #expect(throws: EngineError.self) { try Self.run(lines, Self.plan()) }
        do {
            _ = try Self.run(lines, Self.plan())
        } catch let error as EngineError {
            #expect(error.kind == .lifetimeFit)
            #expect("\(error)".contains("nobody bought a second time") && "\(error)".contains("leaveMissing"))
        }
        let plan = try Self.plan([(#""margin""#, #""whenItFails": "leaveMissing", "margin""#)])
        let run = try Self.run(lines, plan)
        #expect(run.result.model?.lifetime == nil)
        #expect(run.result.summary.warnings.contains { $0.hasPrefix("no lifetime values") })
        #expect(try Self.score(run.model, lines, threads: 1) == run.scores)
    }

    @Test func whatTheLogGaveIsInTheSummary() throws {
        let result = try Self.run(Self.lines(seed: 3) + ["c1,2024-13-01,4,web"], Self.plan()).result
        #expect(result.summary.rows.read == 3_001 && result.summary.rows.rejected == 1)
        #expect(result.firstRejects == ["log, line 3002, column date: invalid_date: c1,2024-13-01,4,web"])
        let json = String(decoding: JSONValue.object(result.summary.results).encoded(indented: false), as: UTF8.self)
        for part in [#""lifetime""#, #""log_likelihood""#, #""time_unit":"weeks""#, #""as_of":"2024-12-31""#] {
            #expect(json.contains(part), "\(part)")
        }
    }

    @Test func aModelWithoutTheLifetimeOfItsPlanIsRefused() throws {
        let run = try Self.run(Self.lines(seed: 5), Self.plan())
        var model = try #require(run.result.model)
        model.lifetime = nil
        let bytes = try model.encode()
        #expect(throws: ModelError.self) { try Model.decode(bytes) }
    }

    @Test func aResolvedPlanOfOrdersReadsAsItself() throws {
        for replacing in [
            [],
            [(#""amount": "amount""#, #""price": "p", "quantity": "q", "refunds": {"column": "t", "words": ["R"]}"#)],
            [(#""mbgNBD""#, #""mbgCNBD-3""#), ("26 weeks", "1.5 years"), ("10% per year", "0.02 per 30 days")],
            [(#""asOf""#, #""dateFormat": "day-first", "utcOffset": "-05:30", "spend": "gross", "asOf""#)],
        ] {
            let plan = try Self.plan(replacing)
            #expect(try Plan(json: plan.json.encoded(indented: true)).resolved() == plan)
        }
    }

    @Test(arguments: [
        (#""total_spend"}"#, #""total_spent"}"#, "did you mean 'total_spend'?"),
        (#""date": "date", "#, "", "the key 'date' is missing"),
        (#""amount": "amount", "#, "", "the order lines have no amount"),
        (#""amount": "amount""#, #""amount": "amount", "price": "p""#, "drop one of the two"),
        (#""amount": "amount""#, #""price": "p""#, "a price without a quantity"),
        ("26 weeks", "26 weks", "no length of time"), ("10% per year", "10%", "10% per year"),
        (#""mbgNBD""#, #""mbgNBS""#, "did you mean 'mbgNBD'?"), ("30%", "130%", "input.lifetime.margin"),
        ("2024-12-31", "31.12.2024", "no date"), (#""orders""#, #""customers""#, "kind: customers has no 'date'"),
        (#""spend_window_1","#, #"{"name": "spend_window_1", "admissible": {"minimum": 0}},"#, "limits reject records"),
        (#""spend_window_1""#, #""spend_window_3""#, "no column 'spend_window_3'"),
    ])
    func aMistakeInAPlanOfOrdersIsNamed(part: String, other: String, message: String) {
        do {
            _ = try Self.plan([(part, other)])
            Issue.record("\(other) is taken")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }
}
