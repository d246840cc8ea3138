/// Cut-offs ready for customers whose groups are told by small numbers: a row of bounds for each number.
public struct TierBounds: Sendable {
    /// The tiers.
    let tierCount: Int
    /// For each group, and last for customers without one, the least value of each tier but the last; infinite for a tier
    /// that nobody reaches.
    let bounds: [Double]
    /// For each group whether it has cut-offs of its own.
    private let isOwn: [Bool]

    /// - Parameter groups: the names of the groups by their numbers; one that has no cut-offs gets those of all
    ///   customers, as does every number beyond.
    public init(_ cutoffs: TierCutoffs, groups: [[UInt8]] = []) {
        tierCount = cutoffs.names.count
        let places = groups.map { cutoffs.groups?.index(of: $0) }
        isOwn = places.map { $0 != nil }
        let rows = places.map { $0.map { cutoffs.groups!.groups[$0].lowerBounds } ?? cutoffs.lowerBounds }
        bounds = (rows + [cutoffs.lowerBounds]).joined().map { $0 ?? .infinity }
    }

    /// Whether a group has cut-offs of its own.
    public func hasOwn(_ group: UInt16) -> Bool { Int(group) < isOwn.count && isOwn[Int(group)] }

    /// Where the bounds of a group begin.
    @inline(__always)
    func start(of group: UInt16) -> Int { min(Int(group), isOwn.count) * (tierCount - 1) }

    /// The codes of active customers, for one block.
    ///
    /// - Parameters:
    ///   - groups: as many as values.
    ///   - codes: as many; need not be initialized.
    public func assign(
        _ values: UnsafeBufferPointer<Double>, groups: UnsafeBufferPointer<UInt16>,
        into codes: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(
            values.count == codes.count && groups.count == values.count,
            "\(values.count) values, \(groups.count) groups, room for \(codes.count) codes")
        let boundCount = tierCount - 1
        bounds.withUnsafeBufferPointer { bounds in
            for row in values.indices {
                let value = values[row]
                // SAFETY: every start has a row of `boundCount` bounds behind it.
                let start = start(of: groups[row])
                var tier: UInt8 = 0
                for place in start..<start + boundCount { tier &+= value < bounds[place] ? 1 : 0 }
                codes[row] = value.isNaN ? TierCutoffs.unrankedCode : tier
            }
        }
    }
}
