// The tile layout must change together with Sources/CKernels/kmeans.c: tiles of 16 rows, inside a tile column by
// column, the last tile filled up with zeros. A tile is read as one stream, a column of it is one vector.

import CKernels
import Synchronization

/// The features of all rows as Float, in the units in which distances are measured: rows x columns in tiles of 16 rows.
///
/// ```swift
/// let matrix = try FeatureMatrix(rowCount: 2, scalings: [.standard(mean: 40, standardDeviation: 10)])
/// [30.0, 60.0].withUnsafeBufferPointer { matrix.store(column: 0, firstRow: 0, values: $0) }
/// matrix[0, 0]  // -1
/// ```
///
/// Rows that were never stored are 0. Storing is safe from several threads at once for different rows or columns; it
/// must be over before the matrix is read. Not a general matrix: it knows no arithmetic.
public final class FeatureMatrix: @unchecked Sendable {
    /// The number of rows.
    public let rowCount: Int
    /// The number of features.
    public let columnCount: Int
    /// How the values of each column were turned into what is stored.
    public let scalings: [FeatureScaling]

    let tiles: LargeBuffer<Float>
    private let counts: Mutex<Counts>

    static let rowsPerTile = Int(STRATUM_TILE_ROWS)

    private struct Counts {
        var missing: [Int]
        var limited: [Int]
    }

    /// A matrix of zeros with a column for each scaling.
    ///
    /// - Throws: `SegmentationError`: no memory, no column.
    public init(rowCount: Int, scalings: [FeatureScaling]) throws(SegmentationError) {
        precondition(rowCount >= 0, "rowCount \(rowCount) is below 0")
        guard !scalings.isEmpty else {
            throw SegmentationError(.noColumns, place: "scalings", remedy: "name at least one feature")
        }
        self.rowCount = rowCount
        self.columnCount = scalings.count
        self.scalings = scalings
        let tileCount = (rowCount + Self.rowsPerTile - 1) / Self.rowsPerTile
        let (elements, overflow) = (tileCount * Self.rowsPerTile).multipliedReportingOverflow(by: scalings.count)
        tiles = try LargeBuffer(count: overflow ? .max : elements, for: "feature matrix")
        counts = Mutex(
            Counts(
                missing: [Int](repeating: 0, count: scalings.count),
                limited: [Int](repeating: 0, count: scalings.count)))
    }

    /// The number of tiles, the last of which may be partly filled.
    var tileCount: Int { (rowCount + Self.rowsPerTile - 1) / Self.rowsPerTile }

    /// Stores values of one column from `firstRow` on, each through the column's scaling; NaN becomes 0 and is counted.
    ///
    /// - Complexity: O(`values.count`), at the speed of memory.
    public func store(column: Int, firstRow: Int, values: UnsafeBufferPointer<Double>) {
        precondition(column >= 0 && column < columnCount, "column \(column) is not in 0..<\(columnCount)")
        precondition(
            firstRow >= 0 && firstRow + values.count <= rowCount,
            "rows \(firstRow)..<\(firstRow + values.count) are not in 0..<\(rowCount)")
        guard let base = values.baseAddress, values.count > 0 else { return }
        let scaling = scalings[column]
        let tileStride = columnCount * Self.rowsPerTile
        let (tile, lane) = firstRow.quotientAndRemainder(dividingBy: Self.rowsPerTile)
        // SAFETY: the rows are inside the matrix, so tile `tile` and those the kernel steps on to are allocated.
        let found = stratum_kmeans_store(
            tiles.start + tile * tileStride + column * Self.rowsPerTile, tileStride, lane, base, values.count,
            scaling.center, scaling.scale, scaling.limit)
        if found != 0 {
            counts.withLock {
                $0.missing[column] += Int(found & 0xFFFF_FFFF)
                $0.limited[column] += Int(found >> 32)
            }
        }
    }

    /// The missing values stored so far, by column; they count as the column's center.
    public var missingCounts: [Int] { counts.withLock { $0.missing } }

    /// The values stored so far that were drawn in to the limit of their scaling, by column.
    public var limitedCounts: [Int] { counts.withLock { $0.limited } }

    /// The stored value, in units of the matrix.
    public subscript(row: Int, column: Int) -> Float {
        precondition(row >= 0 && row < rowCount, "row \(row) is not in 0..<\(rowCount)")
        precondition(column >= 0 && column < columnCount, "column \(column) is not in 0..<\(columnCount)")
        let (tile, lane) = row.quotientAndRemainder(dividingBy: Self.rowsPerTile)
        // SAFETY: row and column were checked, so the element is inside the tiles.
        return tiles.start[(tile * columnCount + column) * Self.rowsPerTile + lane]
    }

    /// The stored values of one row, in units of the matrix.
    public func row(_ row: Int) -> [Float] {
        (0..<columnCount).map { self[row, $0] }
    }
}

extension FeatureMatrix {
    /// A matrix of whole columns, which must be equally long.
    ///
    /// - Throws: `SegmentationError`: no memory, no column, columns of different lengths or not one scaling each.
    public convenience init(columns: [[Double]], scalings: [FeatureScaling]) throws(SegmentationError) {
        let rowCount = columns.first?.count ?? 0
        guard columns.count == scalings.count else {
            throw SegmentationError(
                .featureCountMismatch(expected: columns.count, found: scalings.count), place: "scalings",
                remedy: "give one scaling for each column")
        }
        if let odd = columns.firstIndex(where: { $0.count != rowCount }) {
            throw SegmentationError(
                .rowCountMismatch(expected: rowCount, found: columns[odd].count), place: "column \(odd)",
                remedy: "give columns of equal length")
        }
        try self.init(rowCount: rowCount, scalings: scalings)
        for (column, values) in columns.enumerated() {
            values.withUnsafeBufferPointer { store(column: column, firstRow: 0, values: $0) }
        }
    }
}
