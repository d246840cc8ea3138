import TestSupport
import Testing

@testable import Stratum

struct ExpressionTests {
    /// The value for one row, nil if missing; columns by name.
    private func value(_ text: String, _ row: [String: Double] = ["a": 2, "b": 3, "c": 0, "x y": 5, "量": 7]) throws
        -> Double?
    {
        let expression = try ExpressionParser.parse(text)
        let values = expression.columns.map { name -> [Double] in [row[name] ?? .nan, -1, row[name] ?? .nan] }
        let result = compute(expression, values)
        #expect(result[0].bitPattern == result[2].bitPattern || result[0].isNaN && result[2].isNaN)
        return result[0].isNaN ? nil : result[0]
    }

    private func compute(_ expression: Expression, _ columns: [[Double]]) -> [Double] {
        let count = columns[0].count
        var stack = [Double](repeating: 99, count: expression.depth * count)
        return stack.withUnsafeMutableBufferPointer { stack in
            let blocks = columns.indices.map { column in
                let block = UnsafeMutableBufferPointer<Double>.allocate(capacity: count)
                _ = block.initialize(from: columns[column])
                return block
            }
            defer { blocks.forEach { $0.deallocate() } }
            expression.compute(
                columns: { blocks[$0] },
                stack: { UnsafeMutableBufferPointer(rebasing: stack[$0 * count..<($0 + 1) * count]) })
            return Array(stack[..<count])
        }
    }

    @Test(arguments: [
        ("a + b * 2", 8.0), ("(a + b) * 2", 10), ("a - b - 1", -2), ("12 / a / 3", 2), ("12 / (a / 4)", 24),
        ("-a * b", -6), ("a - -b", 5), ("--a", 2), ("+a", 2), ("2 * 3 + a * 0", 6), ("min(a, b)", 2),
        ("max(a, b, 9)", 9),
        ("min(a, b, 1.5)", 1.5), ("abs(a - b)", 1), ("log(a / 2)", 0), ("\"x y\" / 2", 2.5), ("`x y` - 1", 4),
        ("量*a", 14), ("0.5e1 + a", 7), (".5*a", 1), ("\n a\t+ b ", 5), ("1 - a", -1), ("6 / b", 2), ("min(3, a)", 2),
        ("max(a - b, b - a)", 1), ("log(1) + a", 2), ("-(a) + abs(-3)", 1),
    ])
    func isComputedByTheRulesOfArithmetic(_ text: String, _ expected: Double) throws {
        #expect(try value(text) == expected)
    }

    @Test(arguments: [
        "a / c", "c / c", "1 / 0 + a", "log(c)", "log(-a)", "a + missing", "missing * 0", "min(missing, a)",
        "min(a, missing)", "max(missing, 1)", "max(1, missing)", "min(a / c, 1)", "1 / (a / c)", "a * 1e308 * 10",
        "-missing", "abs(missing)", "1e308 * 10 + a * 0", "log(0) + a", "b - 1e308 * a * 1e10",
    ])
    func whatCannotBeComputedIsMissing(_ text: String) throws {
        #expect(try value(text) == nil)
    }

    @Test func zeroHasNoSign() throws {
        for text in ["c * -1", "-c", "0 - c", "-1 * c + 0", "c / -2"] {
            #expect(try value(text)?.sign == .plus, "\(text)")
        }
    }

    @Test(arguments: [
        ("", 1, "the end where a value belongs"), ("a +", 4, "the end where a value belongs"),
        ("a b", 3, "'b' where an operator or the end belongs"), ("(a", 3, "the end where ')' belongs"),
        ("a)", 2, "')' where an operator"), ("a ** b", 4, "'* b' where a value belongs"),
        ("mim(a, b)", 1, "no function 'mim'"),
        ("log(a, b)", 1, "log of 2 values"), ("min(a)", 1, "min of 1 value"), ("1.2.3 + a", 1, "'1.2.3…' is no number"),
        ("2e + a", 1, "'2e…' is no number"), ("1e999 * a", 1, "is no number"), ("2a", 1, "is no number"),
        ("'a'", 1, "''a'' where a value belongs"), ("\"a", 1, "a quoted name without an end"),
        ("价格×数量", 3, "the sign '×'"), ("（a）", 1, "the sign '（'"), ("1 + 2", 1, "no column"), ("a % b", 3, "'% b'"),
        ("abs()", 5, "')' where a value belongs"), ("min(a,)", 7, "')' where"), ("a $ b", 3, "'$ b'"),
    ])
    func mistakesHaveAPlaceAndARemedy(_ text: String, _ column: Int, _ problem: String) {
        let error = #expect(throws: ExpressionError.self) { try ExpressionParser.parse(text) }
        #expect(error?.problem.hasPrefix(problem) == true || error?.problem.contains(problem) == true, "\(error!)")
        #expect(error?.column == column, "\(error!)")
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func theNearestFunctionIsNamed() {
        let error = #expect(throws: ExpressionError.self) { try ExpressionParser.parse("mim(a, b)") }
        #expect(error?.remedy.hasPrefix("did you mean 'min'?") == true)
    }

    @Test func nestingAndLengthHaveALimit() throws {
        let deep = String(repeating: "(", count: 60) + "a" + String(repeating: ")", count: 60)
        #expect(try value(deep) == 2)
        for text in [
            String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000) + "a",
            String(repeating: "abs(", count: 100_000), "a" + String(repeating: "+a*b", count: 100_000),
            String(repeating: "min(a,", count: 9_000),
        ] {
            #expect(throws: ExpressionError.self) { try ExpressionParser.parse(text) }
        }
        let long = "a" + String(repeating: " + a", count: 2_000)
        #expect(try value(long) == 4_002)
        #expect(try ExpressionParser.parse(long).depth == 2)
    }

    @Test(arguments: 0..<300)
    func randomTextsAreReadOrRefused(seed: Int) {
        var random = RepeatableGenerator(seed: seed)
        let parts = [
            "a", "b", "+", "-", "*", "/", "(", ")", "min(", "abs(", ",", "1", ".5", "1e9", " ", "\"x", "\"", "`", "é",
            "×",
        ]
        let text = (0..<random.integer(in: 1...12)).map { _ in parts[random.integer(in: 0...parts.count - 1)] }.joined()
        guard let expression = try? ExpressionParser.parse(text) else { return }
        let result = compute(expression, expression.columns.map { _ in [1.5, 0, .nan] })
        #expect(result.allSatisfy { !$0.isInfinite })
    }
}
