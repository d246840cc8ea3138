import Foundation
import Reports
import Rules
import Stratum
import TableIO
import TestSupport
import Testing

/// Classes by tier, segment, cell and other classes, through the engine.
struct NameRulesTests {
    private static func plan() -> Plan {
        var plan = LabelTests.plan()
        plan.classes.insert(
            .init(
                "step",
                rules: [
                    Rule(
                        "win back",
                        when: [Condition("recency_days", above: 90), Condition("tier", .atLeast("major"))]),
                    Rule("mail", when: [Condition("state", .among(["loyal", "won by score"]))]),
                    Rule("grow", when: [Condition("cell", .among(["grow"])), Condition("segment", .except(["b"]))]),
                    Rule("wait"),
                ]),
            at: 0)
        return plan
    }

    private func rows(_ text: String) -> [[String: Substring]] {
        let lines = EngineTests.fields(text.replacing("\"call by the account manager, in person\"", with: "call"))
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0].map(String.init), $0)) }
    }

    @Test func everyClassIsWhatTheRowSays() throws {
        let folder = EngineTests.Folder()
        let bytes = EngineTests.sample(3_000)
        _ = try EngineTests.run(bytes, Self.plan(), into: folder)
        let input = rows(String(decoding: bytes, as: UTF8.self))
        var seen: Set<Substring> = []
        for (customer, row) in zip(input, rows(try folder.text("out/scores.csv"))) {
            let days = customer["recency_days"].flatMap { Double($0) } ?? .nan
            let step =
                days > 90 && ["top", "major"].contains(row["tier"])
                ? "win back"
                : ["loyal", "won by score"].contains(row["state"])
                    ? "mail" : row["cell"] == "grow" && row["segment"] != "b" ? "grow" : "wait"
            #expect(row["step"] ?? "" == step)
            seen.insert(row["step"] ?? "")
        }
        #expect(seen.count == 4)
    }

    /// The slow twin: the rows of scores.csv with contacts, tier by tier in the plan's order, the greatest amounts first.
    @Test func eachTierHasAListOfItsOwn() throws {
        let folder = EngineTests.Folder()
        let bytes = EngineTests.sample(3_000)
        var plan = Self.plan()
        plan.workList = .init(capacity: 5, rankBy: "revenue_12m")
        plan.workList?.per = "tier"
        let result = try EngineTests.run(bytes, plan, into: folder)
        let amounts = rows(String(decoding: bytes, as: UTF8.self)).map {
            $0["revenue_12m"].flatMap { Double($0) } ?? -1
        }
        let scores = rows(try folder.text("out/scores.csv"))
        var wanted: [[Substring]] = []
        var candidateCount = 0
        for tier in plan.tiers.tiers.map(\.name) {
            let ids = zip(amounts, scores).filter { $1["tier"] ?? "" == tier && $1["contacts"] != "0" }
                .map { ($0, $1["customer_id"] ?? "") }.sorted { ($1.0, $0.1) < ($0.0, $1.1) }
            candidateCount += ids.count
            wanted += ids.prefix(5).enumerated().map { ["\($0 + 1)", $1.1, Substring(tier)] }
        }
        let list = rows(try folder.text("out/worklist.csv"))
        #expect(list.map { [$0["rank"] ?? "", $0["customer_id"] ?? "", $0["tier"] ?? ""] } == wanted)
        #expect(wanted.count > 10)
        #expect(
            result.workListNote
                == "Work list: \(wanted.count) of the \(candidateCount) customers whom a policy allows contacts, by "
                + "revenue_12m, highest first, 5 for each tier at most.")
    }

    @Test func runFitAndScoreGiveTheSameForAnyThreads() throws {
        let bytes = EngineTests.sample(5_000)
        var texts: Set<String> = []
        for threadCount in everyThreadCount {
            let folder = EngineTests.Folder()
            var options = RunOptions()
            options.threadCount = threadCount
            options.force = true
            let ran = try EngineTests.run(bytes, Self.plan(), threads: threadCount, into: folder)
            try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/in.csv"))
            let fitted = try Engine(plan: try Self.plan().resolved(), options: options)
                .fit(inputs: [folder.path + "/in.csv"], output: folder.path + "/m.json", rejects: nil, summary: nil)
            #expect(fitted.classes == ran.classes && fitted.policies == ran.policies)
            #expect(fitted.classes.count == 4 && fitted.classes[0].rows.map(\.customerCount).reduce(0, +) == 5_000)
            _ = try Engine.score(
                model: try #require(fitted.model), inputs: [folder.path + "/in.csv"], output: folder.path + "/s.csv",
                rejects: nil, summary: nil, workList: folder.path + "/w.csv", options: options)
            texts.insert(try folder.text("out/scores.csv"))
            texts.insert(try folder.text("s.csv"))
            #expect(try folder.text("w.csv") == folder.text("out/worklist.csv"))
        }
        #expect(texts.count == 1)
    }
}
