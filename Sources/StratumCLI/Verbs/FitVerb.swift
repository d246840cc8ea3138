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

    @OptionGroup var planFile: PlanArgument
    @OptionGroup var files: InputFiles

    @Option(name: .shortAndLong, help: ArgumentHelp("The model; - is standard output.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "A model of an earlier night: segments start from its centers and keep their numbers and names.",
            valueName: "model"),
        completion: .file())
    var previous: String?

    @OptionGroup var tiers: TierOptions
    @OptionGroup var frozen: FrozenTierOptions
    @OptionGroup var options: CustomerOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws {
        try options.work.refuseJSON(besideData: output)
        try options.requireSummary(sideFiles)
    }

    func run() throws {
        let console = Console(options.work)
        let call = options.call(console)
        let result = try call.continuing(previous).layingOut(tiers, frozen: frozen.frozenTiers).fit(
            plan: planFile.plan, inputs: files.inputs, model: output, sideFiles)
        try Closing(console, json: options.work.json).tell(result)
    }
}
