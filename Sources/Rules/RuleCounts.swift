/// How many rows each rule has given its name to.
public struct RuleCounts: Equatable, Sendable {
    /// Rows by the rule's place.
    public private(set) var rows: [Int]
    /// Rows that no rule applied to.
    public private(set) var uncoveredCount = 0

    /// No row yet.
    public init(ruleCount: Int) { rows = Array(repeating: 0, count: ruleCount) }

    /// Counts codes.
    public mutating func update(_ codes: some Sequence<UInt8>) {
        var counts = [Int](repeating: 0, count: 256)
        for code in codes { counts[Int(code)] &+= 1 }
        for code in counts.indices where counts[code] > 0 {
            if rows.indices.contains(code) { rows[code] += counts[code] } else { uncoveredCount += counts[code] }
        }
    }

    /// Adds the counts of other rows.
    public mutating func combine(_ other: RuleCounts) {
        for rule in rows.indices { rows[rule] += other.rows[rule] }
        uncoveredCount += other.uncoveredCount
    }

    /// The rules that applied to nobody.
    public var unusedRules: [Int] { rows.indices.filter { rows[$0] == 0 } }
}
