import Tiers

/// How far customers are from the next better tier.
struct TierDistance: Sendable {
    /// For each code of a tier the least value of the next better tier that anybody reaches; NaN where there is none.
    private let bounds: [Double]

    init(_ cutoffs: TierCutoffs) {
        var bounds = [Double](repeating: .nan, count: 256)
        var next = Double.nan
        for (tier, bound) in cutoffs.lowerBounds.enumerated() {
            if let bound { next = bound }
            bounds[tier + 1] = next
        }
        self.bounds = bounds
    }

    /// The least value of the next better tier; nil in the best one and outside the tiers.
    func bound(above tier: UInt8) -> Double? {
        let bound = bounds[Int(tier)]
        return bound.isNaN ? nil : bound
    }

    /// What values lack of the next better tier, 0 or more; NaN in the best one and outside the tiers.
    ///
    /// 0 is for ties: values that reach the bound, of customers whom the rule for ties leaves below it.
    func distances(
        _ values: UnsafeBufferPointer<Double>, tiers: ArraySlice<UInt8>,
        into distances: UnsafeMutableBufferPointer<Double>
    ) {
        precondition(
            tiers.count <= min(values.count, distances.count), "\(tiers.count) tiers, \(values.count) values")
        for (place, tier) in tiers.enumerated() {
            let distance = bounds[Int(tier)] - values[place]
            distances[place] = distance < 0 ? 0 : distance
        }
    }
}
