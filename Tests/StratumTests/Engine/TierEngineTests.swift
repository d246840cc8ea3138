import Reports
import Stratum
import TableIO
import TestSupport
import Testing
import Tiers

struct TierEngineTests {
    private typealias Folder = EngineTests.Folder

    /// Customers of four regions, one of them without a name; with `later`, other amounts and other customers.
    private static func customers(later: Bool = false) -> [UInt8] {
        var generator = RepeatableGenerator(seed: 8)
        var text = "id,revenue,days,margin,overdue,overdue_days,region\n"
        for row in 0..<4_000 {
            let revenue = Double(generator.integer(in: 1...40_000)) / 4
            let regions = ["north", " süd", "\"w, 1\"", ""]
            let rest =
                "\(generator.integer(in: 0...450)),\(generator.integer(in: -20...300)),"
                + "\(generator.integer(in: 0...3) / 3 * 50),\(generator.integer(in: 0...200)),"
                + regions[generator.integer(in: 0...3)]
            let change = generator.unit() / 5 + 0.9
            if later, row % 9 == 0 { continue }
            text += "\(later && row % 11 == 0 ? "new" : "c")\(row),\(later ? revenue * change : revenue),\(rest)\n"
        }
        if later { text += "z,5000,0,5,0,0,elsewhere\n" }
        return Array(text.utf8)
    }

    private static let layered = """
        {"version": 1, "dimensions": [{"name": "e", "indicators": ["revenue"]}], "value": "revenue",
         "input": {"id": "id"}, "output": {"columns": ["tier", "flags"]},
         "tiers": {"by": "revenue", "perGroup": "region", "hysteresis": "5%",
          "tiers": [{"name": "VIP", "atLeast": 9000}, {"name": "gold", "share": "20%"}, "rest"],
          "inactive": {"column": "days", "beyond": 365}, "negative": {"column": "margin"},
          "badDebt": {"column": "overdue", "days": {"column": "overdue_days", "above": 90}}}}
        """

    private static func plan(_ text: String = layered) throws -> ResolvedPlan {
        try Plan(json: Array(text.utf8)).resolved()
    }

    private func run(
        _ bytes: [UInt8], _ plan: ResolvedPlan, into folder: Folder, name: String = "out", threads: Int = 2,
        previous: String? = nil, frozen: Model? = nil
    ) throws -> RunResult {
        var options = RunOptions()
        options.threadCount = threads
        options.sync = false
        options.force = true
        options.previousScores = previous
        options.frozenTiers = frozen
        return try Engine(plan: plan, options: options).run(
            InputSource(bytes: bytes, name: "sample"), outputFolder: folder.path + "/" + name)
    }

    private func rows(_ text: String) -> [String: [Substring]] {
        Dictionary(uniqueKeysWithValues: EngineTests.fields(text).dropFirst().map { (String($0[0]), $0) })
    }

    @Test func tiersAreThoseOfAPlainComputation() throws {
        let folder = Folder()
        let result = try run(Self.customers(), try Self.plan(), into: folder)
        let model = try #require(result.model)
        #expect(model.tiers.groups?.groups.map(\.name) == ["north", "süd", "w, 1"])
        let output = rows(try folder.text("out/scores.csv"))
        let input = String(decoding: Self.customers(), as: UTF8.self).split(separator: "\n").dropFirst()
        var amounts: [String: [Double]] = [:]
        var counts: [Substring: Int] = [:]
        for line in input {
            let cells = line.split(separator: ",", maxSplits: 6, omittingEmptySubsequences: false)
            let numbers = cells[1...5].map { Double($0)! }
            let region = cells[6].trimmingPrefix(" ").split(separator: "\"").joined()
            let tier = try #require(output[String(cells[0])])
            let standing =
                numbers[3] > 0 && numbers[4] > 90
                ? "bad debt" : numbers[2] < 0 ? "loss-making" : numbers[1] > 365 ? "inactive" : nil
            counts[tier[1], default: 0] += 1
            if let standing {
                #expect(tier[1] == standing)
            } else {
                #expect((tier[1] == "VIP") == (numbers[0] >= 9_000))
                #expect(tier[2] == (region.isEmpty ? "no_group" : ""))
                if numbers[0] < 9_000 { amounts[region, default: []].append(numbers[0]) }
            }
        }
        for group in try #require(model.tiers.groups).groups {
            let falling = try #require(amounts[group.name]).sorted(by: >)
            let end = Int((Double(falling.count) * 0.2 + 0.5).rounded(.down))
            #expect(group.lowerBounds == [9_000, falling[end - 1]])
        }
        let table = EngineTests.fields(try folder.text("out/tiers.csv"))
        #expect(table[0].first == "group" && table.count == 1 + 6 + 3 * 6)
        for row in table.dropFirst().prefix(6) { #expect(counts[row[1], default: 0] == Int(row[3])) }
    }

