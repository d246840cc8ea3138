import ArgumentParser

/// `stratum inspect`: what is in the columns of an export.
struct InspectVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Describe every column of an export: kind, count, missing, least, greatest, mean, quantiles.",
        discussion: """
            Example:

              stratum inspect customers.csv
              stratum inspect customers.csv.zst --json | jq '.columns[].name'
            """)

    @Argument(help: "The export: CSV, plain or in gz or zst; - is standard input.", completion: .file())
    var input: String

    @OptionGroup var work: WorkOptions
    @OptionGroup var inputOptions: InputOptions

    func run() throws {
        let console = Console(work)
        let text = try EngineCall(console, work, inputOptions).inspect(input: input, json: work.json)
        console.clearProgress()
        try StandardOutput.write(text)
    }
}
