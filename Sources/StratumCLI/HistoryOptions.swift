import ArgumentParser
import Stratum

/// Options that tell what the columns of an order log mean to lifetime models, or those of a table of histories.
struct HistoryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column with the customer's id.", valueName: "column"))
    var id: String

    @Option(help: ArgumentHelp("The column with the date or time of the order.", valueName: "column"))
    var date: String?

    @OptionGroup var lines: OrderLineOptions

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
                ("--date", date != nil), ("--amount", lines.amount != nil), ("--price", lines.price != nil),
                ("--refund-column", lines.refundColumn != nil), ("--as-of", lines.asOf != nil),
                ("--gross", lines.gross), ("--utc-offset", lines.utcOffset != nil),
            ]
            if let option = others.first(where: \.1)?.0 {
                throw ValidationError("\(option) is for order logs; --histories has ages and counts.")
            }
        } else {
            guard date != nil else {
                throw ValidationError("An order log needs --date, a table of histories --histories.")
            }
            try lines.requireAmount()
            let others = [
                ("--frequency", frequency), ("--recency", recency), ("--age", age), ("--monetary", monetary),
            ]
            if let option = others.first(where: { $0.1 != nil })?.0 {
                throw ValidationError(
                    "\(option) is for a table of histories; add --histories if that is what you have.")
            }
        }
    }

    /// The columns of an order log; nil for a table of histories.
    var orders: OrderColumns? {
        guard !histories, let date else { return nil }
        return lines.columns(id: id, date: date)
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
