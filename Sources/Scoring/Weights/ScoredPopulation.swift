/// Customers whose indicators can be gone through, normalized, as often as a method of weighting needs.
public protocol ScoredPopulation: Sendable {
    /// Brings every chunk of customers into a copy of `empty`; returns the states in chunk order, whatever the number of
    /// threads.
    func gather<State: Sendable>(
        _ empty: State, _ update: @Sendable (inout State, ScoredRows) throws -> Void
    ) throws -> [State]
}

/// Rows of a population that lie scored in a block.
public struct ScoredRows {
    /// The block; its indicator values are normalized, -0.0 where missing.
    public let block: ScoreBlock
    /// Rows in the block.
    public let rowCount: Int
    /// The number of the first row in the population.
    public let firstRow: Int
    /// What became of each customer, NaN where it is not known; empty if there is no outcome.
    public let outcomes: UnsafeBufferPointer<Double>

    /// Rows in a block.
    public init(block: ScoreBlock, rowCount: Int, firstRow: Int, outcomes: UnsafeBufferPointer<Double>) {
        precondition(outcomes.isEmpty || outcomes.count == rowCount, "\(outcomes.count) outcomes of \(rowCount) rows")
        self.block = block
        self.rowCount = rowCount
        self.firstRow = firstRow
        self.outcomes = outcomes
    }

    /// Calls `body` for each row with a known outcome with its number in the block, and whether it is held out.
    func forEachOutcome(_ body: (_ row: Int, _ outcome: Double, _ isHeldOut: Bool) -> Void) {
        for row in outcomes.indices where outcomes[row].isFinite {
            body(row, outcomes[row], Self.isHeldOut(firstRow + row))
        }
    }

    /// Whether a row is kept from the fit to check it: one in five, by a mixed row number, so that neither the order of
    /// an export nor the number of threads shows.
    static func isHeldOut(_ row: Int) -> Bool { mixed(row) % 5 == 0 }

    /// A row number whose bits are well mixed, 0 or more: the finalizer of SplitMix64 (Steele, Lea & Flood 2014).
    static func mixed(_ row: Int) -> Int {
        var bits = UInt64(truncatingIfNeeded: row) &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((bits ^ bits >> 31) >> 1)
    }

    /// The normalized values of a row, with `substitutes` where missing.
    func values(ofRow row: Int, substitutes: [Double], into values: inout [Double]) {
        for indicator in substitutes.indices {
            let value = block.values[indicator * ScoreBlock.rowCapacity + row]
            values[indicator] = value.sign == .minus ? substitutes[indicator] : value
        }
    }
}
