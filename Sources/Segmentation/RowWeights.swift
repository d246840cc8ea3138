/// How much each row counts: a row of weight 3 is as good as three such rows, one of weight 0 gets a segment but has no
/// say in where it lies.
///
/// Weights are kept in 24 bits (Float): whole numbers up to 2^24 are exact.
public struct RowWeights: Equatable, Sendable {
    let values: [Float]

    /// Weights of all rows: each 0 or between 2^-60 and 2^60, and not all 0.
    ///
    /// - Throws: `SegmentationError` with `invalidParameter` and the row of the first weight that cannot be used.
    public init(_ column: [Double]) throws(SegmentationError) {
        if let bad = column.firstIndex(where: { $0 != 0 && !($0 >= 0x1p-60 && $0 <= 0x1p60) }) {
            throw SegmentationError(
                .invalidParameter, place: "weight of row \(bad)",
                remedy: "give 0 or a weight between 2^-60 and 2^60; only their ratios matter for the segments")
        }
        guard column.contains(where: { $0 > 0 }) else {
            throw SegmentationError(
                .invalidParameter, place: "weights", remedy: "give at least one row a weight above 0")
        }
        values = column.map { Float($0) }
    }

    /// The number of rows.
    public var rowCount: Int { values.count }
}
