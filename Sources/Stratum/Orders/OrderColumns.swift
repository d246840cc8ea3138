import Indicators
public import TableIO

/// Which columns of an order log mean what, and what is made of them.
///
/// ```swift
/// var columns = OrderColumns(id: "customer_id", date: "order_date", amount: "amount")
/// columns.channel = "channel"
/// columns.windowCount = 12
/// let result = try Engine.indicators(inputs: ["orders.csv"], of: columns, output: "customers.csv", options: options)
/// ```
public struct OrderColumns: Sendable, Equatable {
    /// The column with the customer's id.
    public var id: String
    /// The column with the date or time of the line.
    public var date: String
    /// The column with the line's amount; below 0 it is a refund. Nil where the lines have prices.
    public var amount: String?
    /// The column with the price of one: the amount is then the price times the quantity, exact as `LineAmounts` says.
    public var price: String?
    /// The column with the quantity.
    public var quantity: String?
    /// The column with the order's number: purchase lines of one number are one purchase.
    public var order: String?
    /// The column with the product.
    public var product: String?
    /// The column with the category.
    public var category: String?
    /// The column with the channel.
    public var channel: String?
    /// A column that marks refunds: an amount of a marked line counts as negative whatever its sign.
    public var refundMark: String?
    /// The texts in that column that do so, byte by byte.
    public var refundWords: [String] = []
    /// How the dates are written.
    public var dateForm = DateForm()
    /// The day up to which the log is told, in days since 1970; nil for the last day that is in it.
    public var asOf: Int?
    /// Whether refunds are taken off the spend.
    public var isNet = true
    /// How many windows of spend, 0...1000; the last one ends with the as-of day.
    public var windowCount = 0
    /// Days of a window, 1 or more.
    public var windowDayCount = 30
    /// Whether frequency, recency, age and repeat spend are told for the lifetime models.
    public var hasHistory = false

    /// A log of these three columns.
    public init(id: String, date: String, amount: String) {
        (self.id, self.date, self.amount) = (id, date, amount)
    }

    /// A log whose amounts are price times quantity.
    public init(id: String, date: String, price: String, quantity: String) {
        (self.id, self.date, self.price, self.quantity) = (id, date, price, quantity)
    }
}

extension OrderColumns {
    /// The columns of texts with their names.
    private var texts: [(kind: OrderLayout.Text, name: String)] {
        let names: [(OrderLayout.Text, String?)] = [
            (.mark, refundMark), (.order, order), (.product, product), (.category, category), (.channel, channel),
        ]
        return names.compactMap { kind, name in name.map { (kind, $0) } }
    }

    var layout: OrderLayout {
        OrderLayout(
            hasQuantity: quantity != nil, hasPrice: price != nil, texts: texts.map(\.kind),
            refundMarks: Set(refundWords.map { TextKey.key(of: $0) }))
    }

    func specification(asOf: Int) -> IndicatorSpecification {
        var specification = IndicatorSpecification(asOf: asOf)
        specification.isNet = isNet
        specification.windowCount = windowCount
        specification.windowDayCount = windowDayCount
        specification.hasHistory = hasHistory
        return specification
    }

    /// A reader of these columns.
    func reader(_ sources: [InputSource], _ format: CSVFormat, blockByteCount: Int) throws -> CSVReader {
        let numbers = [price ?? amount, quantity].compactMap { $0 }
        return try CSVReader(
            sources: sources, format: format, identifier: id,
            columns: numbers.map { .amounts($0, isFactor: price != nil) },
            dates: [DateRequest(name: date, form: dateForm)], texts: texts.map(\.name),
            blockByteCount: blockByteCount)
    }
}
