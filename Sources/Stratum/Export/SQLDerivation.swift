// The order of operations is that of Expression.compute, and a result that is no finite number is NULL as it is missing
// there: what changes there changes here.

/// Derived columns in SQL: stages that each compute columns from those before.
///
/// Sums and products are nested as they stand; what a decision looks at twice has a column of its own in an earlier
/// stage, so that no expression grows with the number of decisions inside it. An infinite number goes through sums and
/// products to the result; only where it could get lost on the way, in a divisor or a comparison, is it looked for before.
struct SQLDerivation {
    /// For each computation the name of the column that holds it.
    private(set) var names: [String] = []
    /// The stages: columns by name with their expressions, of the input's columns and of those of earlier stages.
    private(set) var stages: [[String]] = []
    private var columnCount = 0

    /// A value on the stack.
    private struct Operand {
        var text: String
        /// The first stage that can compute it.
        var stage = 0
        /// Operations inside each other.
        var depth = 0
        /// Whether it is a number or NULL, not infinite.
        var isFinite = true

        var isName: Bool { depth == 0 }
    }

    /// Nesting that all databases read: in many releases of SQLite the stack of its parser has 100 places.
    private static let depthLimit = 16

    /// - Parameter column: the name of a column that is given.
    init(_ computations: [ExportColumns.Computation], column: (Int) -> String) {
        var results: [Operand] = []
        for computation in computations {
            let operands = computation.operands.map { operand in
                switch operand {
                case .input(let place): Operand(text: column(place))
                case .derived(let place): results[place]
                }
            }
            results.append(compile(computation.expression, operands))
        }
        names = results.map(\.text)
    }

    private mutating func compile(_ expression: Expression, _ operands: [Operand]) -> Operand {
        var stack: [Operand] = []
        func constant(_ value: Double) -> Operand { Operand(text: SQLText.number(value)) }
        for step in expression.steps {
            switch step {
            case .column(let place): stack.append(operands[place])
            case .constant(let value): stack.append(constant(value))
            case .function(let function): stack.append(apply(function, to: stack.removeLast()))
            case .operation(let operation):
                let right = stack.removeLast()
                stack.append(apply(operation, stack.removeLast(), right))
            case .operationWithRight(let operation, let value):
                stack.append(apply(operation, stack.removeLast(), constant(value)))
            case .operationWithLeft(let operation, let value):
                stack.append(apply(operation, constant(value), stack.removeLast()))
            }
        }
        return named(stack.removeLast())
    }

    private mutating func apply(_ function: Expression.Function, to operand: Operand) -> Operand {
        var result = function == .logarithm ? named(operand) : operand
        result.depth += 1
        switch function {
        case .negate: result.text = "(0E0 - \(result.text))"
        case .absolute: result.text = "abs(\(result.text))"
        case .logarithm: result.text = "(CASE WHEN \(result.text) > 0E0 THEN ln(\(result.text)) END)"
        }
        return result.depth < Self.depthLimit ? result : named(result)
    }

    private mutating func apply(_ operation: Expression.Operation, _ left: Operand, _ right: Operand) -> Operand {
        var (left, right) = (left, right)
        let text: String
        switch operation {
        case .add, .subtract, .multiply: text = "(\(left.text) \(operation.rawValue) \(right.text))"
        case .divide:
            if !right.isFinite { right = named(right) }
            text = "(\(left.text) / NULLIF(\(right.text), 0E0))"
        case .minimum, .maximum:
            left = named(left)
            right = named(right)
            let sign = operation == .minimum ? "<" : ">"
            text =
                "(CASE WHEN \(left.text) \(sign) \(right.text) THEN \(left.text)"
                + " WHEN \(left.text) IS NOT NULL THEN \(right.text) END)"
        }
        let result = Operand(
            text: text, stage: max(left.stage, right.stage), depth: max(left.depth, right.depth) + 1,
            isFinite: operation == .minimum || operation == .maximum)
        return result.depth < Self.depthLimit ? result : named(result)
    }

    /// The operand as a column of its own, which is never infinite.
    private mutating func named(_ operand: Operand) -> Operand {
        if operand.isName { return operand }
        let name = "e\(columnCount)"
        columnCount += 1
        while stages.count <= operand.stage { stages.append([]) }
        // Nothing but a finite number times 0 is 0.
        let finite =
            operand.isFinite ? operand.text : "CASE WHEN \(operand.text) * 0E0 = 0E0 THEN \(operand.text) END"
        stages[operand.stage].append("\(finite) AS \(name)")
        return Operand(text: name, stage: operand.stage + 1)
    }
}
