import ArgumentParser
import Reports
import Stratum

/// `stratum explain`: how single customers come by their scores.
struct ExplainVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Print how a customer comes by the score, and what the next tier would take.",
        discussion: """
            For each indicator: the customer's value, its normalized value, its weight, the points that it adds to the \
            score, those that it adds on average over the population that the model was fitted to, and how far the two \
            lie apart. Below stands what the next tier lacks, and for each indicator the value that would make up for \
            it: the next word that does in a column of words, a whole number for answers and for indicators of \
            'kind: count' or 'kind: days'. Reading ends when all customers are found.

            Example:

              stratum explain model.json customers.csv --id C000000042
            """)

    @Argument(help: "The model that 'stratum fit' or 'stratum run' wrote.", completion: .file())
    var model: String

    @OptionGroup var files: InputFiles

    @Option(
        name: .customLong("id"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A customer's id; repeatable.", valueName: "id"))
    var ids: [String]

    @Option(
        help: ArgumentHelp(
            "For a model of orders: count up to this day. (default: the plan's, else the last day in the log)",
            valueName: "date"))
    var asOf: DayArgument?

    @OptionGroup var work: WorkOptions
    @OptionGroup var inputOptions: InputOptions

    func run() throws {
        let console = Console(work)
        var wanted: [String] = []
        for id in ids where !wanted.contains(where: { $0.utf8.elementsEqual(id.utf8) }) { wanted.append(id) }
        let found = try EngineCall(console, work, inputOptions).counting(upTo: asOf?.day)
            .explain(model: model, inputs: files.inputs, ids: wanted)
        console.clearProgress()
        if work.json {
            try StandardOutput.write(String(decoding: found.json.encoded(indented: true), as: UTF8.self) + "\n")
        } else {
            try StandardOutput.write(found.customers.map { $0.text(console.style) }.joined(separator: "\n"))
        }
        let rows = "\(groupedDigits(found.rowCount)) customers read"
        for note in found.notes where !found.customers.isEmpty { console.note("\(note).") }
        if !found.isComplete { console.note("\(rows); the rest was not, as all were found.") }
        guard !found.missingIDs.isEmpty else { return }
        let names = found.missingIDs.map { "'\($0)'" }.joined(separator: ", ")
        let rejected = found.rejectedCount.map { $0 == 0 ? "none rejected" : "\(groupedDigits($0)) rejected" }
        throw CommandError(
            status: .input,
            problem: "no customer \(names): \([rows, rejected].compactMap(\.self).joined(separator: ", "))",
            place: files.inputs.joined(separator: " "), remedy: "check the id and the input's id column")
    }
}
