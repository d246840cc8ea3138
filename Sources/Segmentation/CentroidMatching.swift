/// The pairing of rows and columns with the lowest sum of costs (the assignment problem).
///
/// By shortest augmenting paths with potentials (Kuhn 1955; Jonker and Volgenant 1987): each row is brought in by the
/// cheapest chain of changes of partners.
enum CostMatching {
    /// The column of each row; nil for rows that find no partner when there are more rows than columns.
    ///
    /// - Parameter cost: of a row and a column; finite. It is asked for again and again, so that no table of costs
    ///   is kept.
    /// - Complexity: O(r^2 c) for r rows and c >= r columns, and O(r + c) memory.
    static func partners(rowCount: Int, columnCount: Int, cost: (Int, Int) -> Double) -> [Int?] {
        if rowCount > columnCount {
            var partners = [Int?](repeating: nil, count: rowCount)
            let columns = Self.partners(rowCount: columnCount, columnCount: rowCount) { cost($1, $0) }
            for (column, row) in columns.enumerated() { if let row { partners[row] = column } }
            return partners
        }
        // Column `columnCount` stands for none: it holds the row that is being brought in.
        var rows = [Int?](repeating: nil, count: columnCount + 1)
        var rowPotentials = [Double](repeating: 0, count: rowCount)
        var columnPotentials = [Double](repeating: 0, count: columnCount + 1)
        for newRow in 0..<rowCount {
            rows[columnCount] = newRow
            var column = columnCount
            var least = [Double](repeating: .infinity, count: columnCount)
            var before = [Int](repeating: columnCount, count: columnCount)
            var isReached = [Bool](repeating: false, count: columnCount + 1)
            while let row = rows[column] {
                isReached[column] = true
                var step = Double.infinity
                var next = columnCount
                for other in 0..<columnCount where !isReached[other] {
                    let reduced = cost(row, other) - rowPotentials[row] - columnPotentials[other]
                    if reduced < least[other] { (least[other], before[other]) = (reduced, column) }
                    if least[other] < step { (step, next) = (least[other], other) }
                }
                precondition(step < .infinity, "a cost that is not finite")
                for other in 0...columnCount {
                    if isReached[other], let reached = rows[other] {
                        rowPotentials[reached] += step
                        columnPotentials[other] -= step
                    } else if other < columnCount {
                        least[other] -= step
                    }
                }
                column = next
            }
            while column != columnCount {
                rows[column] = rows[before[column]]
                column = before[column]
            }
        }
        var partners = [Int?](repeating: nil, count: rowCount)
        for column in 0..<columnCount { if let row = rows[column] { partners[row] = column } }
        return partners
    }
}
