internal import VectorMath

/// The minimum of 1/2 x'Hx - b'x where all of x but its free elements must be 0 or more.
///
/// With H = A'A and b = A'y it is non-negative least squares. By the active set method of Lawson & Hanson, "Solving Least
/// Squares Problems" (1974), chapter 23, on the normal equations: each step solves for the elements that are not held at 0.
///
/// - Parameters:
///   - curvature: H, symmetric and positive semidefinite.
///   - linear: b.
///   - free: which elements may be negative.
/// - Returns: the minimum; elements whose direction is not determined (collinear columns) stay 0.
/// - Complexity: O(order^4) at worst, for matrices of the order of the number of indicators.
func nonNegativeMinimum(curvature: SymmetricMatrix, linear: [Double], free: [Bool]) -> [Double] {
    let order = curvature.order
    precondition(linear.count == order && free.count == order, "vectors of another order than \(order)")
    var solution = [Double](repeating: 0, count: order)
    var passive = free.indices.filter { free[$0] && curvature[$0, $0] > 0 }
    var refused: Set<Int> = []
    // Below this a gradient is rounding: the scale of b, element by element.
    let slack = zip(linear, solution.indices).map { abs($0) * 1e-12 + curvature[$1, $1] * 1e-14 }

    func solved(_ indices: [Int]) -> [Double]? {
        if indices.isEmpty { return [] }
        let part = SymmetricMatrix(
            order: indices.count, elements: indices.flatMap { column in indices.map { curvature[$0, column] } })
        return part.solve(indices.map { linear[$0] })
    }

    func gradient(_ index: Int) -> Double {
        linear[index] - (0..<order).reduce(0) { $0 + curvature[index, $1] * solution[$1] }
    }

    if let start = solved(passive) { for (index, value) in zip(passive, start) { solution[index] = value } }
    // Every round adds an element and lowers the minimum, so no set comes twice; the limit is for rounding.
    for _ in 0..<(4 * order + 8) {
        let candidates = (0..<order).filter { !free[$0] && !passive.contains($0) && !refused.contains($0) }
        guard let next = candidates.max(by: { gradient($0) < gradient($1) }), gradient(next) > slack[next] else {
            break
        }
        passive.append(next)
        while true {
            guard let target = solved(passive) else {
                // Collinear with those that are in: it cannot add anything.
                passive.removeAll { $0 == next }
                refused.insert(next)
                break
            }
            let blocked = zip(passive, target).filter { !free[$0.0] && $0.1 <= 0 }
            guard !blocked.isEmpty else {
                for (index, value) in zip(passive, target) { solution[index] = value }
                refused.removeAll()
                break
            }
            // Go as far as all stay at 0 or above, and hold those that arrive there.
            let step = blocked.map { index, value in solution[index] / (solution[index] - value) }.min() ?? 0
            let limited = step.isFinite ? max(0, min(1, step)) : 0
            for (index, value) in zip(passive, target) { solution[index] += limited * (value - solution[index]) }
            let arrived = blocked.map(\.0).filter { solution[$0] <= slack[$0] }
            let held = arrived.isEmpty ? blocked.map(\.0) : arrived
            for index in held { solution[index] = 0 }
            if held.contains(next) { refused.insert(next) }
            passive.removeAll { held.contains($0) }
        }
    }
    return solution
}
