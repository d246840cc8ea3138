import Foundation
import Testing

/// `stratum explain` as a process, and the reasons of `run` and `score`.
struct ExplainTests {
    private static func data(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../data/\(name)")
            .standardizedFileURL.path
    }

    private static func scene(_ customers: Int = 3000) throws -> Folder {
        let folder = try Folder()
        try #require(Tool.run("generate", "--customers", "\(customers)", "-o", "c.csv", "-q", in: folder).status == 0)
        let outcome = try Tool.run(
            "run", data("plans/scoring.yaml"), "c.csv", "--reasons", "-o", "out", "-q", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return folder
    }

    private static func json(_ outcome: Tool.Outcome) throws -> [[String: Any]] {
        let root = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any]
        return try #require(root?["customers"] as? [[String: Any]])
    }

    @Test func theTableIsAsRecordedInChinese() throws {
        let folder = try Folder()
        try #require(
            Tool.run("run", Self.data("plans/零售.yaml"), Self.data("零售.csv"), "-q", "-o", "out", in: folder).status == 0)
        let outcome = try Tool.run(
            "explain", "out/model.json", Self.data("零售.csv"), "--id", "客户00042", "-q", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let golden = Self.data("golden/零售/explain.txt")
        if ProcessInfo.processInfo.environment["STRATUM_RECORD"] != nil {
            try Data(outcome.output).write(to: URL(fileURLWithPath: golden))
            Issue.record("recorded explain.txt; look at the difference before you commit it")
        }
        #expect(outcome.text == (try String(contentsOfFile: golden, encoding: .utf8)))
    }

