import ArgumentParser
import Stratum
import TableIO

/// `stratum export`: a model as SQL or C.
struct ExportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a model as a SELECT in SQL or as a file in C.",
        discussion: """
            Both give the dimension scores, the score, the tier and the number of missing values, as 'stratum score' \
            does, derived columns, words and groups with cut-offs of their own included. The SQL is tried in SQLite and \
            DuckDB; the C needs a compiler of C11 and the mathematical library, and says at its top how it is called. \
            Segments, percentile ranks, reasons and names by rules are not in it; what the model has of them is told.

            Example:

              stratum export model.json --format sql --table crm.customers -o score.sql
              stratum export model.json --format c -o score.c
              cc -std=c11 -O2 -ffp-contract=off -c score.c
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case sql, c }

    @Argument(help: "The model that 'stratum fit' or 'stratum run' wrote.", completion: .file())
    var model: String

    @Option(help: "The language: sql or c.")
    var format: Format

    @Option(
        help: ArgumentHelp(
            "With --format sql, the table of customers; its columns are named as in the export. (default: customers)",
            valueName: "name"))
    var table: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The text; - is standard output.", valueName: "file"))
    var output: String

    @Flag(name: .shortAndLong, help: "Replace an output that exists.")
    var force = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        if format == .c, table != nil { throw ValidationError("--table is for --format sql; C is handed its values.") }
        if table?.isEmpty == true { throw ValidationError("--table is empty; name the table of customers.") }
    }

    func run() throws {
        let console = Console(level: quiet ? .quiet : .normal, color: .auto)
        let export = try ModelExport(try storedModel(model))
        let text =
            switch format {
            case .sql: export.sql(table: table ?? "customers")
            case .c: export.c
            }
        let transaction = OutputTransaction(replacesExisting: force, isSynced: true)
        let file = try transaction.create(output)
        try file.append(Array(text.utf8))
        try file.finish()
        try transaction.commit()
        if let leftBehind = export.leftBehind {
            console.warn("the export leaves out \(leftBehind); 'stratum score' tells that")
        }
    }
}
