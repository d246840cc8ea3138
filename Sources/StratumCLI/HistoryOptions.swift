import ArgumentParser
import Stratum
import TableIO

/// Options that tell what the columns of an order log mean to lifetime models, or those of a table of histories.
struct HistoryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column with the customer's id.", valueName: "column"))
    var id: String

    @Option(help: ArgumentHelp("The column with the date or time of the order.", valueName: "column"))
    var date: String?

    @Option(help: ArgumentHelp("The column with the line's amount; below 0 it is a refund.", valueName: "column"))
    var amount: String?

    @Option(
        help: ArgumentHelp(
            "In place of --amount: the column with the price of one; the amount is price times quantity.",
            valueName: "column"))
    var price: String?

    @Option(help: ArgumentHelp("The column with the quantity, for --price.", valueName: "column"))
    var quantity: String?

    @Option(help: "How dates are written: iso, day-first, month-first, epoch-seconds or epoch-milliseconds.")
    var dateFormat: DateFormatArgument = .iso

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The zone whose days count, such as +08:00; as for indicators.", valueName: "zone"))
    var utcOffset: ZoneArgument?

    @Option(
        help: ArgumentHelp(
            "A column that marks refunds, whatever the sign of their amount.", valueName: "column"))
    var refundColumn: String?

    @Option(help: ArgumentHelp("What stands in that column for a refund; repeatable.", valueName: "text"))
    var refundValue: [String] = []

    @Flag(help: "Leave refunds in the spend.")
    var gross = false

    @Option(
        help: ArgumentHelp(
            "Look at the log up to this day. (default: its last day)", valueName: "date"))
    var asOf: DayArgument?

    @Flag(help: "The input is no order log but a table of histories, a row a customer.")
    var histories = false

    @Option(
        help: ArgumentHelp("Its column of purchases after the first. (default: frequency)", valueName: "column"))
    var frequency: String?

    @Option(
        help: ArgumentHelp(
            "Its column of the age at the last purchase, 0 after one purchase. (default: recency)", valueName: "column")
    )
    var recency: String?

    @Option(help: ArgumentHelp("Its column of the age today. (default: T)", valueName: "column"))
    var age: String?

    @Option(
        help: ArgumentHelp(
            "Its column of the mean spend of the purchases after the first. (default: no spend)", valueName: "column"))
    var monetary: String?

    @Option(help: "The unit of times: day, week, month or year. (default: week, or the model's)")
    var timeUnit: TimeUnitArgument?

    mutating func validate() throws {
        if histories {
            let others = [
                ("--date", date != nil), ("--amount", amount != nil), ("--price", price != nil),
                ("--refund-column", refundColumn != nil),
                ("--as-of", asOf != nil), ("--gross", gross), ("--utc-offset", utcOffset != nil),
            ]
            if let option = others.first(where: \.1)?.0 {
                throw ValidationError("\(option) is for order logs; --histories has ages and counts.")
            }
        } else {
            guard date != nil, (amount != nil) != (price != nil), (price != nil) == (quantity != nil) else {
                throw ValidationError(
                    "An order log needs --date, and --amount or --price and --quantity; a table of histories "
                        + "--histories.")
            }
            let others = [
                ("--frequency", frequency), ("--recency", recency), ("--age", age), ("--monetary", monetary),
            ]
            if let option = others.first(where: { $0.1 != nil })?.0 {
                throw ValidationError(
                    "\(option) is for a table of histories; add --histories if that is what you have.")
            }
        }
        if (refundColumn == nil) != refundValue.isEmpty || refundValue.contains("") {
            throw ValidationError("--refund-column and --refund-value need each other: a column, and a text in it.")
        }
    }

    /// The columns of an order log; nil for a table of histories.
    var orders: OrderColumns? {
        guard !histories, let date else { return nil }
        var columns = OrderColumns(id: id, date: date, amount: amount ?? "")
        (columns.amount, columns.price, columns.quantity) = (amount, price, quantity)
        columns.refundMark = refundColumn
        columns.refundWords = refundValue
        columns.dateForm = DateForm(dateFormat.order, offsetInMinutes: utcOffset?.minutes)
        columns.asOf = asOf?.day
        columns.isNet = !gross
        return columns
    }

    /// What the library is told.
    var input: LifetimeInput {
        if let orders { return .orders(orders) }
        var columns = HistoryColumns(
            id: id, frequency: frequency ?? "frequency", recency: recency ?? "recency", age: age ?? "T",
            meanSpend: monetary)
        columns.timeUnit = timeUnit?.unit
        return .histories(columns)
    }
}
