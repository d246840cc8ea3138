import Foundation
import Testing

/// How a file is written, said in the plan: the same results as for the plain file, and the command overrules it.
struct InputPlanTests {
    private static let dimensions = """
        dimensions:
          - name: value
            indicators: [revenue, {name: orders, column: order_count}]
        value: revenue
        tiers:
          ties: {split: order_count}
          tiers: [{name: top, share: 10%}, {name: rest}]
          inactive: {column: days, beyond: 300}

        """

    /// A plain file with its plan and its outputs, and the same customers written otherwise.
    private static func folder(input: String) throws -> Folder {
        let folder = try Folder()
        let rows = (1...300).map { "k\($0);\($0 * 37 % 101 * 10),5;\($0 % 9);\($0 * 11 % 365)" }
        let plain = ["id;revenue;order_count;days"] + rows.map { $0.replacingOccurrences(of: ",", with: ".") }
        try folder.write(plain.joined(separator: "\n") + "\n", to: "plain.csv")
        try folder.write("version: 1\ninput: {id: id, delimiter: ;}\n" + dimensions, to: "plain.yaml")
        try folder.write("version: 1\ninput: \(input)\n" + dimensions, to: "plan.yaml")
        let head = ["Export of tonight", "", "# begun", "Kunde;消费额;Anzahl;revenue", "# 300 of them"]
        let other = head + rows + ["# done"]
        try folder.write(other.joined(separator: "\n") + "\n", to: "utf8.csv")
        let made = try Tool.shell(
            "iconv -f utf-8 -t gb18030 utf8.csv > other.csv; stratum run plain.yaml plain.csv -q -o plain", in: folder)
        #expect(made.status == 0, "\(made.errors)")
        return folder
    }

    private static let input = """
        {id: id, delimiter: auto, skipLines: 2, comment: '#', encoding: gb18030, expectedRecords: 300, \
        decimalMark: comma, columns: {id: Kunde, revenue: 消费额, order_count: Anzahl, days: revenue}}
        """

    @Test func thePlanSaysHowTheFileIsWritten() throws {
        let folder = try Self.folder(input: Self.input)
        let outcome = try Tool.run("run", "plan.yaml", "other.csv", "-q", "-o", "out", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        for file in ["scores.csv", "tiers.csv"] {
            #expect(try folder.read("out/" + file) == folder.read("plain/" + file), "\(file)")
        }
        let summary = String(decoding: try folder.read("out/summary.json"), as: UTF8.self)
        for words in [
            "\"skipLines\": 2", "\"comment\": \"#\"", "\"delimiter\": \"auto\"", "\"encoding\": \"gb18030\"",
            "\"expectedRecords\": 300", "\"revenue\": \"消费额\"", "\"days\": \"revenue\"", "\"comment_lines\": 3",
        ] { #expect(summary.contains(words), "\(words)") }
    }

    @Test func aModelKeepsIt() throws {
        let folder = try Self.folder(input: Self.input)
        let fit = try Tool.run("fit", "plan.yaml", "other.csv", "-q", "-o", "model.json", in: folder)
        try #require(fit.status == 0, "\(fit.errors)")
        // Tonight's file has another number of records, which is no mistake.
        #expect(try Tool.shell("(head -5 other.csv; tail -200 other.csv) > tonight.csv", in: folder).status == 0)
        let score = try Tool.shell("stratum score model.json tonight.csv -q -o - | tail -n +2", in: folder)
        try #require(score.status == 0, "\(score.errors)")
        // A split of equal values needs the whole population; all else is the same.
        let expected = String(decoding: try folder.read("plain/scores.csv"), as: UTF8.self).split(separator: "\n")
        let scored = score.text.split(separator: "\n")
        #expect(scored.count == 199)
        for (line, whole) in zip(scored, expected.suffix(199)) {
            #expect(line.split(separator: ",").prefix(3) == whole.split(separator: ",").prefix(3))
        }
    }

    @Test func theCommandOverrulesIt() throws {
        let folder = try Self.folder(
            input: """
                {id: id, delimiter: comma, skipLines: 9, comment: ';', encoding: gb18030, expectedRecords: 7, \
                decimalMark: comma, thousandsSeparator: space}
                """)
        let outcome = try Tool.shell(
            """
            stratum run plan.yaml plain.csv -q -o out --delimiter ';' --skip-lines 0 --comment none --encoding utf-8 \
                --expect-rows 300 --decimal-mark point --thousands none
            """, in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(try folder.read("out/scores.csv") == folder.read("plain/scores.csv"))
        let summary = String(decoding: try folder.read("out/summary.json"), as: UTF8.self)
        #expect(summary.contains("\"expectedRecords\": 300") && !summary.contains("skipLines"))
        let mark = try Tool.run("run", "plan.yaml", "plain.csv", "-o", "x", "--delimiter", ";", in: folder)
        #expect(mark.status == 2 && mark.errors.contains("input.comment"), "\(mark.errors)")
    }

    @Test func expectedRecordsHoldARun() throws {
        let folder = try Self.folder(input: "{id: id, delimiter: ;, expectedRecords: 299}")
        let outcome = try Tool.run("run", "plan.yaml", "plain.csv", "-q", "-o", "out", in: folder)
        #expect(outcome.status == 3 && outcome.errors.contains("300 records, 299 expected"), "\(outcome.errors)")
    }

    @Test func aMissingColumnIsToldByItsNameInTheFile() throws {
        let folder = try Self.folder(input: "{id: id, delimiter: ;, columns: {days: last_days}}")
        let outcome = try Tool.run("run", "plan.yaml", "plain.csv", "-q", "-o", "out", in: folder)
        #expect(outcome.status == 3 && outcome.errors.contains("last_days"), "\(outcome.errors)")
    }
}
