import Foundation
import Testing

/// The typical mistakes, each with the status and the words that let a stranger mend it.
struct MistakeTests {
    private static let plan = """
        version: 1
        dimensions:
          - name: economic
            indicators: [revenue, orders]
        """

    private static let header = "customer_id,revenue,orders\n"

    /// Runs the small plan over an input.
    private func run(_ input: String, plan: String = plan, _ options: String...) throws -> (Tool.Outcome, Folder) {
        let folder = try Folder()
        try folder.write(plan, to: "plan.yaml")
        try folder.write(input, to: "in.csv")
        return (try Tool.run(["run", "plan.yaml", "in.csv", "-o", "out"] + options, in: folder), folder)
    }

    /// Customers C1 to C200.
    private func customers(_ range: ClosedRange<Int> = 1...200) -> String {
        range.map { "C\($0),\($0 * 7 % 101),\($0 % 9)\n" }.joined()
    }

    private func expectFailure(
        _ outcome: Tool.Outcome, status: Int32, says words: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
        #expect(outcome.errors.hasPrefix("stratum: "), "\(outcome.errors)", sourceLocation: sourceLocation)
        for word in words {
            #expect(outcome.errors.contains(word), "\(word) | \(outcome.errors)", sourceLocation: sourceLocation)
        }
        #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    }

    @Test func anEmptyFile() throws {
        let (outcome, folder) = try run("")
        expectFailure(outcome, status: 3, says: ["in.csv"])
        #expect(try !folder.names().contains("out"))
    }

    @Test func aHeaderAndNothingElse() throws {
        let (outcome, _) = try run(Self.header)
        expectFailure(outcome, status: 3, says: ["no customer to score", "in.csv"])
    }

    @Test func bytesThatAreNoTable() throws {
        let folder = try Folder()
        try folder.write(Self.plan, to: "plan.yaml")
        try folder.write((0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 3) }, to: "in.csv")
        expectFailure(try Tool.run("run", "plan.yaml", "in.csv", "-o", "out", in: folder), status: 3, says: ["in.csv"])
    }

    @Test func theWrongDelimiterIsNamed() throws {
        let text = (Self.header + customers()).replacingOccurrences(of: ",", with: ";")
        let (outcome, folder) = try run(text)
        expectFailure(outcome, status: 3, says: ["customer_id", ";"])
        let mended = try Tool.run("run", "plan.yaml", "in.csv", "-o", "out", "--delimiter", ";", in: folder)
        #expect(mended.status == 0, "\(mended.errors)")
    }

    @Test func numbersInOtherNotationsAreReadByOption() throws {
        let folder = try Folder()
        try folder.write(Self.plan, to: "plan.yaml")
        let rows = (1...200).map { ($0 * 7919 % 100_003, $0 % 9) }
        func table(_ separator: String, _ write: (Int, Int) -> String) -> String {
            (["customer_id", "revenue", "orders"].joined(separator: separator) + "\n")
                + rows.enumerated().map { "C\($0.offset)\(separator)\(write($0.element.0, $0.element.1))\n" }.joined()
        }
        try folder.write(table(",") { "\($0 / 10).\($0 % 10),\($1 == 0 ? "" : "\($1)")" }, to: "point.csv")
        let german = table(";") { amount, orders in
            let (thousands, rest) = (amount / 10_000, amount / 10 % 1000)
            let whole = thousands == 0 ? "\(rest)" : "\(thousands).\(String(1000 + rest).dropFirst())"
            return "\(whole),\(amount % 10) €;\(orders == 0 ? "-1" : "\(orders * 100)%")"
        }
        try folder.write(german, to: "comma.csv")
        #expect(try Tool.run("run", "plan.yaml", "point.csv", "-o", "a", in: folder).status == 0)
        let options = [
            "--delimiter", ";", "--decimal-mark", "comma", "--thousands", "point", "--currency", "€", "--percent",
            "--null", "-1",
        ]
        let run = try Tool.run(["run", "plan.yaml", "comma.csv", "-o", "b"] + options, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let expected = try folder.read("a/scores.csv")
        #expect(try folder.read("b/scores.csv") == expected)
        let score = try Tool.run(["score", "a/model.json", "comma.csv", "-o", "c.csv"] + options, in: folder)
        #expect(score.status == 0, "\(score.errors)")
        let inspect = try Tool.run(["inspect", "comma.csv"] + options, in: folder)
        let described = String(decoding: inspect.output, as: UTF8.self)
        #expect(described.contains("revenue      number"), "\(described)")
        let refused = try Tool.run(
            ["score", "a/model.json", "comma.csv", "-o", "d.csv", "--thousands", "point"], in: folder)
        #expect(refused.status == 2, "\(refused.errors)")
        #expect(refused.errors.contains("stands before the decimals too"), "\(refused.errors)")
    }

    @Test func aMissingColumnIsNamedWithTheNearest() throws {
        let (outcome, _) = try run("customer_id,revenu,orders\nC1,1,2\n")
        expectFailure(outcome, status: 3, says: ["revenue", "revenu", "orders", "in.csv"])
    }

    @Test func aQuoteNeverClosed() throws {
        let (outcome, folder) = try run(Self.header + customers(1...50) + "\"C51,1,2\n" + customers(52...90))
        expectFailure(outcome, status: 3, says: ["in.csv", "line 52"])
        #expect(try !folder.names().contains("out"))
    }

    @Test func badRowsAreLeftOutAndListed() throws {
        let bad = "C201,1\nC202,nan,1\nC203,1e999,1\nC7,1,1\n,1,1\n"
        let (outcome, folder) = try run(Self.header + customers() + bad, "--max-rejects", "10")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let rejects = String(decoding: try folder.read("out/rejects.csv"), as: UTF8.self)
        for reason in ["too_few_fields", "non_finite", "out_of_range", "duplicate_id", "missing_id"] {
            #expect(rejects.contains(reason), "\(rejects)")
            #expect(outcome.errors.contains(reason), "\(outcome.errors)")
        }
        #expect(rejects.contains(",202,"), "the line of the first: \(rejects)")
        #expect(try folder.read("out/scores.csv").count { $0 == 0x0A } == 201)
    }

    @Test func tooManyBadRowsWriteNothing() throws {
        let bad = (300..<310).map { "C\($0),x,1\n" }.joined()
        let (outcome, folder) = try run(Self.header + customers() + bad)
        expectFailure(outcome, status: 3, says: ["invalid_number", "1"])
        #expect(try !folder.names().contains("out"))
    }

    @Test func constantAndEmptyColumnsRun() throws {
        let rows = (1...100).map { "C\($0),5,\n" }.joined()
        let (outcome, folder) = try run(Self.header + rows)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("warning"))
        let scores = String(decoding: try folder.read("out/scores.csv"), as: UTF8.self)
        #expect(!scores.lowercased().contains("nan"))
        #expect(!scores.lowercased().contains("inf"))
    }

