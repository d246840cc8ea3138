/// Rows of features that are read again and again, from wherever they lie: what `StreamingKMeans` works on.
///
/// Rows are counted from 0. Every method is called by several threads at once, for different rows, and gives the same
/// rows to the same question each time. What a method throws ends the fit.
public protocol FeatureSource: Sendable {
    /// The number of rows.
    var rowCount: Int { get }
    /// How the values of each feature become units of distance; a block to be filled has these.
    var scalings: [FeatureScaling] { get }

    /// Fills rows of `block` from `firstRow` on.
    ///
    /// - Parameters:
    ///   - rows: at most `StreamingKMeans.blockRowCount`, beginning at a multiple of `StreamingKMeans.tileRowCount`, as
    ///     `firstRow` does.
    ///   - block: `StreamingKMeans.blockRowCount` rows, to be filled by its `store`.
    func read(_ rows: Range<Int>, into block: FeatureMatrix, at firstRow: Int) throws
    /// Gives back the segments of rows that were written last.
    ///
    /// - Parameter segments: `rows.count` elements.
    func readSegments(_ rows: Range<Int>, into segments: UnsafeMutableBufferPointer<UInt16>) throws
    /// Keeps the segments of rows from `firstRow` on.
    func writeSegments(_ segments: UnsafeBufferPointer<UInt16>, from firstRow: Int) throws
}

extension FeatureMatrix {
    /// The stored bytes of whole tiles that hold `rows`, for a file that `FeatureSource.read` fills blocks from: the
    /// layout of this build, to be read by the process that wrote it.
    ///
    /// - Parameter rows: inside the matrix, beginning at a multiple of `StreamingKMeans.tileRowCount`.
    package func withTileBytes<Result>(
        of rows: Range<Int>, _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        precondition(
            rows.lowerBound >= 0 && rows.lowerBound % Self.rowsPerTile == 0 && rows.upperBound <= rowCount,
            "rows \(rows) are not whole tiles of \(rowCount) rows")
        let tileCount = (rows.count + Self.rowsPerTile - 1) / Self.rowsPerTile
        // SAFETY: the rows are inside the matrix and begin a tile, and the matrix has whole tiles.
        return try body(
            UnsafeMutableRawBufferPointer(
                start: tiles.start + rows.lowerBound * columnCount,
                count: tileCount * Self.rowsPerTile * columnCount * MemoryLayout<Float>.stride))
    }

    /// Makes 0 of what follows `rowCount` rows in their last tile, as kernels that take whole tiles expect.
    func clearTile(after rowCount: Int) {
        let (tile, lane) = rowCount.quotientAndRemainder(dividingBy: Self.rowsPerTile)
        guard lane > 0, tile < tileCount else { return }
        for column in 0..<columnCount {
            // SAFETY: the tile is one of the matrix, and the lanes are those of one of its columns.
            let start = tiles.start + (tile * columnCount + column) * Self.rowsPerTile
            (start + lane).update(repeating: 0, count: Self.rowsPerTile - lane)
        }
    }
}
