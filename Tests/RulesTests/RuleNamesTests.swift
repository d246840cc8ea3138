import Rules
import TestSupport
import Testing

/// Conditions on names, such as tiers, against a twin that takes them word by word.
@Suite struct RuleNamesTests {
    private static let tiers = ["top", "major", "medium", "small", "inactive", "unranked"]
    private static let columns = [
        RuleColumn("tier", names: RuleNames(tiers.map { [$0] }, orderedCount: 4)),
        // A segment goes by its number too; two cells share a name.
        RuleColumn("segment", names: RuleNames([["一", "1"], ["2"], ["三", "3"]])),
        RuleColumn("cell", names: RuleNames([["drop"], ["keep"], ["keep"]])),
        RuleColumn("days", minimum: 0, maximum: 3, isWhole: true),
    ]

    private func rules(_ generator: inout RepeatableGenerator) throws -> OrderedRules {
        func pick(_ names: [String]) -> String { names[generator.integer(in: 0...names.count - 1)] }
        func condition(_ column: RuleColumn) -> Condition {
            guard column.names != nil else {
                return Condition(
                    "days", atLeast: Double(generator.integer(in: 0...3)), orMissing: generator.unit() < 0.5)
            }
            if column.name == "tier", generator.unit() < 0.6 {
                let choices: [NameChoice] = [
                    .atLeast(pick(["top", "major", "medium", "small"])), .above(pick(["major", "medium", "small"])),
                    .atMost(pick(["top", "major", "medium", "small"])), .below(pick(["top", "major", "medium"])),
                    .range(best: .excluding("top"), least: .including(pick(["major", "medium"]))),
                ]
                return Condition("tier", choices[generator.integer(in: 0...4)])
            }
            let names = column.names?.all ?? []
            let some = Array(Set([pick(names), pick(names)])).sorted()
            return Condition(column.name, generator.unit() < 0.5 ? .among(some) : .except([some[0]]))
        }
        return try OrderedRules(
            columns: Self.columns,
            rules: (0..<generator.integer(in: 1...5)).map { place in
                Rule("r\(place)", when: Self.columns.filter { _ in generator.unit() < 0.5 }.map { condition($0) })
            })
    }

    /// What the words of a choice say, one name after the other.
    private func admits(_ choice: NameChoice, _ place: Int, _ names: RuleNames) -> Bool {
        let spellings = names.spellings[place]
        switch choice {
        case .among(let some): return some.contains { spellings.contains($0) }
        case .except(let some): return !some.contains { spellings.contains($0) }
        case .range(let best, let least):
            guard place < names.orderedCount else { return false }
            func rank(_ name: String) -> Int { names.spellings.firstIndex { $0.contains(name) }! }
            switch best {
            case .including(let name) where place < rank(name): return false
            case .excluding(let name) where place <= rank(name): return false
            default: break
            }
            switch least {
            case .including(let name) where place > rank(name): return false
            case .excluding(let name) where place >= rank(name): return false
            default: return true
            }
        }
    }

    private func applies(_ rule: Rule, at point: [Double]) -> Bool {
        rule.alternatives.contains { conditions in
            conditions.allSatisfy { condition in
                let column = Self.columns.firstIndex { $0.name == condition.column }!
                guard let choice = condition.names, let names = Self.columns[column].names else {
                    return condition.admits(point[column])
                }
                return admits(choice, Int(point[column]), names)
            }
        }
    }

    private static let points: [[Double]] = (0..<6).flatMap { tier in
        (0..<3).flatMap { segment in
            (0..<3).flatMap { cell in
                [.nan, 0, 1, 2, 3].map { [Double(tier), Double(segment), Double(cell), $0] }
            }
        }
    }

    @Test(arguments: 0..<300) func theCheckAndTheClassifierFindWhatTheWordsSay(seed: Int) throws {
        var generator = RepeatableGenerator(seed: seed)
        let rules = try rules(&generator)
        let winners = Self.points.map { point in rules.rules.firstIndex { applies($0, at: point) } }
        let coverage = try rules.check()
        #expect(coverage.isComplete == !winners.contains(nil))
        #expect(
            Set(coverage.unreachableRules) == Set(rules.rules.indices).subtracting(winners.compactMap(\.self)))
        for gap in coverage.gaps { #expect(!rules.rules.contains { applies($0, at: gap.example) }) }

        var classifier = RuleClassifier(rules)
        classifier.begin(rowCount: Self.points.count)
        for column in classifier.neededColumns {
            let values = Self.points.map { $0[column] }
            if rules.columns[column].names == nil {
                values.withUnsafeBufferPointer { classifier.read(column: column, $0) }
            } else {
                values.map { UInt16($0) }.withUnsafeBufferPointer { classifier.read(column: column, places: $0) }
            }
        }
        var codes = [UInt8](repeating: 0, count: Self.points.count)
        codes.withUnsafeMutableBufferPointer { classifier.finish(into: $0) }
        #expect(codes == winners.map { $0.map { UInt8($0) } ?? OrderedRules.uncovered })
    }

    @Test func aGapNamesTheTiersThatAreLeft() throws {
        let coverage = try OrderedRules(
            columns: Self.columns,
            rules: [
                Rule("a", when: [Condition("tier", .atLeast("major"))]),
                Rule("b", when: [Condition("tier", .below("major")), Condition("segment", .except(["1"]))]),
                Rule("c", when: [Condition("tier", .among(["inactive"]))]),
            ]
        ).check()
        #expect(coverage.gaps.map(\.text) == ["tier unranked", "tier medium or small or unranked and segment 一"])
        #expect(coverage.gaps.map(\.exampleText) == ["tier unranked", "tier medium, segment 一"])
    }

    @Test func anUnknownPlaceSatisfiesNoConditionAndGoesToTheRest() throws {
        let rules = try OrderedRules(
            columns: [Self.columns[1]],
            rules: [Rule("not 1", when: [Condition("segment", .except(["1"]))]), Rule("rest")])
        var classifier = RuleClassifier(rules)
        classifier.begin(rowCount: 3)
        let places: [UInt16] = [1, 3, .max]
        places.withUnsafeBufferPointer { classifier.read(column: 0, places: $0) }
        var codes: [UInt8] = [9, 9, 9]
        codes.withUnsafeMutableBufferPointer { classifier.finish(into: $0) }
        #expect(codes == [0, 1, 1])
    }

    @Test(arguments: [
        (Condition("tier", .among(["tpo"])), RulesError.Kind.invalidName),
        (Condition("tier", .among([])), .invalidName), (Condition("tier", .atLeast("inactive")), .invalidName),
        (Condition("tier", .above("top")), .invalidRange), (Condition("tier", .below("small")), .invalidRange),
        (Condition("segment", .atLeast("2")), .invalidName),
        (Condition("cell", .except(["drop", "keep"])), .invalidRange),
        (Condition("tier", equals: 1), .invalidColumn), (.missing("tier"), .invalidColumn),
        (Condition("days", .among(["1"])), .invalidColumn),
    ])
    func conditionsThatCannotHoldAreRefused(condition: Condition, kind: RulesError.Kind) {
        #expect {
            _ = try OrderedRules(columns: Self.columns, rules: [Rule("a", when: [condition]), Rule("b")])
        } throws: {
            ($0 as? RulesError)?.kind == kind && ($0 as? RulesError)?.column == condition.column
        }
    }
}
