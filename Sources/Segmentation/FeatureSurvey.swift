import CKernels
import VectorMath

/// What one pass over a matrix tells of each feature, and the grid on which sums of the feature are exact.
///
/// Sums of doubles do not depend on their order if all terms are multiples of one power of two and no partial sum needs
/// more than 53 bits. Each feature has such a grid, at most 2^-50 of its largest value times the number of rows (2^-27
/// of the largest value for 10 million rows); a value is rounded to it when it goes into a centroid. That is what makes
/// k-means bit-identical for any number of threads, and lets sums follow moving rows without drift.
struct FeatureSurvey {
    /// Means in units of the matrix.
    let means: [Double]
    /// Population variances (divided by the number of rows) in squared units of the matrix.
    let variances: [Double]
    /// Whether a feature has one value for all rows.
    let isConstant: [Bool]
    /// The sum of the squares of all values.
    let squareSum: Double
    /// x + magic - magic is x on the grid; a line of `CentroidSums.stride`, filled up with 0.
    let magic: [Double]
    /// Points no farther apart than this (squared) count as one: 2^-22 of the largest value of each feature.
    let coincidence: Double

    /// Surveys `matrix`, which has at least one row.
    ///
    /// - Complexity: one pass at the speed of memory.
    init(_ matrix: FeatureMatrix, workers: Workers) throws {
        let tasks = Tasks(rowCount: matrix.rowCount)
        let parts = workers.map(chunkCount: tasks.count) { task in
            Kernels.survey(matrix, rows: tasks.rows(task))
        }
        self.init(parts, rowCount: matrix.rowCount, featureCount: matrix.columnCount)
    }

    /// The survey of rows whose tasks were surveyed one by one.
    ///
    /// - Parameter parts: the tasks' figures, in order.
    init(
        _ parts: [(sums: [Double], squares: [Double], largest: [Float])], rowCount: Int, featureCount: Int
    ) {
        // In task order: these sums are rounded, so their order is part of the result.
        var sums = [Double](repeating: 0, count: featureCount)
        var squares = sums
        var largest = [Float](repeating: 0, count: featureCount)
        for part in parts {
            for feature in 0..<featureCount {
                sums[feature] += part.sums[feature]
                squares[feature] += part.squares[feature]
                largest[feature] = max(largest[feature], part.largest[feature])
            }
        }
        let rowCount = Double(rowCount)
        let means = sums.map { $0 / rowCount }
        self.means = means
        variances = zip(squares, means).map { max(0, $0 / rowCount - $1 * $1) }
        isConstant = zip(variances, largest).map { $0 <= Double($1) * Double($1) * 0x1p-48 }
        squareSum = squares.reduce(0, +)
        magic = CentroidSums.line(largest.map { Self.magic(largest: Double($0), rowCount: rowCount) })
        coincidence = largest.reduce(0) { $0 + Double($1) * Double($1) * 0x1p-44 }
    }

    /// 1.5 x 2^52 grid steps: adding it leaves no bit below the step. 0 for a feature that is 0 everywhere.
    private static func magic(largest: Double, rowCount: Double) -> Double {
        guard largest > 0 else { return 0 }
        let bound = largest * rowCount
        // 2^51 steps reach past the sum of all rows, and past any single value.
        let step = Double(sign: .plus, exponent: bound.exponent + 1 - 51, significand: 1)
        return 0x1.8p52 * step
    }
}
