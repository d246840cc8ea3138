import COpenBLAS

/// A real symmetric matrix of moderate order, for eigenvectors and linear systems by LAPACK.
public struct SymmetricMatrix: Equatable, Sendable {
    /// Rows, and columns.
    public let order: Int
    /// `order` x `order`; symmetric, so row-major and column-major are the same.
    public let elements: [Double]

    /// A matrix of `order` x `order` elements, of which the upper triangle counts (column-major).
    public init(order: Int, elements: [Double]) {
        precondition(order >= 1 && elements.count == order * order, "\(elements.count) elements for order \(order)")
        self.order = order
        self.elements = elements
    }

    /// An element.
    public subscript(row: Int, column: Int) -> Double { elements[column * order + row] }

    /// Eigenvalues in rising order, each with its unit eigenvector; nil if an element is not finite or the iteration
    /// of LAPACK's `dsyevd` fails.
    ///
    /// - Complexity: O(`order`^3)
    public func eigen() -> [(value: Double, vector: [Double])]? {
        guard elements.allSatisfy(\.isFinite) else { return nil }
        var vectors = elements
        var values = [Double](repeating: 0, count: order)
        var work = [Double](repeating: 0, count: 1 + 6 * order + 2 * order * order)
        var integers = [Int32](repeating: 0, count: 3 + 5 * order)
        var (n, workCount, integerCount, status) = (Int32(order), Int32(work.count), Int32(integers.count), Int32(0))
        dsyevd_("V", "U", &n, &vectors, &n, &values, &work, &workCount, &integers, &integerCount, &status)
        guard status == 0 else { return nil }
        return values.indices.map { (values[$0], Array(vectors[$0 * order..<($0 + 1) * order])) }
    }

    /// The solution of this matrix times x = `right`; nil if the matrix is not positive definite.
    ///
    /// - Complexity: O(`order`^3)
    public func solve(_ right: [Double]) -> [Double]? {
        precondition(right.count == order, "\(right.count) values for order \(order)")
        var factor = elements
        var solution = right
        var (n, one, status) = (Int32(order), Int32(1), Int32(0))
        dposv_("U", &n, &one, &factor, &n, &solution, &n, &status)
        guard status == 0, solution.allSatisfy(\.isFinite) else { return nil }
        return solution
    }
}
