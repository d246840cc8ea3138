import Foundation
import Indicators
import Reports
import TestSupport
import Testing

@testable import Stratum

/// Plans of order lines whose customers are scored by recency, frequency and monetary value.
struct RFMPlanTests {
    static let text = """
        {"version": 1, "input": {"kind": "orders", "id": "id", "date": "date", "amount": "amount",
          "asOf": "1998-06-30", "rfm": 5},
         "dimensions": [{"name": "d", "indicators": ["total_spend", "r", "code"]}],
         "classes": [{"name": "state", "rules": [
            {"name": "champions", "when": {"r": {"atLeast": 4}, "f": {"atLeast": 4}, "m": {"atLeast": 4}}},
            {"name": "late", "when": {"r": {"atMost": 3}}}, {"name": "recent", "when": {"r": {"atLeast": 4}}},
            {"name": "never", "when": {"r": "missing"}}]}],
         "tiers": {"by": "code", "tiers": [{"name": "top", "share": 0.2}, "rest"]}}
        """

    static func plan(_ rfm: String = "5", _ replacing: [(String, String)] = []) throws -> ResolvedPlan {
        let text = ([(#""rfm": 5"#, #""rfm": \#(rfm)"#)] + replacing).reduce(text) {
            $0.replacingOccurrences(of: $1.0, with: $1.1)
        }
        return try Plan(json: Array(text.utf8)).resolved()
    }

    /// The lines of data/cdnow_orders.csv as those of `OrdersPlanTests.bytes`.
    static func cdnow() throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let text = try String(contentsOf: root.appending(path: "data/cdnow_orders.csv"), encoding: .utf8)
        return EngineTests.fields(text).dropFirst().map { "\($0[0]),\($0[1]),\($0[3])," }
    }

    /// Each row's cells under some headings, joined with commas.
    static func cells(_ bytes: [UInt8], _ headings: [String]) -> [String] {
        let rows = EngineTests.fields(String(decoding: bytes, as: UTF8.self))
        let places = headings.map { heading in rows[0].firstIndex { $0 == heading } ?? 0 }
        return rows.dropFirst().map { row in places.map { String(row[$0]) }.joined(separator: ",") }
    }

    @Test(arguments: [
        ("5", RFMSpecification(), false),
        (#"{"scores": 9, "nested": true}"#, changed { ($0.scoreCount, $0.isNested) = (9, true) }, false),
        (#"{"monetary": "mean", "scores": 3}"#, changed { $0.scoreCount = 3 }, true),
        (
            #"{"scores": 4, "nested": true, "cuts": {"recency": [30, 90, 365], "frequency": [1, 2, 4]}}"#,
            changed {
                ($0.scoreCount, $0.isNested) = (4, true)
                ($0.recencyCuts, $0.frequencyCuts) = ([30, 90, 365], [1, 2, 4])
            }, false
        ),
        (#"{"cuts": {"monetary": [10, 20.5, 50, 100]}}"#, changed { $0.monetaryCuts = [10, 20.5, 50, 100] }, false),
    ])
    func customersOfCDNOWHaveTheScoresOfTheVerb(rfm: String, specification: RFMSpecification, isMean: Bool) throws {
        let lines = try Self.cdnow()
        let run = try OrdersPlanTests.run(lines, Self.plan(rfm))
        let log = "id,date,amount\n" + lines.map { $0.dropLast() + "\n" }.joined()
        let verb = try RFMEngineTests.scored(log, specification, isMean: isMean)
        let headings = ["id", "r", "f", "m", "code"]
        let wanted = Self.cells(Array(verb.lines.joined(separator: "\n").utf8), headings)
        #expect(wanted.count == 2_357)
        #expect(Self.cells(run.scores, headings) == wanted)
        guard case .rfm(let report) = verb.result.tables, let cuts = try Model.decode(run.model).rfm else {
            Issue.record("no report, or no cuts")
            return
        }
        #expect(cuts.recency == report.recencyCuts)
        // Classes without customers have the cuts of all.
        for (kept, found) in zip(cuts.frequency + cuts.monetary, report.frequencyCuts + report.monetaryCuts)
        where !found.isEmpty {
            #expect(kept == found)
        }
    }

    private static func changed(_ change: (inout RFMSpecification) -> Void) -> RFMSpecification {
        var specification = RFMSpecification()
        change(&specification)
        return specification
    }

    static let end2024 = [("1998-06-30", "2024-12-31")]
    static let nested = #"{"nested": true, "monetary": "mean"}"#

    @Test(arguments: everyThreadCount) func aStoredModelScoresAsTheRunDid(threads: Int) throws {
        let lines = OrdersPlanTests.lines(seed: 8) + ["z,2024-05-05,-3,web"]
        let plan = try Self.plan(Self.nested, Self.end2024)
        let run = try OrdersPlanTests.run(lines, plan, threads: threads)
        #expect(try OrdersPlanTests.run(lines.reversed(), plan, threads: 1).scores == run.scores)
        #expect(try OrdersPlanTests.score(run.model, lines, threads: threads) == run.scores)
        let cells = Self.cells(run.scores, ["id", "r", "f", "m", "code", "state"])
        let unscoredCount = cells.count { $0.hasSuffix(",,,,,never") }
        #expect(cells.last == "z,,,,,never" && unscoredCount < 10)
        #expect(
            run.result.summary.warnings.contains(
                "\(unscoredCount) customers without a purchase have no scores of recency, frequency and monetary value")
        )
    }

    @Test func theSameFiguresHaveTheSameScoreEveryNight() throws {
        let lines = OrdersPlanTests.lines(seed: 11)
        let plan = try Self.plan(Self.nested, Self.end2024)
        let run = try OrdersPlanTests.run(lines, plan)
        // Of the customers of another night only those whose number ends with 7 are left: their scores stay.
        let left = lines.filter { $0.prefix { $0 != "," }.hasSuffix("7") }
        let night = String(decoding: try OrdersPlanTests.score(run.model, left, threads: 2), as: UTF8.self)
        let rows = String(decoding: run.scores, as: UTF8.self).split(separator: "\n")
        let same = rows.enumerated().filter { $0 == 0 || $1.prefix { $0 != "," }.hasSuffix("7") }.map(\.element)
        #expect(same.count > 20)
        #expect(night.split(separator: "\n") == same)
        // Four years later everybody's last purchase is long ago, by the cuts of the first day.
        let later = try OrdersPlanTests.score(run.model, lines, threads: 2, asOf: 21_500)
        #expect(Set(Self.cells(later, ["r"])).isSubset(of: ["1", ""]))
    }

    @Test func theSummaryStatesTheCuts() throws {
        let run = try OrdersPlanTests.run(Self.cdnow(), Self.plan(#"{"scores": 2, "cuts": {"recency": [100]}}"#))
        let results = JSONValue.object(run.result.summary.results).encoded(indented: false)
        let json = String(decoding: results, as: UTF8.self)
        #expect(
            json.contains(
                #""rfm":{"scores":2,"nested":false,"monetary":"total","customers_without_purchase":0,"cuts":{"#
                    + #""recency_days":[100],"frequency":[["#))
    }

    @Test func aModelWithOtherCutsThanItsPlansIsRefused() throws {
        let lines = OrdersPlanTests.lines(seed: 5)
        let model = try #require(try OrdersPlanTests.run(lines, Self.plan("5", Self.end2024)).result.model)
        let other = try #require(try OrdersPlanTests.run(lines, Self.plan("4", Self.end2024)).result.model?.rfm)
        for cuts in [nil, other] {
            var changed = model
            changed.rfm = cuts
            let bytes = try changed.encode()
            #expect(throws: ModelError.self) { try Model.decode(bytes) }
        }
        #expect(try Model.decode(try model.encode()) == model)
    }

    @Test func aModelWithoutScoresIsStoredAsBefore() throws {
        let run = try OrdersPlanTests.run(OrdersPlanTests.lines(seed: 5), OrdersPlanTests.plan())
        #expect(!String(decoding: run.model, as: UTF8.self).contains("rfm"))
    }

    @Test func aLogWithoutPurchasesHasNoCuts() throws {
        #expect {
            try OrdersPlanTests.run(["a,1998-01-01,-3,", "b,1998-01-02,-4,"], Self.plan())
        } throws: {
            ($0 as? EngineError)?.kind == .noCustomers && "\($0)".contains("drop 'rfm'")
        }
    }

    @Test(arguments: [
        "5", "2", #"{"scores": 9}"#, #"{"nested": true}"#, #"{"monetary": "mean"}"#,
        #"{"scores": 3, "cuts": {"recency": [30, 90.5], "monetary": [-1, 1e3]}}"#,
        #"{"cuts": {"frequency": [1, 2, 3, 4]}}"#,
    ])
    func aPlanReadsAsItWasWritten(rfm: String) throws {
        let plan = try Self.plan(rfm)
        #expect(plan.plan.input.orders?.rfm != nil)
        #expect(try Plan(json: plan.json.encoded(indented: true)).resolved() == plan)
    }

    @Test func aNumberAloneIsTheNumberOfScores() throws {
        #expect(try Self.plan("7") == Self.plan(#"{"scores": 7, "nested": false, "monetary": "total"}"#))
    }

    @Test(arguments: [
        ("1", "1 scores", "input.rfm.scores", "give 2 to 9"),
        (#"{"scores": 10}"#, "10 scores", "input.rfm.scores", "give 2 to 9"),
        ("five", "number", "input.rfm", ""), ("2.5", "2.5 is not a whole number", "input.rfm", ""),
        (#"{"score": 5}"#, "score", "input.rfm", "did you mean 'scores'?"),
        (#"{"monetary": "median"}"#, "'median'", "input.rfm.monetary", "total, mean"),
        (
            #"{"cuts": {"recency": [30, 90]}}"#, "2 cuts for 5 scores", "input.rfm.cuts.recency",
            "give 4: the largest value of each class but the last"
        ),
        (
            #"{"scores": 3, "cuts": {"monetary": [90, 90]}}"#, "cuts that do not rise", "input.rfm.cuts.monetary",
            "give the lowest first, each once"
        ),
        (#"{"cuts": {"frequency": []}}"#, "empty", "input.rfm.cuts.frequency", ""),
    ])
    func aMistakeIsNamedWithItsPlaceAndARemedy(rfm: String, problem: String, place: String, remedy: String) {
        do {
            _ = try Self.plan(rfm.first == "f" ? "\"\(rfm)\"" : rfm)
            Issue.record("\(rfm) is taken")
        } catch {
            for part in [problem, place, remedy] where !part.isEmpty {
                #expect("\(error)".contains(part), "\(error)")
            }
        }
    }

    @Test(arguments: [
        (#""id": "id""#, #""id": "code""#, "input.id"), (#""name": "d""#, #""name": "m""#, "dimensions[0].name"),
        (#""name": "state""#, #""name": "f""#, "classes[0].name"),
        (#""dimensions""#, #""derived": {"r": "total_spend / 2"}, "dimensions""#, "derived.r"),
    ])
    func anotherThingWithTheNameOfAScoreIsRefused(part: String, other: String, place: String) {
        #expect {
            try Self.plan("5", [(part, other)])
        } throws: { error in
            ["is a column of 'rfm'", place, "choose another name"].allSatisfy { "\(error)".contains($0) }
        }
    }

    @Test func scoresThatThePlanDoesNotAskForAreNamedWithTheirRemedy() {
        #expect {
            try Self.plan("5", [(#", "rfm": 5"#, "")])
        } throws: {
            "\($0)".contains("add 'rfm: 5' to the input")
        }
        #expect {
            try OrdersPlanTests.plan([(#""segments": 3"#, #""output": {"columns": ["rfm"]}"#)])
        } throws: {
            "\($0)".contains("output.columns[0]") && "\($0)".contains("add 'rfm: 5'")
        }
    }
}
