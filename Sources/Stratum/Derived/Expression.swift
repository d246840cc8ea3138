/// Arithmetic of columns, ready to be computed for many rows at once: steps for a stack of blocks.
///
/// A value that is missing, or a step whose result is no finite number (a division by zero, an overflow, the logarithm of
/// what is not positive), makes the whole result missing.
struct Expression: Equatable, Sendable {
    /// What is done with the blocks on the stack.
    enum Step: Equatable, Sendable {
        /// Puts a column, by its place in `columns`, on the stack.
        case column(Int)
        /// Puts the same number for every row on the stack.
        case constant(Double)
        /// Changes the topmost block.
        case function(Function)
        /// Combines the two topmost blocks.
        case operation(Operation)
        /// Combines the topmost block with a number that stands on its right.
        case operationWithRight(Operation, Double)
        /// Combines the topmost block with a number that stands on its left.
        case operationWithLeft(Operation, Double)
    }

    /// What takes one value.
    enum Function: String, Equatable, Sendable {
        case negate = "-"
        case absolute = "abs"
        /// The natural logarithm.
        case logarithm = "log"

        @inline(__always)
        func callAsFunction(_ value: Double) -> Double {
            switch self {
            // Not -value, so that 0 stays 0.
            case .negate: 0 - value
            case .absolute: abs(value)
            case .logarithm: naturalLogarithm(value)
            }
        }
    }

    /// What takes two values.
    enum Operation: String, Equatable, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case minimum = "min"
        case maximum = "max"

        @inline(__always)
        func callAsFunction(_ left: Double, _ right: Double) -> Double {
            switch self {
            case .add: finite(left + right)
            case .subtract: finite(left - right)
            case .multiply: finite(left * right)
            case .divide: finite(left / right)
            // A missing right side is the result of the comparison, a missing left one of the sum.
            case .minimum: (left < right ? left : right) + (left - left)
            case .maximum: (left > right ? left : right) + (left - left)
            }
        }
    }

    /// The columns that are read, by rising bytes of their names.
    let columns: [String]
    /// The steps; the last one leaves one block.
    let steps: [Step]
    /// Blocks that lie on the stack at most, 1 or more.
    let depth: Int

    /// Steps over columns whose places are those of `names`.
    init(steps: [Step], names: [String]) {
        let order = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
        columns = order.map { names[$0] }
        self.steps = steps.map { step in
            guard case .column(let place) = step else { return step }
            return .column(order.firstIndex(of: place) ?? 0)
        }
        var height = 0
        var depth = 1
        for step in steps {
            switch step {
            case .column, .constant: height += 1
            case .operation: height -= 1
            case .function, .operationWithRight, .operationWithLeft: break
            }
            depth = max(depth, height)
        }
        self.depth = depth
    }
}

import Glibc

/// The value, or NaN if it is infinite; 0 for -0. Without a branch, so that loops stay loops over vectors.
@inline(__always)
private func finite(_ value: Double) -> Double { value + (value - value) }

private func naturalLogarithm(_ value: Double) -> Double { value > 0 ? Glibc.log(value) : .nan }
