import Tables
import TestSupport

@testable import Indicators

/// One order line, in plain types.
struct Line {
    var customer: String
    var day: Int
    /// In cents.
    var cents: Int
    var order = ""
    var product = ""
    var channel = ""
}

/// Indicators computed one customer at a time from whole lists: slow and plain.
enum SlowIndicators {
    static func rows(_ lines: [Line], _ specification: IndicatorSpecification) -> [[UInt8]: [String: Double]] {
        let used = lines.filter { $0.day <= specification.asOf }
        return Dictionary(grouping: used) { Array($0.customer.utf8) }.mapValues { figures($0, specification) }
    }

    private static func figures(_ lines: [Line], _ specification: IndicatorSpecification) -> [String: Double] {
        let purchases = lines.filter { $0.cents >= 0 }
        let refunds = lines.filter { $0.cents < 0 }
        let spending = specification.isNet ? lines : purchases
        func amount(_ lines: [Line]) -> Double { Double(lines.reduce(0) { $0 + $1.cents }) / 100 }
        let days = Set(purchases.map(\.day)).sorted()
        let gaps = zip(days.dropFirst(), days).map { Double($0 - $1) }
        let orders = Set(purchases.map(\.order).filter { !$0.isEmpty }).count
        let purchaseCount = orders + purchases.count(where: { $0.order.isEmpty })
        var row: [String: Double] = [
            "purchase_count": Double(purchaseCount), "total_spend": amount(spending),
            "active_days": Double(days.count), "refund_count": Double(refunds.count),
            "refund_amount": 0 - amount(refunds), "refund_rate": Double(refunds.count) / Double(lines.count),
            "distinct_products": Double(Set(lines.map(\.product).filter { !$0.isEmpty }).count),
            "distinct_channels": Double(Set(lines.map(\.channel).filter { !$0.isEmpty }).count),
        ]
        if let first = days.first, let last = days.last {
            row["days_since_last_purchase"] = Double(specification.asOf - last)
            row["tenure_days"] = Double(specification.asOf - first)
            row["age"] = row["tenure_days"]
            row["average_order_value"] = amount(spending) / Double(purchaseCount)
            row["frequency"] = Double(days.count - 1)
            row["recency"] = Double(last - first)
            if days.count > 1 {
                row["repeat_spend"] = amount(spending.filter { $0.day > first }) / Double(days.count - 1)
            }
        }
        if !gaps.isEmpty {
            let mean = gaps.reduce(0, +) / Double(gaps.count)
            row["mean_days_between_purchases"] = mean
            if gaps.count > 1 {
                let squares = gaps.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
                row["sd_days_between_purchases"] = (squares / Double(gaps.count - 1)).squareRoot()
            }
        }
        var windows: [Double] = []
        for window in 0..<specification.windowCount {
            let last = specification.asOf - window * specification.windowDayCount
            let inside = spending.filter { $0.day <= last && $0.day > last - specification.windowDayCount }
            windows.append(amount(inside))
            row["spend_window_\(window + 1)"] = windows[window]
        }
        if windows.count > 1 {
            let times = windows.indices.map { Double(windows.count - 1 - $0) }
            let (meanTime, meanSpend) = (
                times.reduce(0, +) / Double(times.count), windows.reduce(0, +) / Double(windows.count)
            )
            let slope = zip(times, windows).map { ($0 - meanTime) * ($1 - meanSpend) }.reduce(0, +)
            row["spend_trend"] = slope / times.map { ($0 - meanTime) * ($0 - meanTime) }.reduce(0, +)
        }
        return row
    }

    /// Lines of a few customers over some years, many of them refunds, some on one day, in no order of days.
    static func lines(count: Int, seed: Int) -> [Line] {
        var random = RepeatableGenerator(seed: seed)
        let customerCount = random.integer(in: 1...max(1, count / 6))
        return (0..<count).map { _ in
            let customer = random.integer(in: 0...customerCount)
            return Line(
                customer: customer % 5 == 0 ? "a-long-id-of-a-customer-\(customer)" : "C\(customer)",
                day: 19_000 + random.integer(in: 0...400), cents: random.integer(in: -2_000...20_000),
                order: random.integer(in: 0...9) == 0 ? "" : "O\(random.integer(in: 0...count))",
                product: "P\(random.integer(in: 0...200))",
                channel: ["", "web", "shop", "phone"][random.integer(in: 0...3)])
        }
    }
}
