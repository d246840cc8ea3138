import Foundation
import Testing

/// Options of `stratum run`, `fit` and `score` that say what tiers hold to.
struct TierOptionsTests {
    @Test func tiersOfTheLastRunAreReadPackedAndUnknownOnesRefused() throws {
        let folder = try Folder()
        #expect(try Tool.run("generate", "--customers", "3000", "-o", "c.csv", "-q", in: folder).status == 0)
        try folder.write(
            Array(
                """
                version: 1
                dimensions: [{name: economic, indicators: [revenue_12m, order_count]}]
                value: revenue_12m
                tiers: {hysteresis: 2, tiers: [{name: top, share: 10%}, {name: rest, share: 90%}]}
                """.utf8), to: "p.yaml")
        let first = try Tool.run("run", "p.yaml", "c.csv", "-o", "a", "--compress", "zst", in: folder)
        #expect(first.status == 0 && first.errors.contains("holds nobody") && first.errors.contains("80/20"))
        let second = try Tool.run(
            "run", "p.yaml", "c.csv", "-o", "b", "--previous-scores", "a/scores.csv.zst", "--frozen-tiers",
            "a/model.json", "--json", in: folder)
        #expect(second.status == 0 && !second.errors.contains("holds nobody"))
        #expect(second.text.contains("\"cut_offs\": \"frozen\"") && second.text.contains("\"stayed\": 3000"))
        let scored = try Tool.run(
            "score", "a/model.json", "c.csv", "-o", "s.csv", "--previous-scores", "b/scores.csv", in: folder)
        #expect(scored.status == 0)
        #expect(try folder.read("s.csv") == folder.read("b/scores.csv"))
        try folder.write(Array("customer_id,tier\nC1,platinum\n".utf8), to: "other.csv")
        let refused = try Tool.run(
            "score", "a/model.json", "c.csv", "-o", "t.csv", "--previous-scores", "other.csv", in: folder)
        #expect(refused.status == 5 && refused.errors.contains("'platinum', which is none of these: top, rest"))
    }
}
