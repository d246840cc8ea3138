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
        let parts = workers.map(chunkCount: tasks.count) { task in
            Kernels.survey(matrix, rows: tasks.rows(task), weights: weights)
        }
        let radii = try LargeBuffer<Float>(count: matrix.tileCount, for: "norms of all rows")
        self.init(
            parts, totalWeight: weights?.total ?? Double(matrix.rowCount), featureCount: matrix.columnCount,
            radii: radii
        ) { grids in
            workers.reduce(
                chunkCount: tasks.count, into: { SquareSum() },
                update: { sum, task in
                    sum.combine(
                        Kernels.norms(matrix, rows: tasks.rows(task), weights: weights, grids: grids, radii: radii))
                },
                combine: { $0.combine(($1.high, $1.low)) })
        }
    }

    /// The survey of rows whose tasks were surveyed one by one.
    ///
    /// - Parameters:
    ///   - parts: the tasks' figures, in order.
    ///   - totalWeight: the number of rows, or the sum of their weights.
    ///   - radii: filled by `norms`, or empty if it keeps none.
    ///   - norms: a pass that sums up the squares of all rows on the grids given.
    init(
        _ parts: [(sums: [Double], squares: [Double], largest: [Float])], totalWeight: Double, featureCount: Int,
        radii: LargeBuffer<Float>, norms: (_ grids: (coarse: Double, fine: Double)) throws -> SquareSum
    ) rethrows {
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
        let total = totalWeight
        self.totalWeight = total
        variances = zip(squares, sums).map { max(0, $0 / total - ($1 / total) * ($1 / total)) }
        isConstant = zip(variances, largest).map { $0 <= Double($1) * Double($1) * 0x1p-48 }
        magic = CentroidSums.line(largest.map { ExactGrid.magic(bound: Double($0) * total) })
        let largestSquares = largest.reduce(0) { $0 + Double($1) * Double($1) }
        coincidence = largestSquares * 0x1p-44
        self.radii = radii
        // What the coarse grid leaves of a square is at most half its step.
        let coarse = largestSquares * total
        let fine = ExactGrid.step(bound: coarse) * total * Double(featureCount)
        squareSum = try norms((ExactGrid.magic(bound: coarse), ExactGrid.magic(bound: fine))).value
    }
}

/// A sum of squares on two grids, exact on each, so that parts may come in any order.
struct SquareSum: Sendable {
    private(set) var high = 0.0
    private(set) var low = 0.0

    mutating func combine(_ part: (high: Double, low: Double)) {
        high += part.high
        low += part.low
    }

    var value: Double { high + low }
}
