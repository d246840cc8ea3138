import ArgumentParser
import Stratum

/// `stratum segment`: segments only.
struct SegmentVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment",
        abstract: "Group customers into segments by k-means, choose their number, apply stored ones.",
        discussion: """
            With a plan, its segments are made; options overrule it. Without one, name columns with --features. A \
            range such as --k 2...12 tries each number and takes the best; without -o the tables alone are printed. \
            --apply gives other customers the segments of a stored model, of this verb or of 'stratum fit'.

            Example:

              stratum segment data/plans/retail.yaml customers.csv -o segments.csv
              stratum segment --features revenue_12m,visits_90d --k 2...12 customers.csv
              stratum segment --features revenue_12m,visits_90d --k 6 customers.csv \\
                -o segments.csv --model model.json
              stratum segment --apply model.json tonight.csv -o segments.csv
            """)

    @Argument(
        help: ArgumentHelp(
            "The plan, unless --features or --apply is given; the export in one file or several, a folder or a "
                + "quoted pattern.", valueName: "file"),
        completion: .file())
    var files: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Each customer's segment; - is standard output.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Write the model of the segments, for --apply and --previous.", valueName: "file"))
    var model: String?

    @Option(help: ArgumentHelp("Write the segments' profiles (CSV).", valueName: "file"))
    var profiles: String?

    @Option(help: ArgumentHelp("Write the figures of each number of a range (CSV).", valueName: "file"))
    var curve: String?

    @Flag(help: "Add the distances to the own and the next center to each customer's row.")
    var distances = false

    @Option(help: ArgumentHelp("Apply the segments of this model; nothing is learned.", valueName: "model"))
    var apply: String?

    @OptionGroup(title: "How segments are found") var choices: SegmentOptions
    @OptionGroup(title: "Without customers in memory") var stream: StreamOptions
    @OptionGroup var options: CustomerOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws {
        if let output { try options.work.refuseJSON(besideData: output) }
        try options.requireSummary(sideFiles)
        let papers = [output, model, profiles, curve, sideFiles.rejects, sideFiles.summary].compactMap(\.self)
        if papers.count(where: { $0 == "-" }) > 1 {
            throw ValidationError("Two outputs want standard output; give all but one a file.")
        }
        if distances, output == nil { throw ValidationError("--distances adds columns to -o FILE, which is missing.") }
        if apply != nil {
            try validateApplication()
        } else if choices.features == nil {
            try validatePlan()
        } else if choices.k == nil, choices.previous == nil {
            throw ValidationError("--features needs the number of segments: --k 6, or --k 2...12 to have it chosen.")
        }
    }

    private func validateApplication() throws {
        let fitting =
            choices.given
            + [("--model", model), ("--profiles", profiles), ("--curve", curve)].filter { $0.1 != nil }.map(\.0)
            + (stream.stream ? ["--stream"] : [])
        if let option = fitting.first {
            throw ValidationError("\(option) is for finding segments; --apply takes those of the model as they are.")
        }
        if output == nil { throw ValidationError("--apply needs -o FILE for the customers' segments.") }
    }

    private func validatePlan() throws {
        if choices.id != nil { throw ValidationError("--id belongs to a call without a plan; the plan says input.id.") }
        if files.count == 1 {
            throw ValidationError(
                "One file is given where a plan and an export are needed; without a plan name the columns: "
                    + "--features a,b --k 6.")
        }
    }

    func run() throws {
        let console = Console(options.work)
        let call = options.call(console).streaming(stream.streaming)
        var outputs = SegmentOutputs()
        outputs.segments = output
        outputs.model = model
        outputs.profiles = profiles
        outputs.curve = curve
        outputs.rejects = sideFiles.rejects
        outputs.summary = sideFiles.summary
        outputs.hasDistances = distances
        let result =
            if let apply {
                try call.segment(applying: apply, files: files, to: outputs)
            } else {
                try call.segment(choices, files: files, to: outputs)
            }
        let standardOutputIsFree = ![output, model, profiles, curve].contains("-")
        try Closing(console, json: options.work.json).tell(result, tablesAreData: output == nil && standardOutputIsFree)
    }
}
