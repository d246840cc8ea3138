import Testing

/// What the command says before any work: help, version and mistakes in the arguments.
struct UsageTests {
    private static let verbs = [
        "run", "fit", "score", "explain", "export", "segment", "indicators", "rfm", "lifetime fit", "lifetime predict",
        "lifetime backtest", "weights", "inspect", "bench", "plan", "generate",
    ]

    @Test func versionGoesToStandardOutput() throws {
        let outcome = try Tool.run("--version")
        #expect(outcome.status == 0)
        #expect(outcome.text.split(separator: ".").count == 3)
        #expect(outcome.errors.isEmpty)
    }

    @Test(arguments: verbs) func helpHasAnExample(verb: String) throws {
        let outcome = try Tool.run(verb.split(separator: " ").map(String.init) + ["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        let parts = outcome.text.split(separator: "Example:\n\n")
        try #require(parts.count == 2)
        let example = parts[1].split(separator: "\n\n")[0]
        #expect(example.contains("  stratum \(verb) "))
        // A line that were broken at the width of a terminal would begin without blanks, and not run as it stands.
        #expect(example.split(separator: "\n").allSatisfy { $0.hasPrefix("  ") }, "\(example)")
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func shellsCompleteVerbs(shell: String) throws {
        let outcome = try Tool.run("--generate-completion-script", shell)
        #expect(outcome.status == 0)
        for verb in Self.verbs.flatMap({ $0.split(separator: " ") }) { #expect(outcome.text.contains(verb)) }
    }

    @Test func unknownVerbIsAUsageError() throws {
        let outcome = try Tool.run("skore")
        #expect(outcome.status == 2)
        #expect(
            outcome.errors == """
                stratum: Unexpected argument 'skore'
                Usage: stratum <subcommand>
                  See 'stratum --help' for more information.

                """)
        #expect(outcome.output.isEmpty)
    }

    @Test(arguments: [
        (["run", "plan.yaml"], "Missing expected argument '<input> ...'"),
        (["run", "plan.yaml", "in.csv"], "Missing expected argument '--output <folder>'"),
        (["run", "p", "i", "-o", "-"], "-o is a folder for several files; standard output cannot hold them."),
        (["run", "p", "i", "-o", "o", "--threads", "0"], "--threads is 0; give a number from 1 to 1024."),
        (["run", "p", "i", "-o", "o", "-q", "-v"], "--quiet and --verbose contradict each other; give one of them."),
        (["score", "m", "i", "-o", "-", "--json"], "--json and -o - both want standard output"),
        (["segment", "i.csv", "-o", "-"], "without a plan name the columns: --features a,b --k 6."),
        (
            ["segment", "p", "i", "--id", "x", "-o", "-"],
            "--id belongs to a call without a plan; the plan says input.id."
        ),
        (["segment", "i", "--features", "a,b"], "--features needs the number of segments: --k 6, or --k 2...12"),
        (["segment", "i", "--features", "a,,b", "--k", "3"], "--features has an empty name in \"a,,b\"."),
        (["segment", "i", "--features", "a", "--k", "5...2"], "The value '5...2' is invalid for '--k <count>'"),
        (["segment", "i", "--features", "a", "--k", "3", "--criterion", "gap"], "give a range, --k 2...12."),
        (["segment", "i", "--features", "a", "--k", "3", "--distances"], "--distances adds columns to -o FILE"),
        (["segment", "i", "--features", "a", "--k", "3", "--minimum-share", "100%"], "'100%' is invalid"),
        (["segment", "i", "--features", "a", "--k", "3", "--tolerance", "nan"], "--tolerance is nan; give 0 or"),
        (
            ["segment", "i", "--features", "a", "--k", "3", "-o", "-", "--model", "-"],
            "Two outputs want standard output"
        ),
        (["segment", "--apply", "m", "i", "-o", "s", "--k", "3"], "--k is for finding segments; --apply takes those"),
        (["segment", "--apply", "m", "i"], "--apply needs -o FILE for the customers' segments."),
        (["generate", "--customers", "-1", "-o", "x"], "--customers"),
        (["generate", "--customers", "1000000001", "-o", "x"], "give a number from 0 to 1000000000."),
    ])
    func mistakesInArgumentsEndWithStatus2(arguments: [String], message: String) throws {
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix("stratum: "), "\(outcome.errors)")
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test func controlCharactersInArgumentsDoNotReachTheTerminal() throws {
        let outcome = try Tool.run("\u{1b}[31mred\u{202e}")
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix("stratum: Unexpected argument '\\x1B[31mred\\xE2\\x80\\xAE'\n"))
    }
}
