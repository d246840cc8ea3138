import RealModule

/// A function of a few variables with its gradient.
struct Evaluation {
    var value: Double
    var gradient: [Double]

    var isFinite: Bool { value.isFinite && gradient.allSatisfy(\.isFinite) }
}

/// Where a search ended.
struct Minimum {
    enum Ending: Equatable {
        /// Gradient 0 and curvature positive, to rounding.
        case converged
        /// A variable reached the end of its range and the function falls on beyond it.
        case boundary(variable: Int, isUpper: Bool)
        /// No step leads down any more, and along this variable the function hardly changes.
        case flat(variable: Int)
        /// Steps ran out, or the function was not finite at the start.
        case exhausted
    }

    var ending: Ending
    var point: [Double]
    var evaluation: Evaluation
    /// Second derivatives at `point`; by differences of the gradient where `ending` is `converged`.
    var hessian: [[Double]]
}

/// Finds a minimum by quasi-Newton steps within a trust region, in a box around 0.
///
/// The model of the curvature is a Hessian by differences of the gradient, updated by BFGS, and taken anew where the
/// model fails and at the end: an end is called converged only if that fresh Hessian is positive definite and the
/// decrease still to be had by it is below `tolerance`. Deterministic. For functions scaled to order 1, such as the
/// mean log-likelihood in logarithms of the parameters.
///
/// Source: Nocedal and Wright, "Numerical Optimization" (2006), sections 4.3 and 6.1.
struct Minimizer {
    /// Ends of the box: e^11.5 is 1e5.
    var limit = 11.5
    /// The decrease in units of the function that no longer counts.
    var tolerance = 1e-17
    var iterationLimit = 200
    let evaluate: ([Double]) -> Evaluation

    init(_ evaluate: @escaping ([Double]) -> Evaluation) {
        self.evaluate = evaluate
    }

    /// The minimum that is reached from `start`.
    ///
    /// - Parameter hessian: about the second derivatives at `start`, if they are known.
    func minimum(from start: [Double], hessian: [[Double]]? = nil) -> Minimum {
        var point = start
        var current = evaluate(point)
        guard current.isFinite else {
            return Minimum(ending: .exhausted, point: point, evaluation: current, hessian: [])
        }
        var model = hessian ?? differences(at: point)
        var isFresh = hessian == nil
        var radius = 1.0
        for _ in 0..<iterationLimit {
            let step = TrustRegionStep(gradient: current.gradient, hessian: model, radius: radius)
            if step.isInterior, step.decrease <= tolerance {
                if isFresh { return Minimum(ending: .converged, point: point, evaluation: current, hessian: model) }
                (model, isFresh) = (differences(at: point), true)
                continue
            }
            let target = zip(point, step.step).map { min(max($0 + $1, -limit), limit) }
            let next = evaluate(target)
            let isBetter = isImprovement(from: current, to: next, expected: step.decrease)
            if isBetter {
                update(&model, step: zip(target, point).map(-), change: zip(next.gradient, current.gradient).map(-))
                let agreement = (current.value - next.value) / step.decrease
                if agreement > 0.5, step.length > 0.5 * radius { radius = min(2 * radius, 4) }
                if agreement < 0.1 { radius = max(0.5 * step.length, 1e-8) }
                (point, current, isFresh) = (target, next, false)
                if let variable = pressedVariable(point, current.gradient) {
                    return Minimum(
                        ending: .boundary(variable: variable, isUpper: point[variable] > 0), point: point,
                        evaluation: current, hessian: model)
                }
            } else if !isFresh {
                (model, isFresh) = (differences(at: point), true)
            } else {
                radius = 0.25 * min(radius, step.length)
                if radius < 1e-12 { break }
            }
        }
        return unfinished(Minimum(ending: .exhausted, point: point, evaluation: current, hessian: model))
    }

