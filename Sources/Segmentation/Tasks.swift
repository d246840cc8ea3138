import VectorMath

/// The rows of a matrix cut into tasks of a number of tiles: what one thread works on at a time. Where rounded sums are
/// kept by task, that is of the standard size, so that it is part of the result; elsewhere it never shows.
struct Tasks {
    /// Tiles in a task: 16,384 rows, which is about what the second-level cache holds.
    static let tileLimit = 1_024
    /// Rows in a task.
    static let rowLimit = tileLimit * FeatureMatrix.rowsPerTile

    let rowCount: Int
    let tilesPerTask: Int

    init(rowCount: Int, tilesPerTask: Int = Self.tileLimit) {
        precondition((1...Self.tileLimit).contains(tilesPerTask), "\(tilesPerTask) tiles in a task")
        self.rowCount = rowCount
        self.tilesPerTask = tilesPerTask
    }

    private var rowsPerTask: Int { tilesPerTask * FeatureMatrix.rowsPerTile }

    var count: Int { (rowCount + rowsPerTask - 1) / rowsPerTask }

    /// The rows of a task.
    func rows(_ task: Int) -> Range<Int> {
        task * rowsPerTask..<min(rowCount, (task + 1) * rowsPerTask)
    }
}
