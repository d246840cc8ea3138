import ArgumentParser

/// `stratum run`: everything in one pass over the input.
struct RunVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Score, tier and segment every customer of an export.",
        discussion: """
            Reads the export once and writes to the folder: scores.csv, tiers.csv, segments.csv, rejects.csv, \
            model.json and summary.json. The score file appears last: when it is there, all of them are complete.

            Example:

              stratum run data/plans/retail.yaml customers.csv -o out
              zstd -dc customers.csv.zst | stratum run retail.yaml - -o out --max-rejects 0
            """)

    @OptionGroup var planFile: PlanArgument
    @OptionGroup var files: InputFiles

    @Option(name: .shortAndLong, help: ArgumentHelp("Folder for the outputs; made if missing.", valueName: "folder"))
    var output: String

    @OptionGroup var columns: ScoreColumnOptions

    @Option(help: "Pack scores.csv as it is written: gz or zst; it is then scores.csv.gz or scores.csv.zst.")
    var compress: CompressionArgument?

    @Option(
        help: ArgumentHelp(
            "A model of an earlier night: segments start from its centers and keep their numbers and names.",
            valueName: "model"),
        completion: .file())
    var previous: String?

    @OptionGroup var tiers: TierOptions
    @OptionGroup var frozen: FrozenTierOptions
    @OptionGroup var options: CustomerOptions

    func validate() throws {
        if output == "-" {
            throw ValidationError("-o is a folder for several files; standard output cannot hold them.")
        }
    }

    func run() throws {
        let console = Console(options.work)
        let call = options.call(console, columns: columns, compress: compress?.compression)
        let result = try call.continuing(previous).layingOut(tiers, frozen: frozen.frozenTiers).run(
            plan: planFile.plan, inputs: files.inputs, outputFolder: output)
        try Closing(console, json: options.work.json).tell(result)
    }
}
