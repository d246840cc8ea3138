/// Where rows lie between their own centroid and the next one.
public struct CentroidDistances: Equatable, Sendable {
    /// The segment of each row.
    public let segments: ArraySlice<UInt16>
    /// The segment of the second nearest centroid.
    public let nextSegments: ArraySlice<UInt16>
    /// The distance to the own centroid, in units of the matrix.
    public let own: ArraySlice<Float>
    /// The distance to the second nearest centroid; infinite if there is one centroid.
    public let next: ArraySlice<Float>
}

extension NearestCentroid {
    /// The two nearest centroids of some rows of `matrix`; on ties the lower number first, as in an assignment.
    ///
    /// - Throws: `SegmentationError`: the matrix has other features.
    /// - Complexity: O(rows x features x clusters), and 12 bytes a row of the result.
    public func distances(_ matrix: FeatureMatrix, rows: Range<Int>) throws -> CentroidDistances {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= matrix.rowCount, "rows \(rows) of \(matrix.rowCount)")
        try check(matrix)
        // Kernels work on whole tiles; rows before and after are dropped again.
        let size = FeatureMatrix.rowsPerTile
        let first = rows.lowerBound / size * size
        let count = (rows.upperBound - first + size - 1) / size * size
        var segments = [UInt16](repeating: 0, count: count)
        var nextSegments = segments
        var own = [Float](repeating: 0, count: count)
        var next = own
        segments.withUnsafeMutableBufferPointer { segments in
            nextSegments.withUnsafeMutableBufferPointer { nextSegments in
                own.withUnsafeMutableBufferPointer { own in
                    next.withUnsafeMutableBufferPointer { next in
                        Kernels.twoNearest(
                            matrix, rows: first..<rows.upperBound, centroids: packed, labels: segments,
                            nextLabels: nextSegments, own: own, next: next)
                    }
                }
            }
        }
        let wanted = rows.lowerBound - first..<rows.upperBound - first
        return CentroidDistances(
            segments: segments[wanted], nextSegments: nextSegments[wanted], own: own[wanted], next: next[wanted])
    }
}