    @Test func anUnknownKeyInThePlan() throws {
        let (outcome, _) = try run(Self.header, plan: "version: 1\ndimension: []\n")
        expectFailure(outcome, status: 2, says: ["dimension", "line 2", "dimensions"])
    }

    @Test func aWeightThatIsNoNumber() throws {
        let plan = Self.plan.replacingOccurrences(of: "[revenue, orders]", with: "[{name: revenue, weight: .nan}]")
        let (outcome, _) = try run(Self.header, plan: plan)
        expectFailure(outcome, status: 2, says: ["dimensions[0].indicators[0].weight", "line 4"])
    }

    @Test func aPlanThatIsNotThere() throws {
        let outcome = try Tool.run("run", "nowhere.yaml", "in.csv", "-o", "out", in: try Folder())
        #expect(outcome.status == 4)
        #expect(
            outcome.errors == "stratum: cannot open: No such file or directory (nowhere.yaml); "
                + "check the path and who may read it\n")
    }

    @Test func anInputThatIsNotThere() throws {
        let folder = try Folder()
        try folder.write(Self.plan, to: "plan.yaml")
        let outcome = try Tool.run("run", "plan.yaml", "nowhere.csv", "-o", "out", in: folder)
        expectFailure(
            outcome, status: 4, says: ["no such file", "nowhere.csv", "Check the path and the folder"])
        #expect(try folder.names() == ["plan.yaml"])
    }

    @Test func aModelWithOneByteChanged() throws {
        let (outcome, folder) = try run(Self.header + customers())
        #expect(outcome.status == 0, "\(outcome.errors)")
        var model = try folder.read("out/model.json")
        for place in [0, 30, model.count / 2, model.count - 3] {
            model[place] ^= 1
            try folder.write(model, to: "model.json")
            model[place] ^= 1
            let scored = try Tool.run("score", "model.json", "in.csv", "-o", "-", in: folder)
            expectFailure(scored, status: 5, says: ["model"])
        }
    }

    @Test func aFullDiskAndAClosedPipe() throws {
        let (outcome, folder) = try run(Self.header + customers())
        #expect(outcome.status == 0, "\(outcome.errors)")
        let full = try Tool.run("score", "out/model.json", "in.csv", "-o", "/dev/full", in: folder)
        expectFailure(full, status: 4, says: ["no space is left", "/dev/full"])
        #expect(try Tool.shell("stratum generate --customers 300000 -q -o big.csv", in: folder).status == 0)
        let plan = try Tool.shell("stratum plan > p.yaml; stratum fit p.yaml big.csv -q -o m.json", in: folder)
        #expect(plan.status == 0, "\(plan.errors)")
        let closed = try Tool.shell(
            "stratum score m.json big.csv -q -o - | head -1; echo ${PIPESTATUS[0]}", in: folder)
        #expect(closed.text.hasSuffix("\n141\n"))
        #expect(closed.errors.isEmpty)
    }

    @Test func theOutputMustNotBeTheInput() throws {
        let (outcome, folder) = try run(Self.header + customers())
        #expect(outcome.status == 0, "\(outcome.errors)")
        let before = try folder.read("in.csv")
        let same = try Tool.run("score", "out/model.json", "in.csv", "-o", "./in.csv", "--force", in: folder)
        expectFailure(same, status: 4, says: ["the output is one of the inputs", "in.csv"])
        #expect(try folder.read("in.csv") == before)
    }
}
