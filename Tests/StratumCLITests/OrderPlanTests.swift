import Foundation
import Testing

/// Verbs of order logs that take the columns from a plan.
struct OrderPlanTests {
    private static let plan = """
        version: 1
        input:
          kind: orders
          id: who
          date: when
          dateFormat: day-first
          price: each
          quantity: pieces
          delimiter: ";"
          nullWords: ["-"]
          skipLines: 1
          decimalMark: comma
          columns: {each: Preis, who: Kunde}
          windows: {count: 2, days: 30}
        dimensions: [{name: d, indicators: [total_spend]}]
        tiers: [{name: top, share: 10%}, rest]
        """

    private static func folder() throws -> Folder {
        let folder = try Folder()
        try folder.write(plan, to: "plan.yaml")
        try folder.write(
            """
            a preamble
            Kunde;when;Preis;pieces;shop
            b;2/1/2024;1,50;3;x
            a;3/1/2024;0,10;3;y
            a;1/2/2024;2;-1;y
            c;1/2/2024;-;1;y
            b;5/2/2024;20;1;y
            b;6/3/2024;5;1;x

            """, to: "orders.csv")
        return folder
    }

    @Test func theColumnsOfAPlanAreThoseOfTheOptions() throws {
        let folder = try Self.folder()
        let input = "--delimiter ';' --null - --skip-lines 1 --decimal-mark comma --max-rejects 1"
        let options = "--id Kunde --date when --date-format day-first --price Preis --quantity pieces \(input)"
        let given = try Tool.shell("stratum indicators \(options) --windows 2 orders.csv -o -", in: folder)
        #expect(given.status == 0 && given.text.split(separator: "\n").count == 3, "\(given.errors)")
        let planned = try Tool.shell("stratum indicators --plan plan.yaml --max-rejects 1 orders.csv -o -", in: folder)
        #expect(planned.output == given.output, "\(planned.errors)")
        for verb in ["rfm", "lifetime fit --spend none --model nbd"] {
            let given = try Tool.shell("stratum \(verb) \(options) orders.csv -o -", in: folder)
            let planned = try Tool.shell("stratum \(verb) --plan plan.yaml --max-rejects 1 orders.csv -o -", in: folder)
            #expect(given.status == planned.status && planned.output == given.output, "\(planned.errors)")
        }
    }

    @Test func optionsOverruleThePlan() throws {
        let folder = try Self.folder()
        let outcome = try Tool.shell(
            "stratum indicators --plan plan.yaml --max-rejects 1 --windows 0 --as-of 2024-02-05 --channel shop --gross "
                + "--amount pieces --id shop orders.csv -o - -q", in: folder)
        #expect(
            outcome.text.split(separator: "\n").map { $0.split(separator: ",")[0] } == ["shop", "x", "y"],
            "\(outcome.errors)")
        #expect(outcome.text.hasPrefix("shop,days_since_last_purchase,"))
        #expect(!outcome.text.contains("spend_window_1") && outcome.text.contains("distinct_channels"))
    }

    @Test func aPlanOfCustomersAndWhatIsMissingAreTold() throws {
        let folder = try Self.folder()
        try folder.write("version: 1\ndimensions: [{name: d, indicators: [x]}]\n", to: "customers.yaml")
        let outcome = try Tool.shell("stratum rfm --plan customers.yaml orders.csv -o out.csv", in: folder)
        #expect(outcome.status == 2 && outcome.errors.contains("reads customers"), "\(outcome.errors)")
        #expect(outcome.errors.contains("customers.yaml"))
        for (options, name) in [("--id i", "--date"), ("--date d", "--id"), ("--id i --date d", "--amount")] {
            let outcome = try Tool.shell("stratum indicators \(options) orders.csv -o out.csv", in: folder)
            #expect(outcome.status == 2 && outcome.errors.contains("Missing \(name)"), "\(outcome.errors)")
        }
    }
}
