import ArgumentParser
import Stratum
import TableIO

/// Options that tell what the columns of an order log mean.
struct OrderOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column with the customer's id.", valueName: "column"))
    var id: String

    @Option(help: ArgumentHelp("The column with the date or time of the order.", valueName: "column"))
    var date: String

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
            "The column with the order's number: its lines are one purchase. (default: each line is one)",
            valueName: "column"))
    var order: String?

    @Option(help: ArgumentHelp("The column with the product.", valueName: "column"))
    var product: String?

    @Option(help: ArgumentHelp("The column with the category.", valueName: "column"))
    var category: String?

    @Option(help: ArgumentHelp("The column with the channel.", valueName: "column"))
    var channel: String?

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

    @Option(help: ArgumentHelp("Windows of spend, the last one ending with the as-of day, 0 to 1000.", valueName: "n"))
    var windows: Int = 0

    @Option(help: ArgumentHelp("Days of a window.", valueName: "days"))
    var windowDays: Int = 30

    @Flag(help: "Add frequency, recency, age and repeat spend, the purchase history of lifetime models, in days.")
    var history = false

    mutating func validate() throws {
        switch (amount, price) {
        case (nil, nil): throw ValidationError("Missing --amount: name the column, or --price and --quantity.")
        case (_?, _?): throw ValidationError("--amount and --price are both given; give one of them.")
        case (nil, _?) where quantity == nil:
            throw ValidationError("--price needs --quantity: the amount is price times quantity.")
        default: break
        }
        if !(0...1000).contains(windows) {
            throw ValidationError("--windows is \(windows); give a number from 0 to 1000.")
        }
        if !(1...36_500).contains(windowDays) {
            throw ValidationError("--window-days is \(windowDays); give a number from 1 to 36500.")
        }
        if refundColumn == nil, !refundValue.isEmpty {
            throw ValidationError("--refund-value needs --refund-column: name the column that marks refunds.")
        }
        if refundColumn != nil, refundValue.isEmpty {
            throw ValidationError("--refund-column needs --refund-value: name what stands there for a refund.")
        }
        if refundValue.contains("") { throw ValidationError("--refund-value is empty; give a text.") }
    }

    /// What the library is told.
    var columns: OrderColumns {
        var columns = OrderColumns(id: id, date: date, amount: amount ?? "")
        (columns.amount, columns.price, columns.quantity) = (amount, price, quantity)
        columns.order = order
        columns.product = product
        columns.category = category
        columns.channel = channel
        columns.refundMark = refundColumn
        columns.refundWords = refundValue
        columns.dateForm = DateForm(dateFormat.order, offsetInMinutes: utcOffset?.minutes)
        columns.asOf = asOf?.day
        columns.isNet = !gross
        columns.windowCount = windows
        columns.windowDayCount = windowDays
        columns.hasHistory = history
        return columns
    }
}

/// `--date-format`.
struct DateFormatArgument: Equatable, ExpressibleByArgument {
    static let iso = DateFormatArgument(order: .iso)
    static let allValueStrings = DateForm.Order.allCases.map(\.rawValue)
    let order: DateForm.Order

    private init(order: DateForm.Order) { self.order = order }

    init?(argument: String) {
        guard let order = DateForm.Order(rawValue: argument) else { return nil }
        self.order = order
    }

    var defaultValueDescription: String { order.rawValue }
}

/// `--as-of`: a date of year, month and day.
struct DayArgument: Equatable, ExpressibleByArgument {
    let day: Int

    init?(argument: String) {
        guard let day = CalendarDay.day(ofISO: argument) else { return nil }
        self.day = day
    }
}

/// `--utc-offset`: `Z`, `UTC`, `+08:00` or `-0530`.
struct ZoneArgument: Equatable, ExpressibleByArgument {
    let minutes: Int

    init?(argument: String) {
        guard let minutes = DateForm.offsetInMinutes(of: argument) else { return nil }
        self.minutes = minutes
    }
}