    @Test func scoreGivesTheRowsOfAFrozenRunForAnyThreadCount() throws {
        let folder = Folder()
        let first = try run(Self.customers(), try Self.plan(), into: folder)
        let model = try #require(first.model)
        let later = Self.customers(later: true)
        let scores = folder.path + "/out/scores.csv"
        var texts: [String] = []
        for threads in everyThreadCount {
            let result = try run(
                later, try Self.plan(), into: folder, name: "later\(threads)", threads: threads, previous: scores,
                frozen: model)
            texts.append(try folder.text("later\(threads)/scores.csv"))
            #expect(result.model?.tiers == model.tiers)
            let tiers = try #require(result.summary.json["tiers"])
            #expect(tiers["cut_offs"] == "frozen")
            let moves = try #require(tiers["since_last_run"])
            #expect(moves["new"] == .integer(later.split(separator: 0x0A).count { $0.starts(with: "new".utf8) } + 1))
            var options = RunOptions()
            options.threadCount = threads
            options.previousScores = scores
            let input = folder.path + "/later.csv"
            try write(later, to: input)
            let output = folder.path + "/streamed\(threads).csv"
            let streamed = try Engine.score(
                model: model, inputs: [input], output: output, rejects: nil, summary: nil, options: options)
            texts.append(try folder.text("streamed\(threads).csv"))
            #expect(streamed.summary.json["tiers"]?["since_last_run"] == moves)
            #expect(streamed.summary.json["tiers"]?["groups"] == tiers["groups"])
        }
        #expect(texts.allSatisfy { $0 == texts[0] })
        #expect(texts[0].contains("tier_kept") && texts[0].contains("no_group"))
    }

    @Test func keptCustomersAreWithinTheMarginOfTheirOldTier() throws {
        let folder = Folder()
        let first = try run(Self.customers(), try Self.plan(), into: folder)
        let before = rows(try folder.text("out/scores.csv"))
        let later = Self.customers(later: true)
        _ = try run(
            later, try Self.plan(), into: folder, name: "b", previous: folder.path + "/out/scores.csv",
            frozen: first.model)
        let kept = rows(try folder.text("b/scores.csv")).filter { $0.value[2].hasPrefix("tier_kept") }
        #expect(kept.count > 5)
        for (id, row) in kept { #expect(before[id]?[1] == row[1]) }
    }

    @Test func aHysteresisWithoutEarlierScoresIsAWarning() throws {
        let folder = Folder()
        let result = try run(Self.customers(), try Self.plan(), into: folder)
        #expect(result.summary.warnings.contains { $0.contains("--previous-scores") })
        #expect(result.summary.warnings.contains { $0.contains("no region") })
        #expect(result.tierNotes.count == 1 && result.tierNotes[0].contains("80/20"))
    }

    @Test func earlierTiersThatAreOthersAreRefused() throws {
        let folder = Folder()
        let first = try run(Self.customers(), try Self.plan(), into: folder)
        let other = try Self.plan(Self.layered.replacing("gold", with: "silver"))
        let unknown = #expect(throws: EngineError.self) {
            try run(Self.customers(), other, into: folder, name: "b", previous: folder.path + "/out/scores.csv")
        }
        #expect(unknown?.kind == .otherTiers && unknown?.problem.contains("'gold'") == true)
        let frozen = #expect(throws: EngineError.self) {
            try run(Self.customers(), other, into: folder, name: "b", frozen: first.model)
        }
        #expect(frozen?.kind == .otherTiers)
        let ungrouped = try Self.plan(Self.layered.replacing("\"perGroup\": \"region\", ", with: ""))
        #expect(throws: EngineError.self) {
            try run(Self.customers(), ungrouped, into: folder, name: "b", frozen: first.model)
        }
    }

    @Test func aModelWithGroupsIsWrittenAndReadEqual() throws {
        let folder = Folder()
        let model = try #require(try run(Self.customers(), try Self.plan(), into: folder).model)
        #expect(try Model.decode(try model.encode()) == model)
        #expect(try Model.decode(try folder.bytes("out/model.json")) == model)
    }

    @Test func aColumnOfTooManyTextsIsNoneOfGroups() throws {
        let text = "id,revenue,region\n" + (0..<70_000).map { "\($0),\($0),g\($0)\n" }.joined()
        let plan = try Self.plan(
            """
            {"version": 1, "input": {"id": "id"}, "dimensions": [{"name": "e", "indicators": ["revenue"]}],
             "tiers": {"perGroup": "region"}}
            """)
        let error = #expect(throws: EngineError.self) { try run(Array(text.utf8), plan, into: Folder()) }
        #expect(error?.kind == .tooManyGroups)
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let transaction = OutputTransaction(replacesExisting: true, isSynced: false)
        let file = try transaction.create(path)
        try file.append(bytes)
        try file.finish()
        try transaction.commit()
    }

    @Test(arguments: [
        (Double.nan, Double.nan, Double.nan, Double.nan, Double.nan, Standing.active), (400, 0, -1, 60, 91, .badDebt),
        (400, 0, -1, 60, 90, .negative), (400, 0, 0, 60, .nan, .potential), (400, 1, 0, 0, 99, .inactive),
        (365, 1, 0, 0, 99, .active),
    ])
    func theFirstStandingThatAppliesIsTaken(
        days: Double, orders: Double, margin: Double, overdue: Double, overdueDays: Double, expected: Standing
    ) throws {
        var plan = try Self.plan().plan
        plan.tiers.potential = .init(column: "orders")
        let standing = try plan.resolved().standing(
            inactivity: days, activity: orders, margin: margin, overdue: overdue, overdueDays: overdueDays)
        #expect(standing == expected)
    }
}
