import Foundation
import Reports
import Rules
import Stratum
import TableIO
import TestSupport
import Testing

/// Classes, matrix, policies and work list, through the engine.
struct LabelTests {
    static func plan() -> Plan {
        var plan = EngineTests.plan()
        plan.segments?.names = [1: "一", 2: "b", 3: "c", 4: "d"]
        plan.classes = [
            .init(
                "state",
                rules: [
                    Rule("lost", when: [Condition("recency_days", above: 365)]),
                    Rule("loyal", when: [Condition("order_count", atLeast: 6), Condition("social", atLeast: 50)]),
                    Rule("won by score", when: [Condition("score", atLeast: 60)]), Rule("other"),
                ]),
            .init(
                "利润",
                rules: [Rule("高", when: [Condition("gross_margin", above: 500)]), Rule("其他")]),
        ]
        plan.matrix = .init(
            x: .init(by: "revenue_12m", .quantiles([0.5])), y: .init(by: "economic", .quantiles([0.4, 0.8])),
            cells: [["drop", "maintain"], ["grow", "maintain"], ["grow", "keep"]])
        plan.policies = [
            .init(for: .init([.init("tier", ["top"])]), action: "call by the account manager, in person", contacts: 12),
            .init(
                for: .init([.init("state", ["lost"]), .init("tier", ["major", "medium"])]), action: "赢回", contacts: 2),
            .init(for: .init([.init("cell", ["keep"])]), action: "thank", contacts: 1),
            .init(for: .init([.init("segment", ["1"])]), action: "newsletter"),
        ]
        plan.workList = .init(capacity: 60, rankBy: "revenue_12m")
        return plan
    }

