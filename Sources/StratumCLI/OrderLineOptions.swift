import ArgumentParser
import Stratum
import TableIO

/// Options that tell what a line of an order log says.
struct OrderLineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Take the columns, and how the files are written, from the 'input: {kind: orders}' of this plan; options \
            beside it overrule it.
            """, valueName: "file"), completion: .file())
    var plan: String?

    @Option(help: ArgumentHelp("The column with the customer's id.", valueName: "column"))
    var id: String?

    @Option(help: ArgumentHelp("The column with the date or time of the order.", valueName: "column"))
    var date: String?

    @Option(help: ArgumentHelp("The column with the line's amount; below 0 it is a refund.", valueName: "column"))
    var amount: String?

    @Option(
        help: ArgumentHelp(
            "In place of --amount: the column with the price of one; the amount is price times quantity.",
            valueName: "column"))
    var price: String?

    @Option(help: ArgumentHelp("The column with the quantity, which is summed up.", valueName: "column"))
    var quantity: String?

    @Option(
        help: ArgumentHelp(
            "A column that marks refunds, whatever the sign of their amount.", valueName: "column"))
    var refundColumn: String?

    @Option(help: ArgumentHelp("What stands in that column for a refund; repeatable.", valueName: "text"))
    var refundValue: [String] = []

    @Option(
        help: """
            How dates are written: iso (year first), day-first, month-first, epoch-seconds or epoch-milliseconds. \
            2/1/2010 is not guessed at. (default: iso)
            """)
    var dateFormat: DateFormatArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            The zone whose days count, such as +08:00, for epoch times and times with a zone. (default: UTC for \
            epoch times, else the date as it is written)
            """, valueName: "zone"))
    var utcOffset: ZoneArgument?

    @Option(
        help: ArgumentHelp(
            "Count up to this day; later lines are left out. (default: the last day in the log)", valueName: "date"))
    var asOf: DayArgument?

    @Flag(help: "Leave refunds in the spend.")
    var gross = false

    mutating func validate() throws {
        if refundColumn == nil, !refundValue.isEmpty {
            throw ValidationError("--refund-value needs --refund-column: name the column that marks refunds.")
        }
        if refundColumn != nil, refundValue.isEmpty {
            throw ValidationError("--refund-column needs --refund-value: name what stands there for a refund.")
        }
        if refundValue.contains("") { throw ValidationError("--refund-value is empty; give a text.") }
    }

    /// Refuses lines whose columns are not all named, or an amount that is named twice.
    func requireColumns() throws {
        if amount != nil, price != nil {
            throw ValidationError("--amount and --price are both given; give one of them.")
        }
        guard plan == nil else { return }
        if id == nil { throw ValidationError("Missing --id: name the column with the customer's id, or give --plan.") }
        if date == nil {
            throw ValidationError("Missing --date: name the column with the date of the order, or give --plan.")
        }
        if amount == nil, price == nil {
            throw ValidationError("Missing --amount: name the column, or --price and --quantity.")
        }
        if price != nil, quantity == nil {
            throw ValidationError("--price needs --quantity: the amount is price times quantity.")
        }
    }

    /// The columns of the plan, if there is one, with what is given beside it.
    func columns(over planned: OrderColumns?) throws -> OrderColumns {
        var columns = planned ?? OrderColumns(id: "", date: "", amount: "")
        if let id { columns.id = id }
        if let date { columns.date = date }
        if let amount { (columns.amount, columns.price) = (amount, nil) }
        if let price { (columns.amount, columns.price) = (nil, price) }
        if let quantity { columns.quantity = quantity }
        if let refundColumn { (columns.refundMark, columns.refundWords) = (refundColumn, refundValue) }
        if dateFormat != nil || utcOffset != nil {
            columns.dateForm = DateForm(
                dateFormat?.order ?? columns.dateForm.order,
                offsetInMinutes: utcOffset?.minutes ?? columns.dateForm.offsetInMinutes)
        }
        if let asOf { columns.asOf = asOf.day }
        if gross { columns.isNet = false }
        if columns.price != nil, columns.quantity == nil {
            throw ValidationError("--price needs --quantity, which the plan does not name either.")
        }
        return columns
    }
}
