import ArgumentParser

/// `stratum fit`: learn the model, score nobody.
struct FitVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Learn a model from an export: normalizations, weights, cut-offs and segments.",
        discussion: """
            The model scores other exports with 'stratum score', with the cut-offs of this one.

            Example:

              stratum fit data/plans/retail.yaml customers.csv -o model.json
            """)

    @Argument(help: "The plan, YAML or JSON; 'stratum plan' prints one.", completion: .file())
    var plan: String

    @Argument(
        help: ArgumentHelp(
            "The export, in one file or several: CSV, plain or in gz or zst; a folder, a quoted pattern; - is standard input.",
            valueName: "input"),
        completion: .file())
    var inputs: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The model; - is standard output.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "A model of an earlier night: segments start from its centers and keep their numbers and names.",
            valueName: "model"),
        completion: .file())
    var previous: String?

    @OptionGroup var work: WorkOptions
    @OptionGroup var inputOptions: InputOptions
    @OptionGroup var outputOptions: OutputOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws { try work.refuseJSON(besideData: output) }

    func run() throws {
        let console = Console(work)
        let call = EngineCall(console, work, inputOptions, outputOptions)
        let result = try call.continuing(previous).fit(plan: plan, inputs: inputs, model: output, sideFiles)
        try Closing(console, json: work.json).tell(result)
    }
}
