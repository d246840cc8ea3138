import Foundation
import Testing

/// `stratum rfm` and `stratum lifetime` as a user runs them, on the CDNOW log in `data`.
struct LifetimeVerbTests {
    static let columns = "--id customer_id --date order_date --amount amount"

    static func folder() throws -> Folder {
        let folder = try Folder()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        try folder.write(
            Array(Data(contentsOf: root.appending(path: "data/cdnow_orders.csv"))), to: "orders.csv")
        return folder
    }

    /// The object that a run printed.
    static func json(_ outcome: Tool.Outcome) throws -> [String: Any] {
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
    }

    @Test(arguments: [
        ("bg-nbd", [0.243, 4.414, 0.793, 2.426], -9582.429207),
        ("pareto-nbd", [0.553, 10.578, 0.606, 11.669], -9594.976179),
    ])
    func theCommandGivesTheFitsOfFaderHardieAndLee2005(
        model: String, parameters: [Double], logLikelihood: Double
    ) throws {
        let outcome = try Tool.shell(
            "stratum lifetime fit \(Self.columns) --model \(model) --calibration-end 1997-09-30 --as-of 1998-06-30 "
                + "orders.csv -o model.json --json", in: try Self.folder())
        let summary = try Self.json(outcome)
        let lifetime = try #require(summary["lifetime"] as? [String: Any])
        #expect(abs(try #require(lifetime["log_likelihood"] as? Double) - logLikelihood) <= 5e-7)
        let values = (lifetime["parameters"] as? [[String: Any]] ?? []).compactMap { $0["value"] as? Double }
        #expect(values.count == 4 && zip(values, parameters).allSatisfy { abs($0 - $1) <= 5e-4 })
        let spend = try #require(lifetime["spend"] as? [String: Any])
        #expect(abs(try #require(spend["log_likelihood"] as? Double) - -4055.917695) <= 5e-7)
    }

    @Test func fittingForetellingAndTestingGoTogether() throws {
        let folder = try Self.folder()
        let fit = try Tool.shell(
            "stratum lifetime fit \(Self.columns) --as-of 1997-09-30 orders.csv -o model.json", in: folder)
        #expect(fit.status == 0, "\(fit.errors)")
        #expect(fit.text.contains("MBG/NBD, times in weeks; 2,357 customers, 1,016 distinct histories"))
        let forecast = try Tool.shell(
            "stratum lifetime predict model.json \(Self.columns) --as-of 1997-09-30 orders.csv --horizon 39w "
                + "--discount-rate 10%/year --margin 30% -o -", in: folder)
        #expect(forecast.status == 0, "\(forecast.errors)")
        #expect(forecast.text.split(separator: "\n").count == 2_358)
        let test = try Tool.shell(
            "stratum lifetime backtest \(Self.columns) --calibration-end 1997-09-30 --as-of 1998-06-30 "
                + "--models mbg-nbd,bg-cnbd-2 orders.csv", in: folder)
        #expect(test.status == 0, "\(test.errors)")
        for line in ["MBG/NBD", "BG/CNBD-2", "last period repeated", "what happened"] {
            #expect(test.text.contains(line), "\(test.text)")
        }
        #expect(test.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(test.text)")
    }

    @Test func aModelWithoutAFitSaysWhyAndEndsWithItsStatus() throws {
        let folder = try Self.folder()
        try folder.write("id,frequency,recency,T\na,0,0,5\nb,0,0,7\n", to: "once.csv")
        let once = try Tool.shell("stratum lifetime fit --id id --histories once.csv -o m.json", in: folder)
        #expect(once.status == 3)
        #expect(once.errors.contains("nobody bought a second time") && once.errors.contains("observe for longer"))
        let rows = (0..<200).map { "c\($0),3,9,10\n" }.joined()
        try folder.write("id,frequency,recency,T\n" + rows, to: "equal.csv")
        let equal = try Tool.shell(
            "stratum lifetime fit --id id --histories --model nbd equal.csv -o m.json", in: folder)
        #expect(equal.status == 5)
        #expect(equal.errors.contains("use a model with fewer parameters"), "\(equal.errors)")
        #expect(try !folder.names().contains("m.json"))
    }

    @Test func scoresHaveTheirCutsInTheSummary() throws {
        let folder = try Self.folder()
        let outcome = try Tool.shell(
            "stratum rfm \(Self.columns) --as-of 1998-06-30 --cuts-recency 60,180,365,500 orders.csv -o rfm.csv --json",
            in: folder)
        let rfm = try #require(try Self.json(outcome)["rfm"] as? [String: Any])
        let cuts = try #require(rfm["cuts"] as? [String: Any])
        #expect(cuts["recency_days"] as? [Double] == [60, 180, 365, 500])
        #expect(cuts["frequency"] as? [[Double]] == [[1, 1, 2, 4]])
        #expect((rfm["segments"] as? [[String: Any]])?.count == 11)
        #expect(outcome.errors.contains("can't lose them"))
    }