    private func rows(_ text: String) -> [[String: Substring]] {
        // The one action with a comma is quoted.
        let lines = EngineTests.fields(text.replacing("\"call by the account manager, in person\"", with: "call"))
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0].map(String.init), $0)) }
    }

    @Test func everyCustomerHasTheFirstNameThatApplies() throws {
        let folder = EngineTests.Folder()
        let bytes = EngineTests.sample(3_000)
        let result = try EngineTests.run(bytes, Self.plan(), into: folder)
        let input = rows(String(decoding: bytes, as: UTF8.self))
        let output = rows(try folder.text("out/scores.csv"))
        #expect(output.count == 3_000)
        for (customer, row) in zip(input, output) {
            func number(_ name: String) -> Double { (customer[name] ?? row[name]).flatMap { Double($0) } ?? .nan }
            let state =
                number("recency_days") > 365
                ? "lost"
                : number("order_count") >= 6 && number("social") >= 50
                    ? "loyal" : number("score") >= 60 ? "won by score" : "other"
            #expect(row["state"] ?? "" == state)
            #expect(row["利润"] ?? "" == (number("gross_margin") > 500 ? "高" : "其他"))
            let action: (String, String) =
                row["tier"] == "top"
                ? ("call", "12")
                : state == "lost" && ["major", "medium"].contains(row["tier"])
                    ? ("赢回", "2") : row["cell"] == "keep" ? ("thank", "1") : ("", "0")
            #expect(row["action"] == Substring(action.0) || row["action"] == "newsletter" && action.0 == "")
            #expect(row["contacts"] ?? "" == action.1)
        }
        for report in result.classes {
            #expect(report.rows.reduce(0) { $0 + $1.customerCount } == 3_000)
        }
        let policies = try #require(result.policies)
        #expect(
            policies.rows.reduce(0) { $0 + ($1.contacts ?? 0) }
                == output.reduce(0) { $0 + (Int($1["contacts"] ?? "") ?? 0) })
    }

    @Test func halfOfTheCustomersLieOnEachSideOfTheMedian() throws {
        let folder = EngineTests.Folder()
        let model = try #require(try EngineTests.run(EngineTests.sample(2_000), Self.plan(), into: folder).model)
        let cuts = try #require(model.matrix)
        #expect(cuts.x.count == 1 && cuts.y.count == 2)
        let text = try folder.text("out/classes.csv")
        #expect(text.hasPrefix("classification,class,customers,share_of_customers,value,share_of_value\nstate,lost,"))
        let right = EngineTests.fields(text).filter { $0[0] == "cell" }.enumerated()
            .filter { $0.offset < 6 && $0.offset % 2 == 1 }
            .reduce(0) { $0 + (Int($1.element[2]) ?? 0) }
        #expect(abs(right - 1_000) <= 10)
    }

    @Test func runAndScoreGiveTheSameBytesForAnyNumberOfThreads() throws {
        let folder = EngineTests.Folder()
        let bytes = EngineTests.sample(5_000)
        let result = try EngineTests.run(bytes, Self.plan(), threads: 1, into: folder, name: "first")
        let model = try Model.decode(try #require(result.model).encode())
        #expect(model == result.model)
        try folder.write(bytes, "in.csv")
        for threads in everyThreadCount {
            _ = try EngineTests.run(bytes, Self.plan(), threads: threads, into: folder, name: "\(threads)")
            for name in ["scores.csv", "classes.csv", "worklist.csv", "model.json"] {
                #expect(try folder.bytes("\(threads)/\(name)") == folder.bytes("first/\(name)"))
            }
            var options = RunOptions()
            options.threadCount = threads
            options.sync = false
            options.force = true
            let scored = try Engine.score(
                model: model, inputs: [folder.path + "/in.csv"], output: folder.path + "/scored.csv", rejects: nil,
                summary: nil, workList: folder.path + "/list.csv", options: options)
            #expect(try folder.bytes("scored.csv") == folder.bytes("first/scores.csv"))
            #expect(try folder.bytes("list.csv") == folder.bytes("first/worklist.csv"))
            #expect(scored.classes == result.classes)
        }
    }

    @Test(arguments: [1, 60, 100_000]) func theWorkListIsTheTopOfThoseWithContacts(capacity: Int) throws {
        let folder = EngineTests.Folder()
        let bytes = EngineTests.sample(4_000)
        var plan = Self.plan()
        plan.workList = .init(capacity: capacity, rankBy: "nps", only: .init([.init("利润", ["高", "其他"])]))
        _ = try EngineTests.run(bytes, plan, into: folder)
        let answers = rows(String(decoding: bytes, as: UTF8.self)).map { Double($0["nps"] ?? "") ?? -1 }
        let wanted = zip(rows(try folder.text("out/scores.csv")), answers)
            .filter { $0.0["contacts"] != "0" }
            .sorted { one, other in
                one.1 != other.1 ? one.1 > other.1 : one.0["customer_id"]! < other.0["customer_id"]!
            }
        let list = rows(try folder.text("out/worklist.csv"))
        #expect(list.map { $0["customer_id"] } == wanted.prefix(capacity).map { $0.0["customer_id"] })
        #expect(list.map { $0["rank"] ?? "" } == list.indices.map { "\($0 + 1)" })
        #expect(list.map { $0["action"] } == wanted.prefix(capacity).map { $0.0["action"] })
        #expect(list.count == min(capacity, wanted.count) && list.count > 0)
    }

    @Test func filesOfAnEarlierPlanGoAndUnusedNamesAreTold() throws {
        let folder = EngineTests.Folder()
        let bytes = EngineTests.sample(500)
        var plan = Self.plan()
        plan.classes[1].rules[0] = Rule("高", when: [Condition("gross_margin", above: 1e12)])
        let result = try EngineTests.run(bytes, plan, into: folder)
        #expect(result.summary.warnings.contains("利润: no customer is '高'"))
        let summary = try folder.text("out/summary.json")
        for key in ["\"classes\"", "\"matrix\"", "\"policies\"", "\"work_list\"", "\"overlaps\""] {
            #expect(summary.contains(key))
        }
        var options = RunOptions()
        options.sync = false
        options.force = true
        _ = try Engine(plan: EngineTests.plan().resolved(), options: options).run(
            InputSource(bytes: bytes, name: "sample"), outputFolder: folder.path + "/out")
        #expect((try? folder.bytes("out/classes.csv")) == nil)
        #expect((try? folder.bytes("out/worklist.csv")) == nil)
    }

    /// Registered at all, first purchase, and purchases in four windows of a quarter, the last one first.
    @Test func allStatesOfACustomersLifeCanBeWritten() throws {
        var plan = Plan(dimensions: [.init("value", indicators: [.init("spend")])])
        let windows = (1...4).map { Condition("w\($0)", above: 0) }
        plan.classes = [
            .init(
                "state",
                rules: [
                    Rule("non-customer", when: [Condition("registered", equals: 0, orMissing: true)]),
                    Rule("potential", when: [Condition("purchases", atMost: 0, orMissing: true)]),
                    Rule("new", when: [Condition("days_since_first", atMost: 90)]),
                    Rule("won back", when: [Condition("days", atMost: 90), Condition("gap_before", above: 365)]),
                    Rule("loyal", when: windows), Rule("lost", when: [Condition("days", above: 365, orMissing: true)]),
                    Rule("dormant", when: [Condition("days", above: 180)]),
                    Rule("repeat", when: [Condition("purchases", atLeast: 2)]), Rule("active"),
                ])
        ]
        let resolved = try plan.resolved()
        #expect(resolved.labels.notes == [])
        let header = "customer_id,spend,registered,purchases,days_since_first,days,gap_before,w1,w2,w3,w4\n"
        let records = """
            a,0,0,,,,,,,,
            b,0,1,0,,,,,,,
            c,9,1,1,30,30,,9,0,0,0
            d,9,1,3,900,20,500,9,0,0,0
            e,9,1,8,900,20,60,2,3,2,2
            f,9,1,3,900,400,60,0,0,0,0
            g,9,1,3,900,200,60,0,0,1,0
            h,9,1,2,300,100,60,0,2,1,0
            i,9,1,1,100,100,,0,9,0,0

            """
        let folder = EngineTests.Folder()
        _ = try EngineTests.run(Array((header + records).utf8), plan, into: folder)
        #expect(
            rows(try folder.text("out/scores.csv")).map { $0["state"] ?? "" } == [
                "non-customer", "potential", "new", "won back", "loyal", "lost", "dormant", "repeat", "active",
            ])
    }

    @Test func aFigureThatNobodyHasCannotBeCut() throws {
        let folder = EngineTests.Folder()
        var plan = Plan(dimensions: [.init("value", indicators: [.init("spend")])])
        plan.matrix = .init(x: .init(by: "empty", .quantiles([0.5])), y: .init(by: "spend", .values([5])))
        let bytes = Array("customer_id,spend,empty\na,1,\nb,9,\n".utf8)
        #expect(throws: EngineError.self) { try EngineTests.run(bytes, plan, into: folder) }
        plan.matrix?.x.cuts = .values([1])
        _ = try EngineTests.run(bytes, plan, into: folder)
        #expect(rows(try folder.text("out/scores.csv")).map { $0["cell"] } == ["unplaced", "unplaced"])
    }
}

extension EngineTests.Folder {
    fileprivate func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }
}
