import Foundation
import Testing

/// Names in exports that mean something else there.
struct ExportNameTests {
    private static func exists(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// A model of two groups, the name of one over two lines, with a tab and a digit behind.
    private static func folder() throws -> Folder {
        let folder = try Folder()
        let rows = (0..<40).map { "c\($0),\($0 * 7 % 40),\($0 % 2 == 1 ? "\"a\nb\t1\"" : "west")\n" }
        try folder.write("customer_id,x,region\n" + rows.joined(), to: "c.csv")
        try folder.write(
            """
            version: 1
            dimensions: [{name: d, indicators: [x]}]
            tiers: {perGroup: region, tiers: [{name: top, share: 10%}, rest]}

            """, to: "p.yaml")
        let fit = try Tool.run("fit", "p.yaml", "c.csv", "-o", "m.json", "-q", in: folder)
        try #require(fit.status == 0, "\(fit.errors)")
        return folder
    }

    @Test(.enabled(if: exists("/usr/bin/cc"), "no C compiler"))
    func lineBreaksAndTabsInNamesAreKeptInC() throws {
        let folder = try Self.folder()
        try folder.write(
            """
            #define STRATUM_DECLARATIONS_ONLY
            #include "m.c"
            #include <stdio.h>
            int main(void) {
                struct stratum_result r;
                double values[2];
                for (int i = 0; i < 2; i++) if (!stratum_value_is_text[i]) values[i] = 36;
                for (int i = 0; i < 2; i++) {
                    if (stratum_value_is_text[i] && stratum_text(i, "a\\nb\\t1", &values[i]) != 0) return 1;
                }
                if (stratum_score(values, &r) != 0) return 2;
                printf("%s %s", stratum_value_names[0], stratum_tier_names[r.tier]);
            }

            """, to: "d.c")
        let outcome = try Tool.shell(
            "stratum export m.json --format c -o m.c -q && cc -std=c11 -Wall -Wextra -Werror m.c d.c -o d -lm && ./d",
            in: folder)
        // The odd numbers are that group, whose two best are at 37 and 39; of all customers the best four begin at 36.
        #expect(outcome.status == 0 && outcome.text == "x rest", "\(outcome.errors)\(outcome.text)")
    }

    @Test(.enabled(if: exists("/usr/bin/sqlite3"), "no sqlite3"), arguments: ["v", "x", "z", "q", "d", "customers"])
    func aTableMayHaveAnyName(table: String) throws {
        let folder = try Self.folder()
        let outcome = try Tool.shell(
            "stratum export m.json --format sql --table \(table) -o m.sql -q && (echo 'CREATE TABLE \(table) "
                + "(customer_id TEXT, x REAL, region TEXT);'; echo \"INSERT INTO \(table) VALUES ('k', 39, 'west');\";"
                + " cat m.sql) | sqlite3 :memory:", in: folder)
        #expect(outcome.status == 0 && outcome.text == "k|100.0|100.0|top|0\n", "\(outcome.errors)\(outcome.text)")
    }
}
