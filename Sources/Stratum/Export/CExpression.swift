// The operations are those of Expression.Function and Expression.Operation: what changes there changes here.

/// Derived columns in C: expressions of calls that do what the engine's operations do.
enum CExpression {
    /// Statements, the last of which sets `result`; parts of very deep expressions get variables of their own.
    static func lines(_ expression: Expression, operands: [String], result: String) -> [String] {
        var lines: [String] = []
        var stack: [(text: String, depth: Int)] = []
        func push(_ text: String, depth: Int) {
            guard depth >= depthLimit else { return stack.append((text, depth)) }
            let name = "part_\(lines.count)"
            lines.append("double \(name) = \(text);")
            stack.append((name, 0))
        }
        func combine(
            _ operation: Expression.Operation, _ left: (text: String, depth: Int), _ right: (text: String, depth: Int)
        ) {
            let text =
                switch operation {
                case .add, .subtract, .multiply, .divide:
                    "finite_or_nan(\(left.text) \(operation.rawValue) \(right.text))"
                case .minimum: "smaller(\(left.text), \(right.text))"
                case .maximum: "larger(\(left.text), \(right.text))"
                }
            push(text, depth: max(left.depth, right.depth) + 1)
        }
        func constant(_ value: Double) -> (text: String, depth: Int) { (CText.number(value), 0) }
        for step in expression.steps {
            switch step {
            case .column(let place): push(operands[place], depth: 0)
            case .constant(let value): push(CText.number(value), depth: 0)
            case .function(let function):
                let operand = stack.removeLast()
                let text =
                    switch function {
                    case .negate: "(0 - \(operand.text))"
                    case .absolute: "fabs(\(operand.text))"
                    case .logarithm: "logarithm(\(operand.text))"
                    }
                push(text, depth: operand.depth + 1)
            case .operation(let operation):
                let right = stack.removeLast()
                combine(operation, stack.removeLast(), right)
            case .operationWithRight(let operation, let value): combine(operation, stack.removeLast(), constant(value))
            case .operationWithLeft(let operation, let value): combine(operation, constant(value), stack.removeLast())
            }
        }
        return lines + ["\(result) = \(stack.removeLast().text);"]
    }

    /// Nesting that all compilers read: C11 promises 63 parentheses.
    private static let depthLimit = 40

    /// The functions that expressions call.
    static func helpers(_ expressions: [Expression]) -> [String] {
        var needed: Set<String> = []
        for step in expressions.flatMap(\.steps) {
            switch step {
            case .column, .constant, .function(.negate), .function(.absolute): break
            case .function(.logarithm): needed.insert(logarithm)
            case .operation(let operation), .operationWithRight(let operation, _), .operationWithLeft(let operation, _):
                switch operation {
                case .add, .subtract, .multiply, .divide: needed.insert(finite)
                case .minimum: needed.insert(smaller)
                case .maximum: needed.insert(larger)
                }
            }
        }
        return [finite, smaller, larger, logarithm].filter(needed.contains)
    }

    private static let finite = "static double finite_or_nan(double x) { return x + (x - x); }\n"
    private static let logarithm = "static double logarithm(double x) { return x > 0 ? log(x) : NAN; }\n"

    private static let smaller = """
        static double smaller(double left, double right) { return (left < right ? left : right) + (left - left); }

        """

    private static let larger = """
        static double larger(double left, double right) { return (left > right ? left : right) + (left - left); }

        """
}
