import VectorMath

/// Rows of a source drawn evenly without replacement: what a streamed fit finds its first centroids in.
///
/// Every row has a priority that follows from the seed and its number alone, and the rows of the lowest priorities are
/// the sample. So it is the same however the rows are cut in blocks, and it is all rows where they are no more than
/// asked for.
struct StreamingSample {
    /// The rows, rising.
    let rows: [Int]

    /// Draws `limit` of `rowCount` rows, or all.
    ///
    /// - Complexity: O(`rowCount`), 1 ns a row and thread; memory for about `limit` rows.
    init(rowCount: Int, limit: Int, seed: UInt64, workers: Workers) {
        guard rowCount > limit else {
            rows = Array(0..<rowCount)
            return
        }
        var generator = RandomGenerator(seed: seed, stream: Self.stream)
        let key = generator.next()
        // Six standard deviations more than asked for lie below the bound, so it is only luck out of 10^9 that fewer do.
        let share = (Double(limit) + 6 * Double(limit).squareRoot() + 64) / Double(rowCount)
        let bound = share < 1 ? UInt64(share * 0x1p64) : .max
        let tasks = Tasks(rowCount: rowCount)
        let found = workers.map(chunkCount: tasks.count) { task in
            tasks.rows(task).compactMap { row -> (priority: UInt64, row: Int)? in
                let priority = Self.priority(of: row, key: key)
                return priority < bound ? (priority, row) : nil
            }
        }
        rows = found.joined().sorted { $0.priority < $1.priority }.prefix(limit).map(\.row).sorted()
    }

    /// The stream of the seed that no start and no mini-batch draws from.
    private static let stream = -1

    /// The finalizer of SplitMix64, a bijection, so that no two rows are equal (Steele, Lea and Flood 2014).
    private static func priority(of row: Int, key: UInt64) -> UInt64 {
        var bits = (UInt64(row) &+ 1) &* 0x9e37_79b9_7f4a_7c15 ^ key
        bits = (bits ^ (bits &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits &>> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits &>> 31)
    }

    /// The places in the sample of the rows that lie in `range`.
    func places(in range: Range<Int>) -> Range<Int> {
        place(of: range.lowerBound)..<place(of: range.upperBound)
    }

    /// How many rows of the sample come before `row`.
    private func place(of row: Int) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
