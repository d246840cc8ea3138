import ArgumentParser
import Stratum
import TableIO

/// Options that tell what the columns of an order log mean.
struct OrderOptions: ParsableArguments {
    @OptionGroup var lines: OrderLineOptions

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
            "Windows of spend, the last one ending with the as-of day, 0 to 1000. (default: 0)", valueName: "n"))
    var windows: Int?

    @Option(help: ArgumentHelp("Days of a window. (default: 30)", valueName: "days"))
    var windowDays: Int?

    @Flag(help: "Add frequency, recency, age and repeat spend, the purchase history of lifetime models, in days.")
    var history = false

    mutating func validate() throws {
        try lines.requireColumns()
        if let windows, !(0...1000).contains(windows) {
            throw ValidationError("--windows is \(windows); give a number from 0 to 1000.")
        }
        if let windowDays, !(1...36_500).contains(windowDays) {
            throw ValidationError("--window-days is \(windowDays); give a number from 1 to 36500.")
        }
    }

    /// What the library is told: the columns of the plan, if there is one, with what is given beside it.
    func columns(over planned: OrderColumns?) throws -> OrderColumns {
        var columns = try lines.columns(over: planned)
        if let order { columns.order = order }
        if let product { columns.product = product }
        if let category { columns.category = category }
        if let channel { columns.channel = channel }
        if let windows { columns.windowCount = windows }
        if let windowDays { columns.windowDayCount = windowDays }
        columns.hasHistory = history
        return columns
    }
}

/// `--date-format`.
struct DateFormatArgument: Equatable, ExpressibleByArgument {
    static let allValueStrings = DateForm.Order.allCases.map(\.rawValue)
    let order: DateForm.Order

    init?(argument: String) {
        guard let order = DateForm.Order(rawValue: argument) else { return nil }
        self.order = order
    }
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
