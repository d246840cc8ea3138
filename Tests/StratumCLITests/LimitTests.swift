import Foundation
import Testing

/// Bombs, limits of memory, and packed outputs through the built command.
struct LimitTests {
    private static func prepared(customers: Int = 5_000) throws -> Folder {
        let folder = try Folder()
        let made = try Tool.shell(
            """
            stratum plan > plan.yaml
            stratum generate --customers \(customers) -q -o c.csv
            stratum fit plan.yaml c.csv -q -o model.json
            """, in: folder)
        #expect(made.status == 0, "\(made.errors)")
        return folder
    }

    @Test func aBombEndsTheRunWithNothingWritten() throws {
        let folder = try Self.prepared()
        // 90 MB of blank lines after a good table.
        let bomb = "(cat c.csv; yes \"$(printf '%4000s' x)\" | head -c 90000000) | gzip -9"
        #expect(try Tool.shell(bomb + " > bomb.csv.gz", in: folder).status == 0)
        #expect(try folder.read("bomb.csv.gz").count < 500_000)
        for (options, words) in [
            ("--max-decompressed 20M", "over 20971520 bytes"), ("--max-decompressed 100K", "over 102400 bytes"),
        ] {
            let outcome = try Tool.shell("stratum run plan.yaml bomb.csv.gz -o out -q \(options)", in: folder)
            #expect(outcome.status == 6, "\(outcome.errors)")
            #expect(outcome.errors.contains("unpacks to too many bytes (\(words))"), "\(outcome.errors)")
            #expect(outcome.errors.contains("--max-decompressed"))
            #expect(try !folder.names().contains("out"))
        }
        let all = try Tool.shell(
            "stratum score model.json bomb.csv.gz -q -o s.csv --max-decompressed 1G --max-rejects 100%", in: folder)
        #expect(all.status == 0, "\(all.errors)")
    }

    @Test func aSizeIsDigitsAndALetter() throws {
        let folder = try Folder()
        for size in ["0", "-1", "1T", "K", "1.5G", "9999999999999G", "nan"] {
            let outcome = try Tool.run("inspect", "--mem-limit=\(size)", "none.csv", in: folder)
            #expect(outcome.status == 2, "\(size): \(outcome.errors)")
        }
    }

    @Test func tooLittleMemoryIsAnErrorAndNothingIsWritten() throws {
        let folder = try Self.prepared()
        for command in [
            "run plan.yaml c.csv -o out", "run plan.yaml - -o out < c.csv", "fit plan.yaml c.csv -o m.json",
            "score model.json c.csv -o s.csv", "inspect c.csv",
        ] {
            let parts = command.split(separator: "<", maxSplits: 1).map(String.init)
            let redirection = parts.count > 1 ? "<" + parts[1] : ""
            let refused = try Tool.shell("stratum \(parts[0]) -q --mem-limit 2M \(redirection)", in: folder)
            #expect(refused.status == 6, "\(command): \(refused.errors)")
            #expect(refused.errors.contains("the memory limit does not suffice"), "\(command): \(refused.errors)")
            #expect(try folder.names() == ["c.csv", "model.json", "plan.yaml"])
        }
        let enough = try Tool.shell("stratum run plan.yaml c.csv -o out -q --mem-limit 2G", in: folder)
        #expect(enough.status == 0, "\(enough.errors)")
    }

    @Test func anOutputIsPackedAsItsNameSays() throws {
        let folder = try Self.prepared()
        let outcome = try Tool.shell(
            """
            set -e
            stratum score model.json c.csv -q -o s.csv
            stratum score model.json c.csv -q -o s.csv.gz
            stratum score model.json c.csv -q -o s.csv.zst
            stratum score model.json c.csv -q -o one.csv.gz --threads 1
            stratum score model.json c.csv -q -o seven.csv.zst --threads 7
            stratum generate --customers 5000 -q -o again.csv.gz
            gzip -dc s.csv.gz | cmp - s.csv
            gzip -dc again.csv.gz | cmp - c.csv
            cmp s.csv.gz one.csv.gz
            cmp s.csv.zst seven.csv.zst
            stratum inspect s.csv --json > a
            stratum inspect s.csv.zst --json > b
            cmp a b
            stratum run plan.yaml c.csv -q -o plain
            stratum run plan.yaml c.csv -q -o packed --compress gz
            gzip -dc packed/scores.csv.gz | cmp - plain/scores.csv
            [ ! -e packed/scores.csv ]
            xxhsum -H3 packed/scores.csv.gz 2>/dev/null | cut -c6-21 || true
            """, in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)\(outcome.text)")
        #expect(try folder.read("s.csv.gz").count < folder.read("s.csv").count / 2)
        let summary = String(decoding: try folder.read("packed/summary.json"), as: UTF8.self)
        #expect(summary.contains("packed/scores.csv.gz"))
        #expect(summary.contains("\(try folder.read("packed/scores.csv.gz").count)"))
    }

