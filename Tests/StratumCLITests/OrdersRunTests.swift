import Foundation
import Testing

/// `stratum run` from order lines to scores, with the sample plan.
struct OrdersRunTests {
    private static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../data").standardizedFileURL.path

    private static func run(_ more: String = "") throws -> (Folder, Tool.Outcome) {
        let folder = try Folder()
        let outcome = try Tool.shell(
            "stratum run '\(data)/plans/cdnow.yaml' '\(data)/cdnow_orders.csv' -o out \(more)", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return (folder, outcome)
    }

    @Test func theCDNOWRunFitsTheFiguresOfFaderHardieAndLee2005And2013() throws {
        let (folder, outcome) = try Self.run()
        #expect(outcome.errors.contains("all") && outcome.errors.contains("2,357"), "\(outcome.errors)")
        let summary = try #require(
            try JSONSerialization.jsonObject(with: Data(folder.read("out/summary.json"))) as? [String: Any])
        let lifetime = try #require((summary["results"] as? [String: Any] ?? summary)["lifetime"] as? [String: Any])
        let parameters = try #require(lifetime["parameters"] as? [String: Double])
        for (name, published) in ["r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426] {
            #expect(abs(try #require(parameters[name]) - published) <= 5e-4, "\(name)")
        }
        #expect(abs(try #require(lifetime["log_likelihood"] as? Double) - -9582.429207) <= 5e-7)
        let spend = try #require(lifetime["spend"] as? [String: Any])
        #expect(abs(try #require(spend["log_likelihood"] as? Double) - -4055.917695) <= 5e-7)
        for (name, published) in ["p": 6.25, "q": 3.74, "gamma": 15.44] {
            #expect(abs(try #require(spend[name] as? Double) - published) <= 5e-3, "\(name)")
        }
    }

    @Test func theFirstCustomerBuysAsInFaderHardieAndLee2005() throws {
        let (folder, _) = try Self.run("-q")
        let rows = String(decoding: try folder.read("out/scores.csv"), as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let place = try #require(rows[0].firstIndex(of: "expected_purchases"))
        // x = 2, t_x = 30.43, T = 38.86 weeks: 1.226 purchases in the 39 weeks to come.
        #expect(rows[1][0] == "0001" && abs(Double(rows[1][place])! - 1.226) < 5e-4, "\(rows[1])")
        #expect(rows.count == 2_358)
    }

    @Test func aModelOfOrdersScoresTheLogOfAnotherDay() throws {
        let (folder, _) = try Self.run("-q")
        let same = try Tool.shell(
            "stratum score out/model.json '\(Self.data)/cdnow_orders.csv' -o same.csv -q", in: folder)
        #expect(same.status == 0, "\(same.errors)")
        #expect(try folder.read("same.csv") == folder.read("out/scores.csv"))
        let later = try Tool.shell(
            "stratum score out/model.json '\(Self.data)/cdnow_orders.csv' -o later.csv -q --as-of 1998-06-30",
            in: folder)
        #expect(later.status == 0, "\(later.errors)")
        #expect(try folder.read("later.csv") != folder.read("same.csv"))
    }

    @Test func asOfIsRefusedWherePlansReadCustomers() throws {
        let folder = try Folder()
        let outcome = try Tool.shell(
            "stratum run '\(Self.data)/plans/零售.yaml' '\(Self.data)/零售.csv' -o out --as-of 2024-01-01", in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("kind: orders"), "\(outcome.errors)")
    }
}
