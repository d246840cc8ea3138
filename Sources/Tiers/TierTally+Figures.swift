import VectorMath

extension TierTally {
    /// What was counted of one code.
    public struct Figures: Equatable, Sendable {
        /// Customers with this code.
        public let customerCount: Int
        /// The sum of their amounts, correctly rounded.
        public let value: Double
    }

    /// The figures of a code; zeros if it did not occur.
    public func figures(of code: UInt8) -> Figures {
        Figures(
            customerCount: layers[Int(code)]?.customerCount ?? 0, value: layers[Int(code)]?.amounts.value ?? 0)
    }

    /// The figures of all codes together.
    public var total: Figures {
        var count = 0
        var amounts = Layer().amounts
        for case .some(let layer) in layers {
            count += layer.customerCount
            amounts.combine(layer.amounts)
        }
        return Figures(customerCount: count, value: amounts.value)
    }
}
