import ArgumentParser
import Stratum
import TableIO

/// `stratum generate`: sample data.
struct GenerateVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write a seeded sample export: an id and 12 indicators, some cells empty.",
        discussion: """
            The same count and seed give the same bytes on every machine, for any number of threads.

            Example:

              stratum generate --customers 100000 -o customers.csv
              stratum generate --customers 1000 --seed 7 -o - | head -3
            """)

    @Option(help: ArgumentHelp("The number of customers, at most 1,000,000,000.", valueName: "count"))
    var customers: Int

    @Option(name: .shortAndLong, help: ArgumentHelp("The export; - is standard output.", valueName: "file"))
    var output: String

    @OptionGroup var work: WorkOptions
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard (0...SampleData.customerLimit).contains(customers) else {
            throw ValidationError("--customers is \(customers); give a number from 0 to \(SampleData.customerLimit).")
        }
        if work.json { throw ValidationError("generate has no summary; leave out --json.") }
    }

    func run() throws {
        let console = Console(work)
        let sample = SampleData(customerCount: customers, seed: work.seed ?? Self.seedUnlessGiven)
        let byteCount = try EngineCall(console, work, nil, outputOptions).generate(sample, output: output)
        console.clearProgress()
        let place = output == "-" ? "standard output" : TerminalText.escaped(output)
        console.note(
            "Wrote \(groupedDigits(customers)) customers, \(groupedDigits(byteCount)) bytes, "
                + "in \(duration(console.seconds)) to \(place).")
    }

    /// Any fixed number would do; documented figures use this one.
    private static let seedUnlessGiven: UInt64 = 1
}
