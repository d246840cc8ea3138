public import VectorMath

extension FeatureMatrix {
    /// The sum of all stored bits as 64-bit words, wrapping: what reading the matrix once and doing nothing with it
    /// takes is the limit that every pass over it stands beside.
    ///
    /// Equal matrices have equal sums. Not a checksum against forgery, and blind to rows that change places.
    ///
    /// - Complexity: one pass at the speed of memory.
    public func bitSum(workers: Workers) -> UInt64 {
        let tasks = Tasks(rowCount: rowCount)
        let parts = workers.map(chunkCount: tasks.count) { task in
            let rows = tasks.rows(task)
            let tileCount = (rows.count + Self.rowsPerTile - 1) / Self.rowsPerTile
            // SAFETY: tasks begin with a tile, so these tiles are inside the buffer; a tile has whole pairs of values
            // and the buffer is aligned to 64 bytes.
            let start = UnsafeRawPointer(tiles.start + rows.lowerBound * columnCount)
            return Self.sum(
                start.assumingMemoryBound(to: SIMD8<UInt64>.self), count: tileCount * columnCount)
        }
        return parts.reduce(0, &+)
    }

    /// The sum of the words of `count` vectors; a column of a tile is one of them.
    private static func sum(_ vectors: UnsafePointer<SIMD8<UInt64>>, count: Int) -> UInt64 {
        var sums = SIMD8<UInt64>.zero
        // SAFETY: the caller says how many vectors there are.
        for index in 0..<count { sums &+= vectors[index] }
        return sums.wrappedSum()
    }

    /// Stores values of one column from `firstRow` on, as the function for pointers does.
    public func store(column: Int, firstRow: Int, values: ArraySlice<Double>) {
        values.withUnsafeBufferPointer { store(column: column, firstRow: firstRow, values: $0) }
    }

    /// A matrix of the first rows.
    ///
    /// - Parameter count: 0...`rowCount`.
    /// - Throws: `SegmentationError`: no memory.
    /// - Complexity: O(`count` x `columnCount`).
    public func firstRows(_ count: Int) throws(SegmentationError) -> FeatureMatrix {
        precondition(count >= 0 && count <= rowCount, "\(count) rows of \(rowCount)")
        let matrix = try FeatureMatrix(rowCount: count, scalings: scalings)
        // SAFETY: both matrices hold the same columns in tiles, and the new one has no more tiles than this one.
        matrix.tiles.start.update(from: tiles.start, count: matrix.tiles.count)
        for lane in count..<max(count, matrix.tileCount * Self.rowsPerTile) {
            for column in 0..<columnCount {
                // SAFETY: a lane of the last tile; those past the last row are zeros in every matrix.
                matrix.tiles.start[
                    ((matrix.tileCount - 1) * columnCount + column) * Self.rowsPerTile
                        + lane % Self.rowsPerTile] = 0
            }
        }
        return matrix
    }
}
