import ArgumentParser
import Reports

/// `stratum inspect`: what is in the columns of an export.
struct InspectVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Describe every column of an export: kind, missing, different values, extremes, mean, quantiles.",
        discussion: """
            Example:

              stratum inspect customers.csv
              stratum inspect customers.csv.zst --json | jq '.columns[].column'

            Every number is shown with all its digits. Broken records are left out and counted by reason.
            """)

    @OptionGroup var files: InputFiles

    @Flag(help: "Count different values exactly, not only up to 16,384 of them: more memory and time.")
    var exactDistinct = false

    @Flag(help: "Show numbers as hexadecimal binary64, as C's %a writes them.")
    var hex = false

    @OptionGroup var work: WorkOptions
    @OptionGroup var inputOptions: InputOptions

    func run() throws {
        let console = Console(work)
        let text = try EngineCall(console, work, inputOptions).inspect(
            inputs: files.inputs, exactDistinct: exactDistinct, form: hex ? .hexadecimal : .decimal, json: work.json)
        console.clearProgress()
        try StandardOutput.write(text)
    }
}
