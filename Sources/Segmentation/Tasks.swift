import VectorMath

/// The rows of a matrix cut into tasks of a fixed number of tiles: what one thread works on at a time.
struct Tasks {
    /// Tiles in a task: 16,384 rows, which is about what the second-level cache holds.
    static let tileLimit = 1_024
    /// Rows in a task.
    static let rowLimit = tileLimit * FeatureMatrix.rowsPerTile

    let rowCount: Int

    init(rowCount: Int) { self.rowCount = rowCount }

    var count: Int { (rowCount + Self.rowLimit - 1) / Self.rowLimit }

    /// The rows of a task.
    func rows(_ task: Int) -> Range<Int> {
        task * Self.rowLimit..<min(rowCount, (task + 1) * Self.rowLimit)
    }
}
