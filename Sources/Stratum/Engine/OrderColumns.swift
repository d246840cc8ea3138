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
    /// The customer's id, the date and the amount of a line.
    public var id: String
    public var date: String
    public var amount: String
    /// Columns that a log may have.
    public var quantity: String?
    public var order: String?
    public var product: String?
    public var category: String?
    public var channel: String?
    /// A column that marks refunds, and the texts in it that do so, byte by byte. An amount of a marked line counts as
    /// negative whatever its sign.
    public var refundMark: String?
    public var refundWords: [String] = []
    /// How the dates are written.
    public var dateForm = DateForm()
    /// The day up to which the log is told, in days since 1970; nil for the last day that is in it.
    public var asOf: Int?
    /// Whether refunds are taken off the spend.
    public var isNet = true
    /// How many windows of spend, 0...1000, and the days of each.
    public var windowCount = 0
    public var windowDayCount = 30
    /// Whether frequency, recency, age and repeat spend are told for the lifetime models.
    public var hasHistory = false

    /// A log of these three columns.
    public init(id: String, date: String, amount: String) {
        (self.id, self.date, self.amount) = (id, date, amount)
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
            hasQuantity: quantity != nil, texts: texts.map(\.kind),
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
        let numbers = [amount] + (quantity.map { [$0] } ?? [])
        return try CSVReader(
            sources: sources, format: format, identifier: id,
            columns: numbers.map { name in
                var request = ColumnRequest(name: name)
                request.isRequired = true
                return request
            }, dates: [DateRequest(name: date, form: dateForm)], texts: texts.map(\.name),
            blockByteCount: blockByteCount)
    }
}
