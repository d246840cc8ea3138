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

    @Argument(
        help: ArgumentHelp(
            "The export, in one file or several: CSV, plain or in gz or zst; a folder, a quoted pattern; - is standard input.",
            valueName: "input"),
        completion: .file())
    var inputs: [String]

    @OptionGroup var work: WorkOptions
    @OptionGroup var inputOptions: InputOptions

    func run() throws {
        let console = Console(work)
        let text = try EngineCall(console, work, inputOptions).inspect(inputs: inputs, json: work.json)
        console.clearProgress()
        try StandardOutput.write(text)
    }
}
