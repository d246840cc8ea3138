/// How much each row counts: a row of weight 3 is as good as three such rows, one of weight 0 gets a segment but has no
/// say in where it lies.
///
/// Weights are kept in 24 bits (Float) and rounded to 2^-51 of their sum, so that sums of them are exact: whole numbers
/// up to 2^24 stay as they are.
public struct RowWeights: Sendable {
    /// The number of rows.
    public let rowCount: Int
    /// The sum of all weights.
    public let total: Double

    /// A weight for each row, then 0 up to a whole tile.
    let values: LargeBuffer<Float>

    /// Weights of all rows: each 0 or between 2^-60 and 2^60, and not all 0.
    ///
    /// - Throws: `SegmentationError`: the row of the first weight that cannot be used, no weight above 0, no memory.
    public init(_ column: [Double]) throws(SegmentationError) {
        if let bad = column.firstIndex(where: { $0 != 0 && !($0 >= 0x1p-60 && $0 <= 0x1p60) }) {
            throw SegmentationError(
                .invalidParameter, place: "weight of row \(bad)",
                remedy: "give 0 or a weight between 2^-60 and 2^60; only their ratios matter for the segments")
        }
        let sum = column.reduce(0) { $0 + Double(Float($1)) }
        guard sum > 0 else {
            throw SegmentationError(
                .invalidParameter, place: "weights", remedy: "give at least one row a weight above 0")
        }
        let rowsPerTile = FeatureMatrix.rowsPerTile
        let buffer = try LargeBuffer<Float>(
            count: (column.count + rowsPerTile - 1) / rowsPerTile * rowsPerTile, for: "weights of all rows")
        let magic = ExactGrid.magic(bound: sum)
        var total = 0.0
        for (row, weight) in column.enumerated() {
            let rounded = (Double(Float(weight)) + magic) - magic
            // SAFETY: the buffer has an element for each row.
            buffer.start[row] = Float(rounded)
            total += rounded
        }
        (rowCount, values, self.total) = (column.count, buffer, total)
    }

    /// The weight of a row as it counts.
    subscript(row: Int) -> Float {
        precondition(row >= 0 && row < rowCount, "row \(row) is not in 0..<\(rowCount)")
        // SAFETY: checked above.
        return values.start[row]
    }
}
