import ArgumentParser

/// `stratum score`: apply a stored model, streaming.
struct ScoreVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score an export with a stored model, in bounded memory.",
        discussion: """
            Cut-offs, normalizations and segments are the model's: a customer with the same figures gets the same \
            score every night.

            Example:

              stratum score model.json tonight.csv -o scores.csv
              gzip -dc tonight.csv.gz | stratum score model.json - -o - | head
            """)

    @Argument(help: "The model that 'stratum fit' or 'stratum run' wrote.", completion: .file())
    var model: String

    @Argument(
        help: ArgumentHelp(
            "The export, in one file or several: CSV, plain or in gz or zst; a folder, a quoted pattern; - is standard input.",
            valueName: "input"),
        completion: .file())
    var inputs: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The scores; - is standard output.", valueName: "file"))
    var output: String

    @Flag(help: "Also write each indicator's contribution to the score.")
    var contributions = false

    @OptionGroup var work: WorkOptions
    @OptionGroup var inputOptions: InputOptions
    @OptionGroup var outputOptions: OutputOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws { try work.refuseJSON(besideData: output) }

    func run() throws {
        let console = Console(work)
        let call = EngineCall(console, work, inputOptions, outputOptions, contributions: contributions ? true : nil)
        let result = try call.score(model: model, inputs: inputs, output: output, sideFiles)
        try Closing(console, json: work.json).tell(result)
    }
}