    /// Tells a plain, where rounding decides what is down, from a search that did not end.
    private func unfinished(_ minimum: Minimum) -> Minimum {
        let eigen = SymmetricEigen(differences(at: minimum.point))
        let slope = minimum.evaluation.gradient.map { abs($0) }.max() ?? 0
        let largest = eigen.values.map { abs($0) }.max() ?? 0
        guard let least = eigen.values.indices.min(by: { eigen.values[$0] < eigen.values[$1] }),
            slope < 1e-5 * (1 + abs(minimum.evaluation.value)), eigen.values[least] < 1e-5 * largest
        else { return minimum }
        let direction = eigen.vectors[least]
        let variable = direction.indices.max { abs(direction[$0]) < abs(direction[$1]) } ?? 0
        var minimum = minimum
        minimum.ending = .flat(variable: variable)
        return minimum
    }

    /// Where the expected decrease is lost in the rounding of the values, the gradient decides.
    private func isImprovement(from current: Evaluation, to next: Evaluation, expected: Double) -> Bool {
        guard next.isFinite else { return false }
        if expected > 1e-12 * (1 + abs(current.value)) {
            return current.value - next.value > 1e-4 * expected
        }
        func size(_ evaluation: Evaluation) -> Double { evaluation.gradient.reduce(0) { $0 + $1 * $1 } }
        return next.value - current.value < 1e-12 * (1 + abs(current.value)) && size(next) < size(current)
    }

    private func pressedVariable(_ point: [Double], _ gradient: [Double]) -> Int? {
        point.indices.first { abs(point[$0]) >= limit && gradient[$0] * point[$0] <= 0 }
    }

    private func update(_ model: inout [[Double]], step: [Double], change: [Double]) {
        let product = model.map { row in zip(row, step).reduce(0) { $0 + $1.0 * $1.1 } }
        let curvature = zip(step, product).reduce(0) { $0 + $1.0 * $1.1 }
        let seen = zip(step, change).reduce(0) { $0 + $1.0 * $1.1 }
        guard seen > 1e-10 * abs(curvature), curvature > 0 else { return }
        for i in step.indices {
            for j in step.indices {
                model[i][j] += change[i] * change[j] / seen - product[i] * product[j] / curvature
            }
        }
    }

    /// Second derivatives by central differences of the gradient, to about 1e-8 of the largest.
    func differences(at point: [Double]) -> [[Double]] {
        let h = 2e-4
        let rows = point.indices.map { i in
            var (above, below) = (point, point)
            above[i] += h
            below[i] -= h
            return zip(evaluate(above).gradient, evaluate(below).gradient).map { ($0 - $1) / (2 * h) }
        }
        return point.indices.map { i in
            point.indices.map { j in
                let entry = 0.5 * (rows[i][j] + rows[j][i])
                return entry.isFinite ? entry : (i == j ? 1 : 0)
            }
        }
    }
}

/// The minimizer of a quadratic model within a ball, whatever the signs of its curvatures.
struct TrustRegionStep {
    let step: [Double]
    let length: Double
    /// By how much the model falls; 0 or more.
    let decrease: Double
    /// Whether this is the model's own minimum, inside the ball.
    let isInterior: Bool

    init(gradient: [Double], hessian: [[Double]], radius: Double) {
        let eigen = SymmetricEigen(hessian)
        let slopes = eigen.vectors.map { vector in zip(vector, gradient).reduce(0) { $0 + $1.0 * $1.1 } }
        let largest = eigen.values.map { abs($0) }.max() ?? 0
        let least = eigen.values.min() ?? 0
        func coordinates(_ shift: Double) -> [Double] { zip(slopes, eigen.values).map { -$0 / ($1 + shift) } }
        func norm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        var best = least > 1e-13 * largest ? coordinates(0) : []
        isInterior = !best.isEmpty && norm(best) <= radius
        if !isInterior {
            // The norm falls as the shift grows: halve the interval until the step has the length of the radius.
            var low = max(0, -least)
            var high = low + norm(slopes) / radius + 1e-300 + 1e-12 * largest
            for _ in 0..<60 {
                let middle = 0.5 * (low + high)
                if norm(coordinates(middle)) > radius { low = middle } else { high = middle }
            }
            best = coordinates(high).map { $0.isFinite ? $0 : 0 }
        }
        let moves = best
        step = gradient.indices.map { i in moves.indices.reduce(0) { $0 + moves[$1] * eigen.vectors[$1][i] } }
        length = norm(moves)
        decrease = max(
            0, -moves.indices.reduce(0) { $0 + moves[$1] * (slopes[$1] + 0.5 * eigen.values[$1] * moves[$1]) })
    }
}