    @Test(arguments: [
        ("rfm --id i --date d --amount a --scores 1 x.csv -o o", "--scores"),
        ("rfm --id i --date d --amount a --cuts-recency 3,2,1,0 x.csv -o o", "--cuts-recency"),
        ("rfm --id i --date d --amount a --cuts-recency 1,2 x.csv -o o", "5 scores need 4"),
        ("rfm --id i --date d --amount a --windows 3 x.csv -o o", "--windows"),
        ("lifetime fit --id i --contracts --time-unit year --model bg-nbd x.csv -o o", "--model sbg and --contracts"),
        ("lifetime fit --id i --histories --model sbg x.csv -o o", "--model sbg and --contracts"),
        ("lifetime fit --id i --contracts x.csv -o o", "--time-unit"),
        ("lifetime fit --id i --contracts --time-unit year --survivors s --left l x.csv -o o", "--left"),
        ("lifetime fit --id i --contracts --time-unit year --age a x.csv -o o", "--age"),
        ("lifetime fit --id i --histories --left l x.csv -o o", "--contracts"),
        ("lifetime fit --id i --date d --amount a --model bg-bb --time-unit year x.csv -o o", "--histories"),
        ("lifetime fit --id i --histories --model bg-bb,nbd --time-unit year x.csv -o o", "--model"),
        ("lifetime predict m --id i --contracts --survivors s --horizon 5y x.csv -o o", "--survivors"),
        ("lifetime backtest --id i --contracts --calibration-end 2024-01-01 x.csv", "--contracts"),
        ("lifetime backtest --id i --date d --amount a --models sbg --calibration-end 2024-01-01 x.csv", "--models"),
        ("lifetime fit --id i x.csv -o o", "--date"),
        ("lifetime fit --id i --histories --as-of 2024-01-01 x.csv -o o", "--as-of"),
        ("lifetime fit --id i --date d --amount a --model bg-cnbd-13 x.csv -o o", "--model"),
        ("lifetime fit --id i --date d --amount a --choose hold-out x.csv -o o", "--calibration-end"),
        ("lifetime predict m --id i --date d --amount a --horizon 5m x.csv -o o", "--horizon"),
        (
            "lifetime predict m --id i --date d --amount a --horizon 5w --discount-rate 10% x.csv -o o",
            "--discount-rate"
        ),
        ("lifetime backtest --id i --histories --calibration-end 2024-01-01 x.csv", "--histories"),
    ])
    func anOptionThatCannotBeMeantIsNamed(arguments: String, name: String) throws {
        let outcome = try Tool.shell("stratum \(arguments)", in: try Folder())
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(name), "\(outcome.errors)")
    }

    static let rules = """
        rules:
          - {name: best, when: {r: {atLeast: 4}, f: {atLeast: 4}}}
          - {name: asleep, when: {r: {atMost: 2}}}
          - {name: other}

        """

    @Test func rulesOfAFileNameTheSegments() throws {
        let folder = try Self.folder()
        try folder.write(Self.rules, to: "rules.yaml")
        let outcome = try Tool.shell(
            "stratum rfm \(Self.columns) --as-of 1998-06-30 --rules rules.yaml orders.csv -o rfm.csv --json", in: folder
        )
        let summary = try Self.json(outcome)
        let segments = try #require((summary["rfm"] as? [String: Any])?["segments"] as? [[String: Any]])
        #expect(segments.compactMap { $0["segment"] as? String } == ["best", "asleep", "other"])
        let rows = String(decoding: try folder.read("rfm.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
        var counts: [String: Int] = [:]
        for row in rows {
            let cells = row.split(separator: ",", omittingEmptySubsequences: false)
            let scores = (Int(cells[4]) ?? 0, Int(cells[5]) ?? 0)
            let name = scores.0 >= 4 && scores.1 >= 4 ? "best" : scores.0 <= 2 ? "asleep" : "other"
            #expect(cells[8] == name)
            counts[name, default: 0] += 1
        }
        #expect(segments.compactMap { $0["customers"] as? Int } == ["best", "asleep", "other"].map { counts[$0] ?? 0 })
    }

    @Test(arguments: [
        ("rules:\n  - {name: best, when: {r: {atLeast: 4}}}\n", "no rule names customers with r below 4"),
        (
            "rules:\n  - {name: best, whn: {r: 4}}\n",
            "rules.yaml, rules[0].whn, line 2, column 18); did you mean 'when'?"
        ),
        (
            "rules:\n  - {name: a, when: {recency: 4}}\n  - b\n",
            "rules[0], line 2, column 5); rules speak of the scores"
        ),
        ("rules:\n  - {name: a, when: {r: {atLeast: 4, atMost: 3}}}\n  - b\n", "rules[0]"),
        ("rules:\n  - {name: '', when: {r: 4}}\n  - b\n", "name it"), ("{\"rules\": [\"a\", \"a\"]}", "rules[1]"),
        ("segments: []\n", "unknown key 'segments'"),
    ])
    func rulesThatCannotHoldAreToldWithFileAndPlace(text: String, expected: String) throws {
        let folder = try Self.folder()
        try folder.write(text, to: "rules.yaml")
        let outcome = try Tool.shell(
            "stratum rfm \(Self.columns) --as-of 1998-06-30 --rules rules.yaml orders.csv -o rfm.csv", in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(expected) && outcome.errors.contains("rules.yaml"), "\(outcome.errors)")
    }

    @Test func rulesThatCanNeverApplyAreTold() throws {
        let folder = try Self.folder()
        try folder.write("rules:\n  - {name: top, when: {m: {atLeast: 6}}}\n  - all\n", to: "rules.yaml")
        let outcome = try Tool.shell(
            "stratum rfm \(Self.columns) --as-of 1998-06-30 --rules rules.yaml orders.csv -o rfm.csv", in: folder)
        #expect(outcome.status == 0 && outcome.errors.contains("'top' can never apply"), "\(outcome.errors)")
    }
}
