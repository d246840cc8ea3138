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

    @OptionGroup var files: InputFiles

    @Option(name: .shortAndLong, help: ArgumentHelp("The scores; - is standard output.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp("Write the work list of the model's plan to this file.", valueName: "file"),
        completion: .file())
    var workList: String?

    @OptionGroup var columns: ScoreColumnOptions

    @OptionGroup var tiers: TierOptions
    @OptionGroup var options: CustomerOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws {
        try options.work.refuseJSON(besideData: output)
        try options.requireSummary(sideFiles)
    }

    func run() throws {
        let console = Console(options.work)
        let call = options.call(console, columns: columns)
        let result = try call.layingOut(tiers)
            .score(model: model, inputs: files.inputs, output: output, workList: workList, sideFiles)
        try Closing(console, json: options.work.json).tell(result)
    }
}
