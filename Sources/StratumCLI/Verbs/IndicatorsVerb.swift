import ArgumentParser
import Stratum

/// `stratum indicators`: an order log to one row a customer.
struct IndicatorsVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "indicators",
        abstract: "Turn order lines into one row of indicators a customer.",
        discussion: """
            Lines may come in any order and in any number of files. A line with an amount below 0 is a refund, any \
            other a purchase. The customers are written in the order of their ids' bytes.

            Example:

              stratum indicators --id customer_id --date order_date \\
                --amount amount --channel channel --as-of 2026-01-01 \\
                --windows 12 orders.csv -o customers.csv
            """)

    @OptionGroup var files: OrderFiles

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("One row a customer; - is standard output.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            """
            Keep all lines in this file, packed: the next run reads it and the new lines alone. It is made if missing \
            and replaced together with the output.
            """, valueName: "file"), completion: .file())
    var state: String?

    @Option(
        help: ArgumentHelp(
            "Bring in the lines of another state too, which stays as it is; repeatable.", valueName: "file"),
        completion: .file())
    var mergeState: [String] = []

    @OptionGroup var orders: OrderOptions
    @OptionGroup var work: WorkOptions
    @OptionGroup var inputOptions: InputOptions
    @OptionGroup var outputOptions: OutputOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws {
        try work.refuseJSON(besideData: output)
        if state == nil, !mergeState.isEmpty {
            throw ValidationError("--merge-state needs --state: name the file that is to hold all lines.")
        }
        if state == "-" || mergeState.contains("-") {
            throw ValidationError("a state is a file; - is neither read nor written.")
        }
    }

    func run() throws {
        let console = Console(work)
        let (call, planned) = try EngineCall(console, work, inputOptions, outputOptions).planned(orders.lines.plan)
        let result = try call.indicators(
            try orders.columns(over: planned), state: state.map { OrderState(path: $0, merging: mergeState) },
            spillFolder: files.spillFolder,
            inputs: files.inputs, output: output, sideFiles)
        try Closing(console, json: work.json).tell(result)
    }
}
