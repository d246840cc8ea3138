import Tables
import Tiers

/// How far customers are from the next better tier, by the cut-offs of their own groups where groups have them.
///
/// Distances are to cut-offs: neither a rule that splits ties nor a hysteresis moves them.
struct TierDistance: Sendable {
    private let tierCount: Int
    private let groups: GroupCutoffs?
    /// For each group with cut-offs of its own, and last for all others, for each tier the least value of the next better
    /// tier that anybody reaches; NaN where there is none.
    private let bounds: [Double]

    /// - Parameter isWhole: whether values are whole numbers, so that the next one up from a cut-off is what is needed.
    init(_ cutoffs: TierCutoffs, isWhole: Bool = false) {
        tierCount = cutoffs.names.count
        groups = cutoffs.groups
        let rows = (cutoffs.groups?.groups.map(\.lowerBounds) ?? []) + [cutoffs.lowerBounds]
        bounds = rows.flatMap { row in
            var next = Double.nan
            return [next]
                + row.map { bound in
                    if let bound { next = isWhole ? bound.rounded(.up) : bound }
                    return next
                }
        }
    }

    /// The least value of the next better tier; nil in the best one and outside the tiers.
    ///
    /// - Parameter group: the name of the customer's group; nil for none.
    func bound(above tier: UInt8, in group: [UInt8]? = nil) -> Double? {
        guard Int(tier) < tierCount else { return nil }
        let bound = bounds[start(of: group ?? []) + Int(tier)]
        return bound.isNaN ? nil : bound
    }

    /// What values lack of the next better tier, 0 or more; NaN in the best one and outside the tiers.
    ///
    /// 0 is for values that reach the bound, of customers whom the rule for ties or a hysteresis leaves below it.
    ///
    /// - Parameter labels: the groups of the batch that `rows` are of; nil without groups.
    func distances(
        _ values: UnsafeBufferPointer<Double>, tiers: ArraySlice<UInt8>, groups labels: LabelColumn?,
        _ rows: Range<Int>,
        into distances: UnsafeMutableBufferPointer<Double>
    ) {
        precondition(
            tiers.count <= min(values.count, distances.count), "\(tiers.count) tiers, \(values.count) values")
        // Each text that occurs among the rows is looked up once.
        var starts = [Int](repeating: -1, count: labels?.texts.count ?? 0)
        let general = bounds.count - tierCount
        for (place, tier) in tiers.enumerated() {
            guard Int(tier) < tierCount else {
                distances[place] = .nan
                continue
            }
            var start = general
            if let labels {
                let code = Int(labels.codes[rows.lowerBound + place])
                if starts[code] < 0 { starts[code] = self.start(of: labels.texts[code]) }
                start = starts[code]
            }
            let distance = bounds[start + Int(tier)] - values[place]
            distances[place] = distance < 0 ? 0 : distance
        }
    }

    /// Where the bounds for a group begin.
    private func start(of group: [UInt8]) -> Int {
        (groups?.index(of: group)).map { $0 * tierCount } ?? bounds.count - tierCount
    }
}