    @Test func contributionsSumToTheScoreAndReasonsAreTheirDifferences() throws {
        let folder = try Self.scene()
        let rows = String(decoding: try folder.read("out/scores.csv"), as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let up = try #require(rows[0].firstIndex(of: "reasons_up"))
        for row in [rows[1], rows[700], rows[2999]] {
            let outcome = try Tool.run("explain", "out/model.json", "c.csv", "--id", row[0], "--json", in: folder)
            let customer = try #require(try Self.json(outcome).first)
            let dimensions = try #require(customer["dimensions"] as? [[String: Any]])
            let indicators = dimensions.flatMap { $0["indicators"] as? [[String: Any]] ?? [] }
            let contributions = indicators.map { $0["contribution"] as? Double ?? .nan }
            let sum: Double = contributions.reduce(0, +)
            let score: Double = customer["score"] as? Double ?? .nan
            #expect(abs(sum - score) < 1e-9)
            let largest = indicators.map { $0["difference"] as? Double ?? .nan }.sorted(by: >)
            let told = row[up].split(separator: "; ").compactMap { Double($0.split(separator: " ").last ?? "") }
            let tellable = largest.prefix(2).filter { $0 > 0.05 }
            #expect(told.count == tellable.count)
            for (text, value) in zip(told, largest) { #expect(abs(text - value) <= 0.0501) }
        }
    }

    @Test func scoreTellsTheSameReasonsAsRunForAnyThreads() throws {
        let folder = try Self.scene()
        for threads in ["1", "2", "7"] {
            let outcome = try Tool.run(
                "score", "out/model.json", "c.csv", "--reasons", "-o", "s.csv", "-q", "--force", "--threads", threads,
                in: folder)
            #expect(outcome.status == 0)
            #expect(try folder.read("s.csv") == folder.read("out/scores.csv"))
        }
    }

    @Test func theValueNeededLiftsTheCustomerToTheNextTier() throws {
        let folder = try Self.scene()
        let lines = String(decoding: try folder.read("c.csv"), as: UTF8.self).split(separator: "\n").map(String.init)
        let header = lines[0].split(separator: ",").map(String.init)
        var changed = [lines[0]]
        var expected: [String] = []
        for place in stride(from: 1, to: 400, by: 7) {
            let cells = lines[place].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let outcome = try Tool.run("explain", "out/model.json", "c.csv", "--id", cells[0], "--json", in: folder)
            let customer = try #require(try Self.json(outcome).first)
            guard let next = customer["next_tier"] as? [String: Any] else { continue }
            for dimension in customer["dimensions"] as? [[String: Any]] ?? [] {
                for indicator in dimension["indicators"] as? [[String: Any]] ?? [] {
                    guard let needed = indicator["needed"] as? Double, let name = indicator["name"] as? String,
                        let column = header.firstIndex(of: name)
                    else { continue }
                    var lifted = cells
                    lifted[0] += "-\(name)"
                    lifted[column] = "\(needed)"
                    changed.append(lifted.joined(separator: ","))
                    expected.append(next["name"] as? String ?? "")
                }
            }
        }
        #expect(expected.count > 50)
        try folder.write(changed.map { $0 + "\n" }.joined(), to: "lifted.csv")
        try #require(Tool.run("score", "out/model.json", "lifted.csv", "-o", "l.csv", "-q", in: folder).status == 0)
        let tiers = String(decoding: try folder.read("l.csv"), as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let tier = try #require(tiers[0].firstIndex(of: "tier"))
        #expect(tiers.dropFirst().map { $0[tier] } == expected)
    }

    /// What is told as needed of counts, days, answers and words is one, does lift, and the one before it does not.
    @Test func theNextWholeNumberOrWordThatSufficesIsTold() throws {
        let folder = try Folder()
        let (plan, export) = (Self.data("plans/accounts.yaml"), Self.data("accounts.csv"))
        try #require(Tool.run("run", plan, export, "-q", "-o", "out", in: folder).status == 0)
        let lines = try String(contentsOfFile: export, encoding: .utf8).split(separator: "\n").map(String.init)
        let header = lines[0].split(separator: ",").map(String.init)
        let whole = ["orders_12m", "days_since_last_purchase", "referrals", "satisfaction", "brand_image", "nps"]
        let steps = [
            "orders_12m": -1, "days_since_last_purchase": 1, "referrals": -1, "satisfaction": -1, "brand_image": -1,
        ]
        let grades = ["bronze", "silver", "gold", "platinum"]
        var changed = [lines[0]]
        var expected: [(tier: String, lifts: Bool)] = []
        for place in stride(from: 1, to: lines.count, by: 3) {
            let cells = lines[place].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let outcome = try Tool.run(
                "explain", "out/model.json", export, "--id", cells[0], "--json", "-q", in: folder)
            let customer = try #require(try Self.json(outcome).first)
            guard let next = (customer["next_tier"] as? [String: Any])?["name"] as? String else { continue }
            func change(_ name: String, _ text: String, lifts: Bool) throws {
                var lifted = cells
                lifted[0] += "-\(changed.count)"
                lifted[try #require(header.firstIndex(of: name))] = text
                changed.append(lifted.joined(separator: ","))
                expected.append((next, lifts))
            }
            for indicator in (customer["dimensions"] as? [[String: Any]] ?? [])
                .flatMap({ $0["indicators"] as? [[String: Any]] ?? [] })
            {
                let name = try #require(indicator["name"] as? String)
                if let word = indicator["needed_word"] as? String, name == "contract_grade" {
                    let grade = try #require(grades.firstIndex(of: word))
                    try change(name, word, lifts: true)
                    if grade > 0 { try change(name, grades[grade - 1], lifts: false) }
                }
                guard let needed = indicator["needed"] as? Double, whole.contains(name) else { continue }
                #expect(needed == needed.rounded())
                try change(name, "\(Int(needed))", lifts: true)
                let before = Int(needed) + (steps[name] ?? 0)
                let least = ["satisfaction": 1, "brand_image": -3][name] ?? 0
                if before != Int(needed), before >= least { try change(name, "\(before)", lifts: false) }
            }
        }
        #expect(expected.count > 100 && expected.contains { !$0.lifts })
        try folder.write(changed.map { $0 + "\n" }.joined(), to: "lifted.csv")
        try #require(Tool.run("score", "out/model.json", "lifted.csv", "-o", "l.csv", "-q", in: folder).status == 0)
        let tiers = String(decoding: try folder.read("l.csv"), as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let tier = try #require(tiers[0].firstIndex(of: "tier"))
        for (row, expected) in zip(tiers.dropFirst(), expected) {
            #expect((row[tier] == expected.tier) == expected.lifts, "\(row[0])")
        }
    }

    @Test func wordsAreShownForTheNumbersThatTheyStandFor() throws {
        let folder = try Folder()
        let (plan, export) = (Self.data("plans/客户档案.yaml"), Self.data("客户档案.csv"))
        try #require(Tool.run("run", plan, export, "-q", "-o", "out", in: folder).status == 0)
        let outcome = try Tool.run("explain", "out/model.json", export, "--id", "A00004", "-q", in: folder)
        let lines = outcome.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains(["合同等级", "铜", "银"]))
        #expect(lines.contains { $0.starts(with: ["订阅资讯", "是"]) })
    }

    /// A cut-off between two counts is passed by the larger one.
    @Test func countsThatCustomersAreRankedByLackWholeNumbers() throws {
        let folder = try Folder()
        try #require(Tool.run("generate", "--customers", "500", "-o", "c.csv", "-q", in: folder).status == 0)
        try folder.write(
            "version: 1\ndimensions: [{name: a, indicators: [nps, {name: order_count, kind: count}]}]\n"
                + "tiers: {by: {column: order_count}, tiers: [{name: many, atLeast: 7.5}, few]}\n"
                + "output: {columns: [tier, pointsToNextTier]}\n", to: "p.yaml")
        try #require(Tool.run("run", "p.yaml", "c.csv", "-o", "out", "-q", in: folder).status == 0)
        let counts = String(decoding: try folder.read("c.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
            .map { Int($0.split(separator: ",", omittingEmptySubsequences: false)[2]) ?? 0 }
        let rows = String(decoding: try folder.read("out/scores.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
        for (row, count) in zip(rows, counts) {
            #expect(row.hasSuffix(count > 7 ? ",many," : ",few,\(8 - count).000"), "\(row)")
        }
        let few = try #require(zip(rows, counts).first { $1 == 5 }?.0.split(separator: ",").first)
        let outcome = try Tool.run("explain", "out/model.json", "c.csv", "--id", String(few), "-q", in: folder)
        #expect(outcome.text.contains("3 of order_count lack to many, from 8."))
    }

    @Test func anIdThatIsNotThereIsToldWithWhatWasRead() throws {
        let folder = try Self.scene(500)
        let outcome = try Tool.shell("stratum explain out/model.json - --id nobody < c.csv", in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("no customer 'nobody': 500 customers read, none rejected"))
    }

    @Test func reasonsOfAGeometricMeanAreRefusedInRunAndScore() throws {
        let folder = try Self.scene(500)
        try folder.write(
            "version: 1\naggregation: geometric\ndimensions: [{name: a, indicators: [revenue_12m, nps]}]\n",
            to: "g.yaml")
        try #require(Tool.run("fit", "g.yaml", "c.csv", "-o", "g.json", "-q", in: folder).status == 0)
        let score = try Tool.run("score", "g.json", "c.csv", "--reasons", "-o", "g.csv", in: folder)
        let run = try Tool.run("run", "g.yaml", "c.csv", "--reasons", "-o", "g", in: folder)
        for outcome in [score, run] {
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("do not sum to a geometric mean"))
        }
        let explained = try Tool.run("explain", "g.json", "c.csv", "--id", "C000000001", in: folder)
        #expect(explained.status == 0 && explained.text.contains("This score is no sum"))
    }
}
