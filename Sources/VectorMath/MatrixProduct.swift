import COpenBLAS

/// Products of column-major matrices of binary64 by OpenBLAS: the one door to it.
///
/// OpenBLAS is set to one thread for the whole process at the first call: parallel work is that of `Workers`, and its
/// own threads would change the bits of results. Calls from several threads side by side are safe.
public enum MatrixProduct {
    private static let setToOneThread: Void = openblas_set_num_threads(1)

    /// `result` = `a` times `b`, all column-major without gaps.
    ///
    /// - Parameters:
    ///   - a: `rowCount` x `innerCount`.
    ///   - b: `innerCount` x `columnCount`.
    ///   - result: `rowCount` x `columnCount`; what it held is not read.
    public static func multiply(
        _ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>,
        into result: UnsafeMutableBufferPointer<Double>, rowCount: Int, innerCount: Int, columnCount: Int
    ) {
        precondition(
            a.count == rowCount * innerCount && b.count == innerCount * columnCount
                && result.count == rowCount * columnCount,
            "\(a.count), \(b.count), \(result.count) elements for \(rowCount) x \(innerCount) x \(columnCount)")
        guard result.count > 0 else { return }
        guard innerCount > 0 else { return result.update(repeating: 0) }
        setToOneThread
        // SAFETY: the counts above are those that the dimensions let OpenBLAS touch.
        cblas_dgemm(
            CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(rowCount), Int32(columnCount), Int32(innerCount), 1,
            a.baseAddress, Int32(rowCount), b.baseAddress, Int32(innerCount), 0, result.baseAddress, Int32(rowCount))
    }

    /// Adds `a`'s transpose times `a` to both triangles of `sums`: sums of products for covariances and regressions.
    ///
    /// - Parameters:
    ///   - a: `rowCount` x `columnCount`, column-major.
    ///   - stride: elements from one column of `a` to the next, `rowCount` or more; nil for `rowCount`.
    ///   - sums: `columnCount` x `columnCount`, symmetric.
    public static func addGram(
        of a: UnsafeBufferPointer<Double>, stride: Int? = nil, to sums: UnsafeMutableBufferPointer<Double>,
        rowCount: Int, columnCount: Int
    ) {
        let stride = stride ?? rowCount
        precondition(
            stride >= rowCount && a.count >= (columnCount - 1) * stride + rowCount
                && sums.count == columnCount * columnCount,
            "\(a.count) and \(sums.count) elements for \(rowCount) rows of \(columnCount), stride \(stride)")
        guard rowCount > 0, columnCount > 0 else { return }
        setToOneThread
        // SAFETY: the counts above are those that the dimensions let OpenBLAS touch.
        cblas_dsyrk(
            CblasColMajor, CblasUpper, CblasTrans, Int32(columnCount), Int32(rowCount), 1, a.baseAddress,
            Int32(stride), 1, sums.baseAddress, Int32(columnCount))
        for column in 0..<columnCount {
            for row in 0..<column { sums[row * columnCount + column] = sums[column * columnCount + row] }
        }
    }
}
