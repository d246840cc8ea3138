/// How far past a cut-off a customer must be to leave the tier of the last run.
public enum Hysteresis: Codable, Equatable, Sendable {
    /// So much in units of what customers are ranked by, 0 or more.
    case units(Double)
    /// This share of the cut-off, 0...1.
    case share(Double)

    /// The margin at a cut-off.
    func margin(at cutoff: Double) -> Double {
        switch self {
        case .units(let units): units
        case .share(let share): abs(cutoff) * share
        }
    }

    /// The code of a customer who was not there in the last run.
    public static let newCode: UInt8 = 254
}

/// What became of customers since the last run. Counts of parts of the customers combine in any order.
public struct TierMoves: Equatable, Sendable {
    /// Were not there in the last run.
    public var new = 0
    /// Are in the tier they were in, by the cut-offs.
    public var stayed = 0
    /// Are in the tier they were in since they are not past the cut-off by the margin.
    public var kept = 0
    /// Are in a better tier.
    public var risen = 0
    /// Are in a lesser tier.
    public var fallen = 0
    /// Came from a layer outside the ranking, or went to one.
    public var other = 0

    /// Nobody yet.
    public init() {}

    /// Brings other counts in.
    public mutating func combine(_ counts: TierMoves) {
        new += counts.new
        stayed += counts.stayed
        kept += counts.kept
        risen += counts.risen
        fallen += counts.fallen
        other += counts.other
    }

    /// Customers of the last run who are here.
    public var knownCount: Int { stayed + kept + risen + fallen + other }
}

extension TierBounds {
    /// Keeps customers in the tier of the last run who are not past its cut-off by the margin.
    ///
    /// Down a customer goes whose value is below the least value of the earlier tier less the margin, up one whose value
    /// is at least the least value of the tier above it plus the margin; the tier to go to is that of the cut-offs.
    /// Layers outside the ranking hold nobody and keep nobody.
    ///
    /// - Parameters:
    ///   - hysteresis: the margin; nil counts what became of customers and keeps nobody.
    ///   - codes: the tiers by the cut-offs; those of customers who are kept are changed.
    ///   - previous: the tiers of the last run, `Hysteresis.newCode` for none, as many as codes.
    ///   - values: what customers are ranked by, as many as codes.
    ///   - groups: their groups, as many as codes, or empty.
    ///   - onKept: called with each place whose code was changed.
    public func hold(
        _ hysteresis: Hysteresis?, _ codes: UnsafeMutableBufferPointer<UInt8>, previous: UnsafeBufferPointer<UInt8>,
        values: UnsafeBufferPointer<Double>, groups: UnsafeBufferPointer<UInt16>, onKept: (Int) -> Void
    ) -> TierMoves {
        precondition(
            previous.count == codes.count && values.count == codes.count
                && (groups.isEmpty || groups.count == codes.count),
            "\(codes.count) codes, \(previous.count) earlier ones, \(values.count) values, \(groups.count) groups")
        var moves = TierMoves()
        for row in codes.indices {
            let (code, earlier) = (codes[row], previous[row])
            if earlier == code {
                moves.stayed += 1
            } else if earlier == Hysteresis.newCode {
                moves.new += 1
            } else if Int(code) >= tierCount || Int(earlier) >= tierCount {
                moves.other += 1
            } else if let hysteresis,
                isHeld(hysteresis, in: earlier, values[row], rises: code < earlier, groups.isEmpty ? .max : groups[row])
            {
                codes[row] = earlier
                moves.kept += 1
                onKept(row)
            } else if code < earlier {
                moves.risen += 1
            } else {
                moves.fallen += 1
            }
        }
        return moves
    }

    private func isHeld(
        _ hysteresis: Hysteresis, in tier: UInt8, _ value: Double, rises: Bool, _ group: UInt16
    ) -> Bool {
        let cutoff = bounds[start(of: group) + Int(tier) - (rises ? 1 : 0)]
        guard cutoff.isFinite else { return false }
        let margin = hysteresis.margin(at: cutoff)
        return rises ? value < cutoff + margin : value >= cutoff - margin
    }
}
