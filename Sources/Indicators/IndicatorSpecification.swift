/// Which indicators are computed of the customers of an order log, and how.
///
/// What they mean: a *purchase line* is one whose amount is not negative (a free order is an order), a *refund* one
/// whose amount is negative. A purchase is a purchase line, or where orders have numbers all purchase lines of one
/// number. Days count to the as-of day; lines after it are not there.
public struct IndicatorSpecification: Sendable, Equatable {
    /// The day up to which the log is told, in days since 1970.
    public var asOf: Int
    /// Whether refunds are taken off the spend.
    public var isNet = true
    /// How many windows of spend there are, 0...1000; window 1 ends with the as-of day.
    public var windowCount = 0
    /// Days of a window, 1 or more.
    public var windowDayCount = 30
    /// Whether the purchase history of the lifetime models is told too.
    public var hasHistory = false

    /// Spend net of refunds, no windows, no history.
    public init(asOf: Int) { self.asOf = asOf }
}

/// A column of indicators.
public struct IndicatorColumn: Sendable, Equatable {
    /// What its numbers are.
    public enum Kind: Sendable, Equatable {
        /// Whole numbers.
        case count
        /// Sums of amounts, with the decimals of these.
        case amount
        /// Sums of quantities, likewise.
        case quantity
        /// Quotients and what is derived from them.
        case ratio
    }

    /// The name in an output.
    public var name: String
    /// What its numbers are.
    public var kind: Kind
    let indicator: Indicator
}

/// What a column tells of a customer.
enum Indicator: Sendable, Equatable {
    case daysSinceLastPurchase, purchaseCount, totalSpend, tenure, averageOrderValue, activeDays
    case meanDaysBetweenPurchases, deviationOfDaysBetweenPurchases
    case refundCount, refundAmount, refundRate
    case units, distinctProducts, distinctCategories, distinctChannels
    case windowSpend(Int), spendTrend
    case frequency, recency, age, repeatSpend
}

extension IndicatorSpecification {
    /// The columns that a log of this layout gives, in the order they are written.
    public func columns(of layout: OrderLayout) -> [IndicatorColumn] {
        var columns: [IndicatorColumn] = [
            .init(name: "days_since_last_purchase", kind: .count, indicator: .daysSinceLastPurchase),
            .init(name: "purchase_count", kind: .count, indicator: .purchaseCount),
            .init(name: "total_spend", kind: .amount, indicator: .totalSpend),
            .init(name: "tenure_days", kind: .count, indicator: .tenure),
            .init(name: "average_order_value", kind: .ratio, indicator: .averageOrderValue),
            .init(name: "active_days", kind: .count, indicator: .activeDays),
            .init(name: "mean_days_between_purchases", kind: .ratio, indicator: .meanDaysBetweenPurchases),
            .init(name: "sd_days_between_purchases", kind: .ratio, indicator: .deviationOfDaysBetweenPurchases),
            .init(name: "refund_count", kind: .count, indicator: .refundCount),
            .init(name: "refund_amount", kind: .amount, indicator: .refundAmount),
            .init(name: "refund_rate", kind: .ratio, indicator: .refundRate),
        ]
        if layout.hasQuantity { columns.append(.init(name: "units", kind: .quantity, indicator: .units)) }
        let texts: [(OrderLayout.Text, String, Indicator)] = [
            (.product, "distinct_products", .distinctProducts),
            (.category, "distinct_categories", .distinctCategories),
            (.channel, "distinct_channels", .distinctChannels),
        ]
        for (text, name, indicator) in texts where layout.texts.contains(text) {
            columns.append(.init(name: name, kind: .count, indicator: indicator))
        }
        for window in 0..<windowCount {
            columns.append(.init(name: "spend_window_\(window + 1)", kind: .amount, indicator: .windowSpend(window)))
        }
        if windowCount > 1 { columns.append(.init(name: "spend_trend", kind: .ratio, indicator: .spendTrend)) }
        guard hasHistory else { return columns }
        return columns + [
            .init(name: "frequency", kind: .count, indicator: .frequency),
            .init(name: "recency", kind: .count, indicator: .recency),
            .init(name: "age", kind: .count, indicator: .age),
            .init(name: "repeat_spend", kind: .ratio, indicator: .repeatSpend),
        ]
    }
}
