import ArgumentParser
import TableIO

/// The plan of a verb that cannot do without.
struct PlanArgument: ParsableArguments {
    @Argument(help: "The plan, YAML or JSON; 'stratum plan' prints one.", completion: .file())
    var plan: String
}

/// The export, in one file or several.
struct InputFiles: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The export, in one file or several: CSV, plain or in gz or zst; a folder, a quoted pattern; - is standard input.",
            valueName: "input"),
        completion: .file())
    var inputs: [String]
}

/// What may be added to the scores.
struct ScoreColumnOptions: ParsableArguments {
    @Flag(help: "Also write each indicator's contribution to the score.")
    var contributions = false

    @Flag(help: "Also write what sets each customer apart from the mean one, and what the next tier lacks.")
    var reasons = false
}

/// What the tiers of customers hold to.
struct TierOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The scores file of the last run, plain, gz or zst: the plan's hysteresis holds customers to its tiers.",
            valueName: "scores"),
        completion: .file())
    var previousScores: String?
}

/// Cut-offs that a fit takes from elsewhere.
struct FrozenTierOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A model whose cut-offs of tiers are taken: tonight's customers, last quarter's cut-offs.",
            valueName: "model"),
        completion: .file())
    var frozenTiers: String?
}

/// What all verbs share that read customers and write results: run, fit, score and segment.
struct CustomerOptions: ParsableArguments {
    @OptionGroup var work: WorkOptions
    @OptionGroup var input: InputOptions
    @OptionGroup var output: OutputOptions

    @Option(
        help: ArgumentHelp(
            "For a plan of orders: count up to this day. (default: the plan's, else the last day in the log)",
            valueName: "date"))
    var asOf: DayArgument?

    @Flag(help: "Give the SHA-256 of inputs and outputs in the summary, beside their XXH3.")
    var sha256 = false

    /// Refuses options that need a summary where none is asked for.
    func requireSummary(_ sideFiles: SideFileOptions) throws {
        guard sha256, sideFiles.summary == nil, !work.json else { return }
        throw ValidationError("--sha256 goes into the summary; ask for it with --summary FILE or --json.")
    }

    /// The library, asked as these options have it.
    func call(
        _ console: Console, columns: ScoreColumnOptions? = nil, compress: OutputCompression? = nil
    ) -> EngineCall {
        EngineCall(
            console, work, input, output, contributions: columns?.contributions == true ? true : nil,
            compress: compress, sha256: sha256
        ).telling(reasons: columns?.reasons ?? false).counting(upTo: asOf?.day)
    }
}
