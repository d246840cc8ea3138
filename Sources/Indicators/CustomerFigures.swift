/// What is found out about one customer in a pass over the rows; the indicators follow from it.
struct CustomerFigures {
    /// Purchase lines.
    var purchaseLineCount = 0
    /// Purchases: lines, or different orders.
    var purchaseCount = 0
    var refundCount = 0
    /// Amounts of refunds (below 0), and of the lines that count as spend.
    var refunds = 0.0
    var spend = 0.0
    var units = 0.0
    /// The first and the last day with a purchase.
    var firstDay = 0
    var lastDay = 0
    /// Days with a purchase.
    var activeDayCount = 0
    /// The sum of the squares of the days between them.
    var squaredGaps = 0
    /// Spend on the first of these days: for the mean of the repeat purchases.
    var spendOnFirstDay = 0.0
    var productCount = 0
    var categoryCount = 0
    var channelCount = 0

    /// The value of an indicator; NaN where the customer has none.
    func value(of indicator: Indicator, asOf: Int, windows: UnsafeMutableBufferPointer<Double>) -> Double {
        let hasPurchase = purchaseLineCount > 0
        switch indicator {
        case .daysSinceLastPurchase: return hasPurchase ? Double(asOf - lastDay) : .nan
        case .purchaseCount: return Double(purchaseCount)
        case .totalSpend: return spend
        case .tenure, .age: return hasPurchase ? Double(asOf - firstDay) : .nan
        case .averageOrderValue: return hasPurchase ? spend / Double(purchaseCount) : .nan
        case .activeDays: return Double(activeDayCount)
        case .meanDaysBetweenPurchases:
            return activeDayCount > 1 ? Double(lastDay - firstDay) / Double(activeDayCount - 1) : .nan
        case .deviationOfDaysBetweenPurchases: return gapDeviation
        case .refundCount: return Double(refundCount)
        case .refundAmount: return refunds == 0 ? 0 : -refunds
        case .refundRate: return Double(refundCount) / Double(refundCount + purchaseLineCount)
        case .units: return units
        case .distinctProducts: return Double(productCount)
        case .distinctCategories: return Double(categoryCount)
        case .distinctChannels: return Double(channelCount)
        case .windowSpend(let window): return windows[window]
        case .spendTrend: return Self.slope(windows)
        case .frequency: return hasPurchase ? Double(activeDayCount - 1) : .nan
        case .recency: return hasPurchase ? Double(lastDay - firstDay) : .nan
        case .repeatSpend:
            return activeDayCount > 1 ? (spend - spendOnFirstDay) / Double(activeDayCount - 1) : .nan
        }
    }

    /// The sample standard deviation of the days between purchases, which takes two of them.
    private var gapDeviation: Double {
        let gapCount = activeDayCount - 1
        guard gapCount > 1 else { return .nan }
        // Whole numbers: n sum(g^2) - (sum g)^2 is exact where the textbook's mean first is not.
        let span = lastDay - firstDay
        let scaled = gapCount * squaredGaps - span * span
        return (Double(scaled) / (Double(gapCount) * Double(gapCount - 1))).squareRoot()
    }

    /// The least-squares slope of spend over the windows, oldest first, in amount a window.
    ///
    /// With m windows and t from 0: sum((2 t - (m - 1)) y) / (m (m^2 - 1) / 6).
    private static func slope(_ windows: UnsafeMutableBufferPointer<Double>) -> Double {
        let count = windows.count
        var sum = 0.0
        for window in 0..<count {
            let time = count - 1 - window
            sum += Double(2 * time - (count - 1)) * windows[window]
        }
        return sum * 6 / Double(count * (count * count - 1))
    }
}
