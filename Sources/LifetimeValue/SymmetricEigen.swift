import RealModule

/// Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations.
///
/// For the Hessians of a handful of parameters; O(n^3) a sweep, about 6 sweeps. Not LAPACK's `dsyevd`, as in
/// `SymmetricMatrix`: beside a large eigenvalue it knows a small one less well, and a population without spread, whose
/// parameters run to infinity, was then said to leave one undetermined.
struct SymmetricEigen {
    /// In no particular order.
    private(set) var values: [Double]
    /// `vectors[i]` belongs to `values[i]`; orthonormal.
    private(set) var vectors: [[Double]]

    /// Of `matrix`, n rows of n finite numbers, symmetric.
    init(_ matrix: [[Double]]) {
        var a = matrix
        let n = a.count
        var v = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0.0 } }
        for _ in 0..<40 {
            var offDiagonal = 0.0
            var largest = 0.0
            for i in 0..<n {
                for j in 0..<n {
                    largest = max(largest, abs(a[i][j]))
                    if i != j { offDiagonal = max(offDiagonal, abs(a[i][j])) }
                }
            }
            if offDiagonal <= 1e-300 || offDiagonal <= 1e-20 * largest { break }
            for p in 0..<n {
                for q in (p + 1)..<max(n, p + 1) where a[p][q] != 0 {
                    SymmetricEigen.rotate(&a, &v, p, q)
                }
            }
        }
        values = (0..<n).map { a[$0][$0] }
        vectors = v
    }

    /// One rotation that makes a[p][q] zero; rows of `v` are the eigenvectors.
    private static func rotate(_ a: inout [[Double]], _ v: inout [[Double]], _ p: Int, _ q: Int) {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let root = Double.hypot(theta, 1)
        let t = theta >= 0 ? 1 / (theta + root) : 1 / (theta - root)
        let c = 1 / Double.hypot(t, 1)
        let s = t * c
        for k in a.indices {
            let (x, y) = (a[k][p], a[k][q])
            a[k][p] = c * x - s * y
            a[k][q] = s * x + c * y
        }
        for k in a.indices {
            let (x, y) = (a[p][k], a[q][k])
            a[p][k] = c * x - s * y
            a[q][k] = s * x + c * y
        }
        a[p][q] = 0
        a[q][p] = 0
        for k in a.indices {
            let (x, y) = (v[p][k], v[q][k])
            v[p][k] = c * x - s * y
            v[q][k] = s * x + c * y
        }
    }

    /// The inverse of the matrix; nil unless all eigenvalues are over 0.
    var inverse: [[Double]]? {
        guard values.allSatisfy({ $0 > 0 }) else { return nil }
        let n = values.count
        return (0..<n).map { i in
            (0..<n).map { j in
                values.indices.reduce(0.0) { $0 + vectors[$1][i] * vectors[$1][j] / values[$1] }
            }
        }
    }
}
