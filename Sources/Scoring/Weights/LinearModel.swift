internal import Glibc
internal import VectorMath

/// A constant and a coefficient for each normalized indicator.
struct LinearModel: Sendable {
    var coefficients: [Double]
    var intercept: Double
    /// What a missing value counts as.
    let substitutes: [Double]

    func value(_ values: [Double]) -> Double {
        var sum = intercept
        for indicator in coefficients.indices { sum += coefficients[indicator] * values[indicator] }
        return sum
    }
}

/// The quadratic model of a regression's loss at one point: curvature and gradient over the rows fitted.
///
/// The unknowns are the coefficients, then the intercept.
struct NormalEquations: Sendable {
    private var curvature: [Double]
    private var gradient: [Double]
    private var rowCount = 0
    private let order: Int

    init(indicatorCount: Int) {
        order = indicatorCount + 1
        curvature = Array(repeating: 0, count: order * order)
        gradient = Array(repeating: 0, count: order)
    }

    /// Brings in a block: each row's features (with a 1 for the intercept) under a weight, and its residual.
    mutating func update(_ rows: ScoredRows, _ regression: OutcomeRegression, at model: LinearModel) {
        var weighted: [[Double]] = Array(repeating: [], count: order)
        var features = [Double](repeating: 1, count: order)
        rows.forEachOutcome { row, outcome, isHeldOut in
            guard !isHeldOut else { return }
            rows.values(ofRow: row, substitutes: model.substitutes, into: &features)
            let value = model.value(features)
            let (weight, residual): (Double, Double)
            switch regression {
            case .leastSquares:
                (weight, residual) = (1, outcome - value)
            case .logistic:
                let probability = 1 / (1 + exp(-value))
                // Far out the curvature vanishes before the gradient does: a floor keeps the step finite.
                (weight, residual) = (max(probability * (1 - probability), 1e-10), outcome - probability)
            }
            let root = weight.squareRoot()
            for index in 0..<order {
                weighted[index].append(root * features[index])
                gradient[index] += residual * features[index]
            }
            rowCount += 1
        }
        let count = weighted[0].count
        weighted.flatMap { $0 }.withUnsafeBufferPointer { weighted in
            curvature.withUnsafeMutableBufferPointer {
                MatrixProduct.addGram(of: weighted, stride: count, to: $0, rowCount: count, columnCount: order)
            }
        }
    }

    mutating func combine(_ other: NormalEquations) {
        for index in curvature.indices { curvature[index] += other.curvature[index] }
        for index in gradient.indices { gradient[index] += other.gradient[index] }
        rowCount += other.rowCount
    }

    /// The minimum of the quadratic model over non-negative coefficients.
    func minimum(from model: LinearModel, ridge: Double) -> LinearModel {
        let indicatorCount = order - 1
        let point = model.coefficients + [model.intercept]
        // H x0 + g is the right side for which x itself, not the step, is the unknown.
        let linear = (0..<order).map { row in
            gradient[row] + (0..<order).reduce(0) { $0 + curvature[$1 * order + row] * point[$1] }
        }
        var damped = curvature
        let meanCurvature = (0..<indicatorCount).reduce(0) { $0 + curvature[$1 * order + $1] } / Double(indicatorCount)
        for index in 0..<indicatorCount { damped[index * order + index] += ridge * meanCurvature }
        let solution = nonNegativeMinimum(
            curvature: SymmetricMatrix(order: order, elements: damped), linear: linear,
            free: (0..<order).map { $0 == indicatorCount })
        return LinearModel(
            coefficients: Array(solution[..<indicatorCount]), intercept: solution[indicatorCount],
            substitutes: model.substitutes)
    }
}

extension ScoredPopulation {
    func normalEquations(of regression: OutcomeRegression, at model: LinearModel) throws -> NormalEquations {
        try gather(NormalEquations(indicatorCount: model.coefficients.count)) { equations, rows in
            equations.update(rows, regression, at: model)
        }.combined { $0.combine($1) }
    }

    /// R^2 or the area under the ROC curve on the rows held out; nil if they cannot tell.
    func holdOutFigure(of regression: OutcomeRegression, model: LinearModel) throws -> Double? {
        let pairs = try gather([(value: Double, outcome: Double)]()) { pairs, rows in
            var features = model.substitutes + [1]
            rows.forEachOutcome { row, outcome, isHeldOut in
                guard isHeldOut else { return }
                rows.values(ofRow: row, substitutes: model.substitutes, into: &features)
                pairs.append((model.value(features), outcome))
            }
        }.flatMap { $0 }
        switch regression {
        case .leastSquares: return determination(pairs)
        case .logistic: return areaUnderCurve(pairs)
        }
    }
}

/// 1 less the mean squared error over the variance; nil if the outcomes do not differ.
private func determination(_ pairs: [(value: Double, outcome: Double)]) -> Double? {
    guard pairs.count > 1 else { return nil }
    let mean = pairs.reduce(0) { $0 + $1.outcome } / Double(pairs.count)
    let total = pairs.reduce(0) { $0 + ($1.outcome - mean) * ($1.outcome - mean) }
    let residual = pairs.reduce(0) { $0 + ($1.outcome - $1.value) * ($1.outcome - $1.value) }
    return total > 0 ? 1 - residual / total : nil
}

/// The probability that a random 1 has the higher value than a random 0, ties counting half: the Mann-Whitney statistic.
func areaUnderCurve(_ pairs: [(value: Double, outcome: Double)]) -> Double? {
    let sorted = pairs.sorted { $0.value < $1.value }
    let ones = pairs.count { $0.outcome == 1 }
    let zeros = pairs.count - ones
    guard ones > 0, zeros > 0 else { return nil }
    var below = 0
    var wins = 0.0
    var start = 0
    while start < sorted.count {
        var end = start
        while end < sorted.count, sorted[end].value == sorted[start].value { end += 1 }
        let onesHere = sorted[start..<end].count { $0.outcome == 1 }
        let zerosHere = end - start - onesHere
        wins += Double(onesHere) * (Double(below) + Double(zerosHere) / 2)
        below += zerosHere
        start = end
    }
    return wins / (Double(ones) * Double(zeros))
}