    /// Under no name may a folder hold scores or segments that are not of its run.
    @Test func outputsOfAnEarlierRunUnderOtherNamesGo() throws {
        let folder = try Self.prepared(customers: 500)
        func run(_ options: String) throws -> (outcome: Tool.Outcome, names: [String]) {
            let outcome = try Tool.shell("stratum run plan.yaml c.csv -o out \(options)", in: folder)
            return (outcome, try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").sorted())
        }
        let others = ["model.json", "rejects.csv", "segments.csv", "summary.json", "tiers.csv"]
        #expect(try run("-q").names == (others + ["scores.csv"]).sorted())
        let unforced = try Tool.shell(
            "mkdir one; echo 7 > one/scores.csv; stratum run plan.yaml c.csv -o one --compress gz", in: folder)
        #expect(unforced.status == 4 && unforced.errors.contains("one/scores.csv"), "\(unforced.errors)")
        #expect(try Tool.shell("ls -A one; cat one/*", in: folder).text == "scores.csv\n7\n")
        for (options, name, old) in [
            ("--compress gz", "scores.csv.gz", "scores.csv"), ("--compress zst", "scores.csv.zst", "scores.csv.gz"),
            ("", "scores.csv", "scores.csv.zst"),
        ] {
            let (outcome, names) = try run("--force \(options)")
            #expect(outcome.status == 0 && names == (others + [name]).sorted(), "\(outcome.errors) \(names)")
            let told = "out/\(old) of an earlier run is removed: the scores are in \(name) now"
            #expect(outcome.errors.contains(told), "\(outcome.errors)")
            #expect(String(decoding: try folder.read("out/summary.json"), as: UTF8.self).contains(told))
        }
        let input = try Tool.shell("stratum run plan.yaml out/scores.csv -o out -f --compress gz", in: folder)
        #expect(input.status == 4 && input.errors.contains("one of the inputs"), "\(input.errors)")
        try folder.write(
            "version: 1\ndimensions: [{name: a, indicators: [revenue_12m]}]\n", to: "plan.yaml")
        let (outcome, names) = try run("-f")
        #expect(outcome.errors.contains("out/segments.csv of an earlier run is removed: this run has no segments"))
        #expect(names == ["model.json", "rejects.csv", "scores.csv", "summary.json", "tiers.csv"])
    }

    /// Ranks of many indicators and tiers by a column need more than the estimates before a fit know of.
    @Test func memoryIsCheckedBetweenTheStagesOfAFitToo() throws {
        let folder = try Self.prepared(customers: 100_000)
        let columns = ["revenue_12m", "avg_order_value", "gross_margin", "growth_rate", "return_rate", "tenure_months"]
        try folder.write(
            """
            version: 1
            defaults: {normalization: percentileRank}
            dimensions: [{name: a, indicators: [\(columns.joined(separator: ", "))]}]
            value: revenue_12m
            tiers: {ties: {split: gross_margin}, tiers: [{name: top, share: 1%}, {name: rest}]}

            """, to: "plan.yaml")
        var told: [String] = []
        var isEnough = false
        for megabytes in stride(from: 16, through: 96, by: 4) {
            let outcome = try Tool.shell(
                "stratum fit plan.yaml - -o m\(megabytes).json -q --threads 2 --mem-limit \(megabytes)M < c.csv",
                in: folder)
            #expect(outcome.status == (isEnough ? 0 : outcome.status), "\(megabytes) MB: \(outcome.errors)")
            if outcome.status == 0 {
                isEnough = true
            } else {
                #expect(outcome.status == 6, "\(megabytes) MB: \(outcome.errors)")
                #expect(try !folder.names().contains("m\(megabytes).json"))
                told.append(outcome.errors)
            }
        }
        #expect(isEnough)
        let stages = told.filter { $0.contains("before the stage") }
        #expect(!stages.isEmpty, "\(told)")
        #expect(stages.allSatisfy { $0.contains("bytes in use") && $0.contains("Raise --mem-limit") }, "\(stages)")
    }
}
