import Rules
import TestSupport

/// Ordered rules taken word by word over a grid that has a point in every cell: the slow twin of checker and classifier.
struct BruteForce {
    let rules: OrderedRules
    /// The values of each column that are tried.
    let grid: [[Double]]

    /// The rule that wins at a point; nil for none.
    func winner(at point: [Double]) -> Int? { rules.rules.indices.first { applies($0, at: point) } }

    func applies(_ rule: Int, at point: [Double]) -> Bool {
        rules.rules[rule].alternatives.contains { conditions in
            conditions.allSatisfy { condition in
                condition.admits(point[rules.columns.firstIndex { $0.name == condition.column }!])
            }
        }
    }

    /// All points of the grid.
    var points: [[Double]] {
        grid.reduce([[]]) { points, values in points.flatMap { point in values.map { point + [$0] } } }
    }
}

/// Random rules over small whole bounds, with a grid that meets every cell between them.
func randomRules(seed: Int) throws -> BruteForce {
    var generator = RepeatableGenerator(seed: seed)
    let columns = (0..<generator.integer(in: 1...3)).map { place in
        let isBounded = generator.unit() < 0.5
        return RuleColumn(
            "c\(place)", minimum: isBounded ? 0 : nil, maximum: isBounded ? 3 : nil, isWhole: generator.unit() < 0.3,
            mayBeMissing: generator.unit() < 0.7)
    }
    func condition(_ column: String) -> Condition {
        let low = Double(generator.integer(in: 0...3))
        let high = low + Double(generator.integer(in: 1...2))
        let orMissing = generator.unit() < 0.3
        switch generator.integer(in: 0...6) {
        case 0: return Condition(column, atLeast: low, orMissing: orMissing)
        case 1: return Condition(column, above: low, orMissing: orMissing)
        case 2: return Condition(column, atMost: low, orMissing: orMissing)
        case 3: return Condition(column, below: low, orMissing: orMissing)
        case 4: return Condition(column, lower: .excluding(low), upper: .including(high), orMissing: orMissing)
        case 5: return .missing(column)
        default: return Condition(column, equals: low, orMissing: orMissing)
        }
    }
    let rules = (0..<generator.integer(in: 1...6)).map { place in
        Rule(
            "r\(place)",
            anyOf: (0..<generator.integer(in: 1...2)).map { _ in
                columns.filter { _ in generator.unit() < 0.6 }.map { condition($0.name) }
            })
    }
    let grid = columns.map { column in
        let steps = stride(from: -1.0, through: 7, by: column.isWhole ? 1 : 0.5)
        let values = steps.filter { $0 >= column.minimum ?? -9 && $0 <= column.maximum ?? 9 }
        return values + (column.mayBeMissing ? [Double.nan] : [])
    }
    return BruteForce(rules: try OrderedRules(columns: columns, rules: rules), grid: grid)
}
