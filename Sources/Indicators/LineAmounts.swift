import Tables

/// Amounts of lines that state a price and a quantity.
///
/// The amount is the exact product of the two decimals as they are written, as long as it has at most nine digits
/// behind the point and 53 bits: 0.1 times 3 is 0.3. Any other line's amount is the product of the two binary64
/// numbers. What a line's amount is depends on no other line.
enum LineAmounts {
    private static let limit: Int64 = 1 << 53

    /// Writes price times quantity for each row over the prices and returns what they count.
    static func multiply(
        _ prices: UnsafeMutableBufferPointer<Int64>, _ priceScale: NumberScale,
        by quantities: [Int64], _ quantityScale: NumberScale
    ) -> NumberScale {
        precondition(prices.count == quantities.count, "\(prices.count) prices, \(quantities.count) quantities")
        if case .decimals(let one) = priceScale, case .decimals(let other) = quantityScale,
            one + other <= NumberScale.decimalLimit, areSmall(prices, quantities)
        {
            for row in prices.indices { prices[row] *= quantities[row] }
            return .decimals(one + other)
        }
        for row in prices.indices {
            let amount = product(prices[row], priceScale, quantities[row], quantityScale)
            prices[row] = Int64(bitPattern: amount.bitPattern)
        }
        return .bits
    }

    private static func areSmall(_ prices: UnsafeMutableBufferPointer<Int64>, _ quantities: [Int64]) -> Bool {
        prices.indices.allSatisfy { row in
            let (product, overflow) = prices[row].multipliedReportingOverflow(by: quantities[row])
            return !overflow && product.magnitude < UInt64(limit)
        }
    }

    private static func product(
        _ price: Int64, _ priceScale: NumberScale, _ quantity: Int64, _ quantityScale: NumberScale
    ) -> Double {
        let whole = priceScale.value(price) * quantityScale.value(quantity)
        guard let one = decimal(price, priceScale), let other = decimal(quantity, quantityScale) else { return whole }
        var (units, overflow) = one.units.multipliedReportingOverflow(by: other.units)
        var decimals = one.decimals + other.decimals
        if overflow { return whole }
        while decimals > 0, units % 10 == 0 { (units, decimals) = (units / 10, decimals - 1) }
        guard decimals <= NumberScale.decimalLimit, units.magnitude < UInt64(limit) else { return whole }
        return Double(units) / powersOfTen[decimals]
    }

    private static func decimal(_ cell: Int64, _ scale: NumberScale) -> (units: Int64, decimals: Int)? {
        switch scale {
        case .decimals(let count): (cell, count)
        case .bits: NumberScale.exactDecimal(Double(bitPattern: UInt64(bitPattern: cell)))
        }
    }
}
