import Foundation
import Testing

/// `stratum export`, compiled and run: what it gives must be what `stratum score` writes, text by text.
struct ExportTests {
    private static func exists(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Twelve indicators with every kind of curve, missing policy and direction, over customers with gaps, and six of
    /// derived columns and words; every region is cut by itself.
    private static func plan(_ aggregation: String) -> String {
        """
        version: 1
        input: {nullWords: [n/a]}
        derived:
          ratio: revenue_12m / (order_count - 3)
          least: min(visits_90d, channels_used, 4) - max(0.5, return_rate)
          logs: log(growth_rate) + abs(nps - 7) * -0.3
          huge: min(revenue_12m * 1e308 * order_count, referrals) / (avg_order_value * 1e306)
          later: ratio / least * (grade + 0.1)
        dimensions:
          - name: economic
            weight: 0.4
            indicators:
              - {name: revenue_12m, weight: 0.4, transform: log1p, normalization: zScore}
              - {name: order_count, weight: 0.2, normalization: percentileRank, direction: lower, missing: median}
              - {name: avg_order_value, transform: sqrt, weight: 0.15, missing: worst}
              - {name: gross_margin, weight: 0.25, transform: signedSqrt, normalization: robustZ}
          - name: behavioral, "odd"
            weight: 0.3
            indicators:
              - {name: recency_days, direction: lower, normalization: {kind: fixedRange, low: 0, high: 300}}
              - {name: visits_90d, normalization: {kind: fixedRange, low: 0, high: 40, benchmark: 6}, missing: {constant: 0.37}}
              - name: channels_used
                normalization: {kind: grades, scores: {1: 0, 2: 0.3, 3: 0.45, 5: 1}}
              - {name: return_rate, direction: {target: 0.05, zeroAt: 0.4}, admissible: {minimum: 0, maximum: 1}}
          - name: potential
            weight: 0.3
            indicators:
              - {name: growth_rate, transform: signedLog1p, normalization: minMax, direction: lower}
              - {name: tenure, column: tenure_months, normalization: percentileRank}
              - {name: nps, normalization: nps}
              - {name: referrals, missing: worst}
          - name: derived
            weight: 0.2
            indicators:
              - {name: logs, transform: signedSqrt}
              - {name: huge, missing: {constant: 0.4}}
              - {name: least, normalization: percentileRank}
              - {name: later, transform: signedLog1p, direction: lower, missing: median}
              - {name: grade, normalization: {kind: grades, scores: {Gold: 1, silver: 0.55, 铜: 0.2, 3: 0.7}}}
              - {name: member, direction: lower, normalization: yesNo}
        limits: {maxRejects: 5%}
        aggregation: \(aggregation)
        tiers:
          tiers: [{name: "to'p?", share: 2%}, {name: 中, share: 30%}, rest]
          perGroup: region
          inactive: {name: gone, column: recency_days, beyond: 300}
          potential: {name: new, column: order_count, atMost: 1}
          negative: {name: dear, column: growth_rate, below: -0.4}
          badDebt: {name: owes, column: return_rate, above: 0.15, days: {column: recency_days, above: 60}}
        output: {columns: [dimensions, score, tier, missingCount]}
        """
    }

    /// The columns of texts, which are written beside those of numbers; no grade is called tin.
    private static let texts = [
        ("grade", ["gold", "SILVER", " 铜", "\t3", "3.0", "", "n/a", "Gold\t"]),
        ("member", ["yes", "No", "0", "是", ""]),
        ("region", ["north", "süd", "O'Hare", "", "西", "\tnorth "]),
    ]
    /// Customers between those with a grade that there is not.
    private static let tinPeriod = 500

    /// Customers, a model, its scores, and the exports.
    private static func scene(_ aggregation: String) throws -> (folder: Folder, cells: [[String]]) {
        let folder = try Folder()
        try folder.write(plan(aggregation), to: "p.yaml")
        try #require(Tool.run("generate", "--customers", "4000", "-o", "c.csv", "-q", in: folder).status == 0)
        var lines = String(decoding: try folder.read("c.csv"), as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        for row in 1..<lines.count {
            for column in 1..<lines[row].count where (row * 31 + column * 17) % 23 == 0 || row % 997 == 0 {
                lines[row][column] = ""
            }
        }
        for (name, words) in texts {
            lines[0].append(name)
            for row in 1..<lines.count {
                lines[row].append(
                    name == "grade" && row % tinPeriod == 0 ? "tin" : words[row * 13 / 7 % words.count])
            }
        }
        try folder.write(lines.map { $0.joined(separator: ",") + "\n" }.joined(), to: "c.csv")
        for line in [
            "stratum fit p.yaml c.csv -o m.json -q", "stratum score m.json c.csv -o s.csv -q",
            "stratum export m.json --format sql -o m.sql -q", "stratum export m.json --format c -o m.c -q",
        ] {
            let outcome = try Tool.shell(line, in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
        }
        return (folder, lines)
    }

    /// The lines of the scores without header and ids, in which no text needs quotes; all tiers and layers are there.
    private static func expected(_ folder: Folder) throws -> [String] {
        let lines = String(decoding: try folder.read("s.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
            .map { String($0[$0.index(after: $0.firstIndex(of: ",")!)...]) }
        for tier in ["to'p?", "中", "rest", "gone", "new", "dear", "owes"] {
            #expect(lines.contains { $0.contains(",\(tier),") }, "nobody is \(tier)")
        }
        return lines
    }

    private static let driver = """
        #define STRATUM_DECLARATIONS_ONLY
        #include "m.c"
        #include <stdio.h>
        static void print(double x) { if (x == x) printf("%.3f", x); printf(","); }
        int main(void) {
            double values[STRATUM_VALUE_COUNT];
            char text[16];
            struct stratum_result r;
            for (;;) {
                int unknown = 0;
                for (int i = 0; i < STRATUM_VALUE_COUNT; i++) {
                    if (!stratum_value_is_text[i]) {
                        if (stratum_text(i, "1", &values[i]) != -1) return 1;
                        if (fread(&values[i], sizeof values[i], 1, stdin) != 1) return 0;
                    } else {
                        if (fread(text, sizeof text, 1, stdin) != 1) return 0;
                        unknown += stratum_text(i, text, &values[i]) != 0;
                    }
                }
                if (unknown) continue;
                if (stratum_score(values, &r) != 0) return 1;
                for (int i = 0; i < STRATUM_DIMENSION_COUNT; i++) print(r.dimensions[i]);
                print(r.score);
                printf("%s,%d\\n", r.tier < 0 ? "" : stratum_tier_names[r.tier], r.missing);
            }
        }
        """

    @Test(.enabled(if: exists("/usr/bin/cc"), "no C compiler"), arguments: ["arithmetic", "geometric", "topsis"])
    func compiledModelsGiveTheSameTexts(aggregation: String) throws {
        let (folder, cells) = try Self.scene(aggregation)
        try folder.write(Self.driver, to: "d.c")
        let source = String(decoding: try folder.read("m.c"), as: UTF8.self)
        let names = try #require(
            source.split(separator: "stratum_value_names[STRATUM_VALUE_COUNT] = {\n").dropFirst().first
        )
        .split(separator: "};")[0].split(separator: "\n").map { $0.filter { !" \",".contains($0) } }
        let order = try names.map { name in try #require(cells[0].firstIndex(of: String(name))) }
        var values: [UInt8] = []
        for line in cells.dropFirst() {
            for column in order {
                if Self.texts.contains(where: { $0.0 == cells[0][column] }) {
                    values += line[column].utf8 + Array(repeating: 0, count: 16 - line[column].utf8.count)
                    continue
                }
                withUnsafeBytes(of: Double(line[column]) ?? .nan) { values += $0 }
            }
        }
        try folder.write(values, to: "values")
        let outcome = try Tool.shell(
            "cc -std=c11 -O2 -ffp-contract=off -Wall -Wextra -Werror m.c d.c -o d -lm && ./d < values", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.split(separator: "\n").map(String.init) == (try Self.expected(folder)))
    }

    @Test(.enabled(if: exists("/usr/bin/sqlite3"), "no sqlite3"), arguments: ["arithmetic", "geometric", "topsis"])
    func selectedModelsGiveTheSameTexts(aggregation: String) throws {
        let (folder, cells) = try Self.scene(aggregation)
        let names = cells[0].dropFirst()
        let types = names.map { name in
            Self.texts.contains { $0.0 == name } ? "\(name) TEXT" : "\(name) REAL"
        }
        let load =
            "CREATE TABLE customers (customer_id TEXT, \(types.joined(separator: ", ")));\n"
            + ".mode csv\n.import --skip 1 c.csv customers\n"
            + names.map { "UPDATE customers SET \($0) = NULL WHERE \($0) = '';\n" }.joined()
        let query = String(decoding: try folder.read("m.sql"), as: UTF8.self)
        try folder.write(load + query, to: "all.sql")
        let outcome = try Tool.shell("sqlite3 :memory: < all.sql", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let written = outcome.text.split(whereSeparator: \.isNewline).map { line -> String in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let scores = fields[1...5].map { Double($0).map { String(format: "%.3f", $0) } ?? "" }
            return (scores + fields[6...]).joined(separator: ",").replacingOccurrences(of: "\"", with: "")
        }
        #expect(written == (try Self.expected(folder)))
    }

    @Test func whatIsLeftBehindIsNamed() throws {
        let folder = try Folder()
        try #require(Tool.run("generate", "--customers", "500", "-o", "c.csv", "-q", in: folder).status == 0)
        try folder.write(
            """
            version: 1
            dimensions: [{name: a, indicators: [revenue_12m, nps]}]
            tiers: {hysteresis: 2%, tiers: [{name: top, share: 5%}, rest]}
            classes: [{name: state, rules: [{name: lost, when: {recency_days: {above: 365}}}, other]}]
            matrix: {x: {by: a, cuts: [50]}, y: {by: score, cuts: [50]}, cells: [[p, q], [r, s]]}
            policies: [{for: {tier: top}, action: call, contacts: 2}, {action: none}]

            """, to: "names.yaml")
        let fit = try Tool.run("fit", "names.yaml", "c.csv", "-o", "names.json", "-q", in: folder)
        try #require(fit.status == 0, "\(fit.errors)")
        for format in ["sql", "c"] {
            let told = try Tool.run("export", "names.json", "--format", format, "-o", format, in: folder)
            #expect(told.status == 0)
            #expect(
                told.errors.contains("percentile ranks, the hysteresis of tiers, classes, the matrix and policies"),
                "\(told.errors)")
        }
    }

    /// The plans that use every part: derived columns, words of two languages, groups and all layers.
    @Test(.enabled(if: exists("/usr/bin/sqlite3"), "no sqlite3"), arguments: ["accounts", "客户档案"])
    func plansOfEveryPartAreSelectedAsTheyAreScored(name: String) throws {
        let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../data")
            .standardizedFileURL.path
        let folder = try Folder()
        let line =
            "stratum run '\(data)/plans/\(name).yaml' '\(data)/\(name).csv' -q -o out"
            + " && stratum export out/model.json --format sql -q -o m.sql"
            + " && stratum export out/model.json --format c -q -o m.c"
        let written = try Tool.shell(line, in: folder)
        try #require(written.status == 0, "\(written.errors)")
        let names = try String(contentsOfFile: "\(data)/\(name).csv", encoding: .utf8).split(separator: "\n")[0]
            .split(separator: ",")
        let load =
            "CREATE TABLE customers (\(names.map { "\"\($0)\" TEXT" }.joined(separator: ", ")));\n"
            + ".mode csv\n.import --skip 1 '\(data)/\(name).csv' customers\n"
            + names.map { "UPDATE customers SET \"\($0)\" = NULL WHERE \"\($0)\" = '';\n" }.joined()
        try folder.write(load + String(decoding: try folder.read("m.sql"), as: UTF8.self), to: "all.sql")
        let outcome = try Tool.shell("sqlite3 :memory: < all.sql", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let selected = outcome.text.split(whereSeparator: \.isNewline).map { line -> String in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let scores = fields[1...5].map { Double($0).map { String(format: "%.3f", $0) } ?? "" }
            return ([fields[0]] + scores + [fields[6]]).joined(separator: ",").replacingOccurrences(of: "\"", with: "")
        }
        let scored = String(decoding: try folder.read("out/scores.csv"), as: UTF8.self).split(separator: "\n")
            .dropFirst()
            .map { line -> String in
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                return (fields[0...5] + [fields[7]]).joined(separator: ",")
            }
        #expect(selected.count == 400 && selected == scored)
    }

    @Test func aFileThatIsNoModelIsNamed() throws {
        let folder = try Folder()
        try folder.write("version: 1\ndimensions: [{name: a, indicators: [b]}]\n", to: "p.yaml")
        let outcome = try Tool.run("export", "p.yaml", "--format", "c", "-o", "x", in: folder)
        #expect(outcome.status == 5)
        #expect(
            outcome.errors
                == "stratum: this is not a model of Stratum (p.yaml); give a file that 'stratum fit' or 'stratum run' wrote\n"
        )
    }
}
