import Tables
import Tiers

/// How far customers are from the next better tier, by the cut-offs of their group where it has its own.
struct TierDistance: Sendable {
    /// For each code of a tier the least value of the next better tier that anybody reaches; NaN where there is none.
    private let bounds: [Double]
    private let groups: GroupCutoffs?
    /// The same for each group.
    private let groupBounds: [[Double]]

    init(_ cutoffs: TierCutoffs) {
        bounds = Self.bounds(cutoffs.lowerBounds)
        groups = cutoffs.groups
        groupBounds = cutoffs.groups?.groups.map { Self.bounds($0.lowerBounds) } ?? []
    }

    private static func bounds(_ lowerBounds: [Double?]) -> [Double] {
        var bounds = [Double](repeating: .nan, count: 256)
        var next = Double.nan
        for (tier, bound) in lowerBounds.enumerated() {
            if let bound { next = bound }
            bounds[tier + 1] = next
        }
        return bounds
    }

    /// The least value of the next better tier; nil in the best one and outside the tiers.
    ///
    /// - Parameter group: the name of the customer's group; nil if nobody has one.
    func bound(above tier: UInt8, group: [UInt8]? = nil) -> Double? {
        let bound = bounds(of: group)[Int(tier)]
        return bound.isNaN ? nil : bound
    }

    private func bounds(of group: [UInt8]?) -> [Double] {
        group.flatMap { groups?.index(of: $0) }.map { groupBounds[$0] } ?? bounds
    }

    /// What values lack of the next better tier, 0 or more; NaN in the best one and outside the tiers.
    ///
    /// 0 is for ties: values that reach the bound, of customers whom the rule for ties leaves below it.
    ///
    /// - Parameters:
    ///   - labels: the column of groups of their batch; nil without groups.
    ///   - rows: the rows of the values in their batch.
    /// - Complexity: O(values log groups)
    func distances(
        _ values: UnsafeBufferPointer<Double>, tiers: ArraySlice<UInt8>, labels: LabelColumn? = nil,
        rows: Range<Int> = 0..<0, into distances: UnsafeMutableBufferPointer<Double>
    ) {
        precondition(
            tiers.count <= min(values.count, distances.count), "\(tiers.count) tiers, \(values.count) values")
        for (place, tier) in tiers.enumerated() {
            let its = labels.map { bounds(of: $0.texts[Int($0.codes[rows.lowerBound + place])]) } ?? bounds
            let distance = its[Int(tier)] - values[place]
            distances[place] = distance < 0 ? 0 : distance
        }
    }
}
