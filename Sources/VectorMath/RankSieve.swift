import CKernels

/// Counts the values below, at and between the ends of brackets, and keeps those between: one pass, then selection.
///
/// A mergeable state. When a wanted rank falls into a bracket its value is found among the few that were kept.
struct RankSieve: Sendable {
    /// A closed range of values in which order statistics are looked for.
    struct Bracket: Sendable, Equatable {
        var lower: Double
        var upper: Double

        static let everything = Bracket(lower: -.infinity, upper: .infinity)
    }

    /// What one bracket has seen.
    fileprivate struct Tally: Sendable {
        let bracket: Bracket
        var belowCount = 0
        var atLowerCount = 0
        /// Values at `upper` when that is not `lower`.
        var atUpperCount = 0
        /// Values between the ends, in no order.
        var interior: [Double] = []
    }

    private var tallies: [Tally]
    /// Values that are not NaN.
    private(set) var presentCount = 0
    private(set) var missingCount = 0

    init(_ brackets: [Bracket]) {
        tallies = brackets.map { Tally(bracket: $0) }
    }

    /// Brings at most `ColumnSource.blockSize` values in.
    mutating func update(_ values: UnsafeBufferPointer<Double>) {
        // SAFETY: the kernel reads values.count values.
        let present = Int(ck_count_present(values.baseAddress, values.count))
        presentCount += present
        missingCount += values.count - present
        for index in tallies.indices { tallies[index].update(values) }
    }

    /// Brings another state over the same brackets in.
    mutating func combine(_ other: RankSieve) {
        precondition(tallies.count == other.tallies.count, "\(tallies.count) brackets and \(other.tallies.count)")
        presentCount += other.presentCount
        missingCount += other.missingCount
        for index in tallies.indices { tallies[index].combine(other.tallies[index]) }
    }

    /// The k-th smallest present value, k from 0, for each k in `ranks`; nil where no bracket holds it.
    mutating func values(atRanks ranks: [Int]) -> [Double?] {
        ranks.map { rank in
            for index in tallies.indices {
                if let value = tallies[index].value(atRank: rank) { return value }
            }
            return nil
        }
    }
}

extension RankSieve.Tally {
    mutating func update(_ values: UnsafeBufferPointer<Double>) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: values.count) { kept in
            var counts = ck_bracket_counts()
            // SAFETY: the kernel reads values.count values and writes at most as many.
            let keptCount = ck_sieve(
                values.baseAddress, values.count, bracket.lower, bracket.upper, &counts, kept.baseAddress)
            belowCount += Int(counts.below_lower)
            atLowerCount += Int(counts.at_lower)
            if bracket.lower < bracket.upper { atUpperCount += Int(counts.at_upper) }
            interior.append(contentsOf: UnsafeBufferPointer(rebasing: kept[..<keptCount]))
        }
    }

    mutating func combine(_ other: Self) {
        belowCount += other.belowCount
        atLowerCount += other.atLowerCount
        atUpperCount += other.atUpperCount
        interior.append(contentsOf: other.interior)
    }

    mutating func value(atRank rank: Int) -> Double? {
        var offset = rank - belowCount
        guard offset >= 0 else { return nil }
        if offset < atLowerCount { return bracket.lower }
        offset -= atLowerCount
        if offset < interior.count {
            return interior.withUnsafeMutableBufferPointer { selectValue(atRank: offset, in: $0) }
        }
        return offset - interior.count < atUpperCount ? bracket.upper : nil
    }
}

extension RankSieve {
    /// The Swift twin of the C kernel `ck_sieve`, which a test compares with it.
    static func sieve(
        _ values: [Double], _ bracket: Bracket
    ) -> (belowLower: Int, atLower: Int, atUpper: Int, interior: [Double]) {
        (
            values.count { $0 < bracket.lower }, values.count { $0 == bracket.lower },
            values.count { $0 == bracket.upper }, values.filter { bracket.lower < $0 && $0 < bracket.upper }
        )
    }
}
