import ArgumentParser

/// `stratum segment`: clusters only.
struct SegmentVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment",
        abstract: "Group customers into segments by k-means.",
        discussion: """
            With a plan, its segments are made. Without one, name the columns and the number of segments; the columns \
            are standardized (mean 0, standard deviation 1).

            Example:

              stratum segment data/plans/retail.yaml customers.csv -o segments.csv
              stratum segment --id customer_id --features revenue_12m,visits_90d --k 6 customers.csv -o segments.csv
            """)

    @Argument(
        help: ArgumentHelp(
            "The plan, unless columns are named; the export in one file or several, a folder or a quoted pattern.",
            valueName: "file"),
        completion: .file())
    var files: [String]

    @Option(help: ArgumentHelp("Columns to group by, with commas between.", valueName: "a,b,c"))
    var features: String?

    @Option(help: ArgumentHelp("The number of segments, 1 to 1000.", valueName: "count"))
    var k: Int?

    @Option(help: ArgumentHelp("The column with the customer's id.", valueName: "column"))
    var id: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Each customer's segment; - is standard output.", valueName: "file"))
    var output: String

    @OptionGroup var options: CustomerOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws {
        try options.work.refuseJSON(besideData: output)
        try options.requireSummary(sideFiles)
        let named = [features != nil, k != nil, id != nil]
        let startsWithPlan = [".yaml", ".yml", ".json"].contains { files.first?.hasSuffix($0) ?? false }
        if named.contains(true), startsWithPlan || (files.count > 1 && named.contains(false)) {
            throw ValidationError("--features, --k and --id belong to a call without a plan.")
        }
        if named.contains(true) || files.count == 1, named.contains(false) {
            throw ValidationError("Without a plan, --features, --k and --id are all needed.")
        }
        if let k, !(1...1000).contains(k) { throw ValidationError("--k is \(k); give a number from 1 to 1000.") }
        if let features, featureNames(features).contains("") {
            throw ValidationError("--features has an empty name in \"\(features)\".")
        }
    }

    func run() throws {
        let console = Console(options.work)
        let call = options.call(console)
        let result =
            if let features, let k, let id {
                try call.segment(
                    features: featureNames(features), segmentCount: k, idColumn: id, inputs: files, output: output,
                    sideFiles)
            } else {
                try call.segment(plan: files[0], inputs: Array(files.dropFirst()), output: output, sideFiles)
            }
        try Closing(console, json: options.work.json).tell(result)
    }

    private func featureNames(_ list: String) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
