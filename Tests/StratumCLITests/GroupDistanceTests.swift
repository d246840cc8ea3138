import Foundation
import TestSupport
import Testing

/// Distances and explanations where groups are cut by themselves and some customers are in no tier.
struct GroupDistanceTests {
    private static let regions = ["north", " süd", "\"w, 1\"", ""]

    /// Customers of three regions and of none, with gaps.
    private static func customers() -> String {
        var generator = RepeatableGenerator(seed: 21)
        var text = "customer_id,revenue,days,orders,margin,overdue,overdue_days,region\n"
        for row in 0..<3_000 {
            var cells = [
                "\(Double(generator.integer(in: 1...90_000)) / 8)", "\(generator.integer(in: 0...450))",
                "\(generator.integer(in: 0...9))", "\(generator.integer(in: -10...300))",
                "\(generator.integer(in: 0...3) / 3 * 50)", "\(generator.integer(in: 0...200))",
            ]
            for cell in cells.indices where generator.integer(in: 0...40) == 0 { cells[cell] = "" }
            text += "c\(row),\(cells.joined(separator: ",")),\(regions[generator.integer(in: 0...3)])\n"
        }
        return text
    }

    private static let plan = """
        version: 1
        dimensions:
          - {name: e, indicators: [revenue, {name: days, direction: lower}]}
        tiers:
          perGroup: region
          hysteresis: 2%
          tiers: [{name: VIP, share: 5%}, {name: gold, share: 25%}, rest]
          inactive: {column: days, beyond: 365}
          potential: {name: new, column: orders, atMost: 0}
          negative: {column: margin}
          badDebt: {column: overdue, days: {column: overdue_days, above: 90}}
        output: {columns: [score, tier, pointsToNextTier, flags], decimals: 6}
        """

    /// The folder of a run, its lines of the scores file, and the region of each customer.
    private static func scene() throws -> (folder: Folder, rows: [[String]], regions: [String]) {
        let folder = try Folder()
        let text = customers()
        try folder.write(text, to: "c.csv")
        try folder.write(plan, to: "p.yaml")
        let outcome = try Tool.run("run", "p.yaml", "c.csv", "-o", "out", "-q", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let rows = String(decoding: try folder.read("out/scores.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let regions = text.split(separator: "\n").dropFirst().map { line in
            String(line.split(separator: ",", maxSplits: 7, omittingEmptySubsequences: false)[7])
        }
        return (folder, rows, regions)
    }

    @Test func distancesAreToTheCutOffsOfTheCustomersOwnGroup() throws {
        let (_, rows, regions) = try Self.scene()
        // A cut-off of shares is the least score in its tier.
        var least: [String: Double] = [:]
        for (row, region) in zip(rows, regions) where row[2] == "VIP" || row[2] == "gold" {
            least[region + row[2]] = min(least[region + row[2]] ?? .infinity, try #require(Double(row[1])))
        }
        #expect(Set(least.values).count == 8)
        var count = 0
        for (row, region) in zip(rows, regions) where !region.isEmpty {
            if row[2] == "gold" || row[2] == "rest" {
                let bound = try #require(least[region + (row[2] == "gold" ? "VIP" : "gold")])
                let told = try #require(Double(row[3]), "\(row)")
                #expect(abs(told - (bound - (Double(row[1]) ?? .nan))) <= 2e-6, "\(row)")
                count += 1
            } else {
                #expect(row[3].isEmpty, "\(row)")
            }
        }
        #expect(count > 500)
    }

    @Test func scoreTellsTheDistancesOfRunForAnyThreads() throws {
        let (folder, _, _) = try Self.scene()
        for threads in ["1", "2", "7"] {
            let outcome = try Tool.run(
                "score", "out/model.json", "c.csv", "-o", "s.csv", "-q", "--force", "--threads", threads, in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try folder.read("s.csv") == folder.read("out/scores.csv"))
        }
    }

    @Test func explanationsHaveTheTiersDistancesAndFlagsOfTheScores() throws {
        let (folder, rows, regions) = try Self.scene()
        let places = Array(stride(from: 0, to: rows.count, by: 3))
        let ids = places.flatMap { ["--id", rows[$0][0]] }
        let outcome = try Tool.run(["explain", "out/model.json", "c.csv", "--json"] + ids, in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let root = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
        #expect((root["notes"] as? [String])?.first?.contains("hysteresis") == true)
        let customers = try #require(root["customers"] as? [[String: Any]])
        try #require(customers.count == places.count)
        var tiers: Set<String> = []
        for (place, customer) in zip(places, customers) {
            let (row, region) = (rows[place], regions[place])
            tiers.insert(region + row[2])
            #expect(customer["tier"] as? String ?? "" == row[2], "\(row)")
            #expect((customer["flags"] as? [String])?.joined(separator: " ") == row[4], "\(row)")
            let group = try #require(customer["group"] as? [String: Any])
            #expect(group["has_own_cut_offs"] as? Bool == !region.isEmpty)
            let name = region.filter { $0 != "\"" }.trimmingCharacters(in: .whitespaces)
            #expect(group["name"] as? String ?? "" == name)
            let next = customer["next_tier"] as? [String: Any]
            #expect((next == nil) == row[3].isEmpty, "\(row)")
            if let distance = next?["distance"] as? Double {
                #expect(abs(distance - (Double(row[3]) ?? .nan)) <= 1e-6)
                #expect(next?["name"] as? String == (row[2] == "gold" ? "VIP" : "gold"))
            }
        }
        // Seven tiers and layers in each of four regions, and some who cannot be ranked.
        #expect(tiers.count >= 28)
    }

    @Test func aCustomerOfAnOrderLogIsExplainedAsScored() throws {
        let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../data")
            .standardizedFileURL.path
        let folder = try Folder()
        let orders = data + "/cdnow_orders.csv"
        try #require(Tool.run("run", data + "/plans/cdnow.yaml", orders, "-o", "out", "-q", in: folder).status == 0)
        let rows = String(decoding: try folder.read("out/scores.csv"), as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let (score, tier) = try (#require(rows[0].firstIndex(of: "score")), #require(rows[0].firstIndex(of: "tier")))
        let some = stride(from: 1, to: rows.count, by: 50).map { rows[$0] }
        let outcome = try Tool.run(
            ["explain", "out/model.json", orders, "--json"] + some.flatMap { ["--id", $0[0]] }, in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let root = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
        let customers = try #require(root["customers"] as? [[String: Any]])
        #expect(customers.map { $0["tier"] as? String } == some.map { $0[tier] })
        for (customer, row) in zip(customers, some) {
            #expect(abs((customer["score"] as? Double ?? .nan) - (Double(row[score]) ?? .nan)) <= 0.00051)
        }
        let nobody = try Tool.run("explain", "out/model.json", orders, "--id", "nobody", in: folder)
        #expect(nobody.status == 3 && nobody.errors.contains("2,357 customers read"))
    }

    @Test func groupsInAPlanOfOrdersAreRefused() throws {
        let folder = try Folder()
        try folder.write(
            "version: 1\ninput: {kind: orders, id: id, date: date, amount: amount}\n"
                + "dimensions: [{name: a, indicators: [total_spend]}]\n"
                + "tiers: {perGroup: purchase_count, tiers: [{name: top, share: 5%}, rest]}\n", to: "p.yaml")
        try folder.write("id,date,amount\na,2024-01-01,5\n", to: "o.csv")
        let outcome = try Tool.run("run", "p.yaml", "o.csv", "-o", "out", in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("an order log gives no groups"), "\(outcome.errors)")
    }
}
