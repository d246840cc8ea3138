import CKernels
import VectorMath

/// What two passes over a matrix tell of it, and the grids on which sums of its features are exact.
///
/// Each feature has a grid (see `ExactGrid`), at most 2^-50 of its largest value times the number of rows (2^-27 of the
/// largest value for 10 million rows); a value is rounded to it when it goes into a centroid, and with weights its
/// product is too. That is what makes k-means bit-identical for any number of threads, lets sums follow moving rows
/// without drift, and makes a weight of n as good as n copies.
struct FeatureSurvey {
    /// Population variances (divided by the number of rows) in squared units of the matrix.
    let variances: [Double]
    /// Whether a feature has one value for all rows.
    let isConstant: [Bool]
    /// The sum of the squares of all values, each times the weight of its row; exact to 2^-70 of it.
    let squareSum: Double
    /// The number of rows, or the sum of their weights.
    let totalWeight: Double
    /// For each tile a norm that none of its rows exceeds.
    let radii: LargeBuffer<Float>
    /// x + magic - magic is x on the grid; a line of `CentroidSums.stride`, filled up with 0.
    let magic: [Double]
    /// Points no farther apart than this (squared) count as one: 2^-22 of the largest value of each feature.
    let coincidence: Double

    /// Surveys `matrix`, which has at least one row.
    ///
    /// - Complexity: two passes at the speed of memory.
    init(_ matrix: FeatureMatrix, weights: RowWeights? = nil, workers: Workers) throws {
        let tasks = Tasks(rowCount: matrix.rowCount)
        let featureCount = matrix.columnCount
        let parts = workers.map(chunkCount: tasks.count) { task in
            Kernels.survey(matrix, rows: tasks.rows(task), weights: weights)
        }
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
        let total = weights?.total ?? Double(matrix.rowCount)
        totalWeight = total
        variances = zip(squares, sums).map { max(0, $0 / total - ($1 / total) * ($1 / total)) }
        isConstant = zip(variances, largest).map { $0 <= Double($1) * Double($1) * 0x1p-48 }
        magic = CentroidSums.line(largest.map { ExactGrid.magic(bound: Double($0) * total) })
        let largestSquares = largest.reduce(0) { $0 + Double($1) * Double($1) }
        coincidence = largestSquares * 0x1p-44

        let radii = try LargeBuffer<Float>(count: matrix.tileCount, for: "norms of all rows")
        // What the coarse grid leaves of a square is at most half its step.
        let coarse = largestSquares * total
        let fine = ExactGrid.step(bound: coarse) * total * Double(featureCount)
        let exact = workers.reduce(
            chunkCount: tasks.count, into: { (high: 0.0, low: 0.0) },
            update: { sum, task in
                let part = Kernels.norms(
                    matrix, rows: tasks.rows(task), weights: weights,
                    grids: (ExactGrid.magic(bound: coarse), ExactGrid.magic(bound: fine)), radii: radii)
                sum.high += part.high
                sum.low += part.low
            },
            combine: { sum, other in
                sum.high += other.high
                sum.low += other.low
            })
        squareSum = exact.high + exact.low
        self.radii = radii
    }
}
