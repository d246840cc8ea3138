import ArgumentParser
import Indicators
import Stratum

/// `stratum rfm`: an order log to scores of recency, frequency and monetary value.
struct RFMVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rfm",
        abstract: "Score customers by recency, frequency and monetary value of their orders, and name segments.",
        discussion: """
            Each of the three is scored 1 to 5, the best highest: 545 bought lately, often enough and much. The cuts \
            are quantiles, equal values never split, unless they are given: the most days, purchases and spend of \
            each score. They are in the tables and in the summary. Segments have the eleven usual names, or those of \
            --rules: a file of rules in order over r, f and m, the first that applies wins, none left without a name.

              rules:
                - {name: best, when: {r: {atLeast: 4}, f: {atLeast: 4}}}
                - {name: asleep, when: {r: {atMost: 2}}}
                - {name: other}

            Example:

              stratum rfm --id customer_id --date order_date --amount amount \\
                --as-of 2026-01-01 orders.csv -o rfm.csv
              stratum rfm --id customer_id --date order_date --amount amount \\
                --cuts-recency 30,90,180,365 orders.csv -o rfm.csv
            """)

    @OptionGroup var files: OrderFiles

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("One row a customer; - is standard output.", valueName: "file"))
    var output: String

    @OptionGroup(title: "How customers are scored") var choices: RFMOptions
    @OptionGroup var orders: OrderOptions
    @OptionGroup var work: WorkOptions
    @OptionGroup var inputOptions: InputOptions
    @OptionGroup var outputOptions: OutputOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws {
        try work.refuseJSON(besideData: output)
        if orders.windows != nil || orders.windowDays != nil || orders.history {
            throw ValidationError("--windows and --history are for 'stratum indicators'; rfm writes scores.")
        }
    }

    func run() throws {
        let console = Console(work)
        let (call, planned) = try EngineCall(console, work, inputOptions, outputOptions).planned(orders.lines.plan)
        let result = try call.rfm(
            try orders.columns(over: planned), choices, spillFolder: files.spillFolder, inputs: files.inputs,
            output: output, sideFiles)
        try Closing(console, json: work.json).tell(result)
    }
}

/// How customers are scored.
struct RFMOptions: ParsableArguments {
    /// What is scored as monetary value.
    enum Monetary: String, ExpressibleByArgument, CaseIterable {
        case total, mean
    }

    @Option(help: ArgumentHelp("Scores of each of the three, 2 to 9.", valueName: "n"))
    var scores: Int = 5

    @Flag(help: "Cut frequency within each recency score, and monetary value within each pair of these.")
    var nested = false

    @Option(help: "What monetary value is: the total of the spend, or the mean of a purchase.")
    var monetary: Monetary = .total

    @Option(
        help: ArgumentHelp(
            "The most days of each recency score, best first: 30,90,180,365. (default: quantiles)", valueName: "days"))
    var cutsRecency: CutsArgument?

    @Option(
        help: ArgumentHelp(
            "The most purchases of each frequency score, worst first: 1,2,4,9. (default: quantiles)",
            valueName: "counts"))
    var cutsFrequency: CutsArgument?

    @Option(
        help: ArgumentHelp(
            "The most spend of each score, worst first. (default: quantiles)", valueName: "amounts"))
    var cutsMonetary: CutsArgument?

    @Option(
        help: ArgumentHelp("Names of segments by rules of your own, YAML or JSON.", valueName: "file"),
        completion: .file())
    var rules: String?

    mutating func validate() throws {
        guard RFMSpecification.scoreCounts.contains(scores) else {
            throw ValidationError("--scores is \(scores); give a number from 2 to 9.")
        }
        let cuts = [
            ("--cuts-recency", cutsRecency), ("--cuts-frequency", cutsFrequency), ("--cuts-monetary", cutsMonetary),
        ]
        for (name, cuts) in cuts {
            guard let cuts, cuts.values.count != scores - 1 else { continue }
            throw ValidationError("\(name) has \(cuts.values.count) cuts; \(scores) scores need \(scores - 1).")
        }
    }

    var specification: RFMSpecification {
        var specification = RFMSpecification()
        specification.scoreCount = scores
        specification.isNested = nested
        specification.recencyCuts = cutsRecency?.values
        specification.frequencyCuts = cutsFrequency?.values
        specification.monetaryCuts = cutsMonetary?.values
        return specification
    }
}

/// Rising numbers with commas between.
struct CutsArgument: Equatable, ExpressibleByArgument {
    let values: [Double]

    init?(argument: String) {
        var values: [Double] = []
        for text in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = decimal(text), value.isFinite, values.last.map({ $0 < value }) ?? true else { return nil }
            values.append(value)
        }
        self.values = values
    }
}
