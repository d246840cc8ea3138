import ArgumentParser
import Reports
import Stratum

/// `stratum weights`: methods of weighting side by side.
struct WeightsVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weights",
        abstract: "Compare methods of weighting on an export: the weights, and whom each would change.",
        discussion: """
            A column for each method: the plan's own weights, equal ones, those that the data suggest and, with an \
            outcome, those learned from it. The last line tells how many customers of the top tier would leave it. \
            Take one over by 'weights: critic' in the plan, or write the figures into it.

            Example:

              stratum weights data/plans/retail.yaml customers.csv
              stratum weights data/plans/retail.yaml customers.csv \\
                --bootstrap 200 -o weights.csv
            """)

    @OptionGroup var planFile: PlanArgument
    @OptionGroup var files: InputFiles

    @Option(
        help: ArgumentHelp(
            "A column that says what became of each customer, to learn weights from.", valueName: "column"))
    var outcome: String?

    @Option(
        help: ArgumentHelp("Replicates for 95 % intervals of the objective weights, up to 10000.", valueName: "count"))
    var bootstrap: Int = 0

    @Option(name: .shortAndLong, help: ArgumentHelp("The weights as CSV; - is standard output.", valueName: "file"))
    var output: String?

    @OptionGroup var work: WorkOptions
    @OptionGroup var inputOptions: InputOptions
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        if let output { try work.refuseJSON(besideData: output) }
        guard (0...10_000).contains(bootstrap) else {
            throw ValidationError("--bootstrap is \(bootstrap); give 0 to 10000.")
        }
    }

    func run() throws {
        let console = Console(work)
        let call = EngineCall(console, work, inputOptions, outputOptions)
        let found = try call.weights(
            plan: planFile.plan, inputs: files.inputs, outcome: outcome, output: output, replicateCount: bootstrap)
        console.clearProgress()
        if work.json {
            try StandardOutput.write(found.summary.jsonFile)
        } else if output != "-" {
            try StandardOutput.write(found.report.text(console.style))
        }
        for warning in found.summary.warnings { console.warn(warning) }
        console.note(Closing.rowLine(found.summary.rows, seconds: console.seconds))
    }
}
