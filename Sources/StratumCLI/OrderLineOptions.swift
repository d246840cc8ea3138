import ArgumentParser
import Stratum
import TableIO

/// Options that tell what a line of an order log says, beside whose and when it is.
struct OrderLineOptions: ParsableArguments {
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
            2/1/2010 is not guessed at.
            """)
    var dateFormat: DateFormatArgument = .iso

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

    /// Refuses lines without an amount, or with two.
    func requireAmount() throws {
        switch (amount, price) {
        case (nil, nil): throw ValidationError("Missing --amount: name the column, or --price and --quantity.")
        case (_?, _?): throw ValidationError("--amount and --price are both given; give one of them.")
        case (nil, _?) where quantity == nil:
            throw ValidationError("--price needs --quantity: the amount is price times quantity.")
        default: break
        }
    }

    /// The columns of a log whose customers and dates stand in these.
    func columns(id: String, date: String) -> OrderColumns {
        var columns = OrderColumns(id: id, date: date, amount: amount ?? "")
        (columns.amount, columns.price, columns.quantity) = (amount, price, quantity)
        columns.refundMark = refundColumn
        columns.refundWords = refundValue
        columns.dateForm = DateForm(dateFormat.order, offsetInMinutes: utcOffset?.minutes)
        columns.asOf = asOf?.day
        columns.isNet = !gross
        return columns
    }
}
