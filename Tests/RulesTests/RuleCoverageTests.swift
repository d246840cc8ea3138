import Rules
import Testing

@Suite struct RuleCoverageTests {
    @Test(arguments: 0..<400) func theCheckFindsWhatBruteForceFinds(seed: Int) throws {
        let slow = try randomRules(seed: seed)
        let coverage = try slow.rules.check()
        let points = slow.points
        let winners = points.map { slow.winner(at: $0) }
        #expect(coverage.isComplete == !winners.contains(nil))
        #expect(Set(coverage.unreachableRules) == Set(slow.rules.rules.indices).subtracting(winners.compactMap(\.self)))
        var pairs: Set<[Int]> = []
        for (point, winner) in zip(points, winners) {
            guard let winner, !slow.rules.rules[winner].takesTheRest else { continue }
            for loser in slow.rules.rules.indices.dropFirst(winner + 1)
            where !slow.rules.rules[loser].takesTheRest && slow.applies(loser, at: point) {
                pairs.insert([winner, loser])
            }
        }
        #expect(Set(coverage.overlaps.map { [$0.winner, $0.loser] }) == pairs)
    }

    @Test(arguments: 0..<400) func examplesAreWhereTheCheckSaysTheyAre(seed: Int) throws {
        let slow = try randomRules(seed: seed)
        let coverage = try slow.rules.check()
        let columns = slow.rules.columns
        for example in coverage.gaps.map(\.example) + coverage.overlaps.map(\.region.example) {
            for (value, column) in zip(example, columns) {
                let isAdmissible =
                    value.isNaN
                    ? column.mayBeMissing
                    : value >= column.minimum ?? value && value <= column.maximum ?? value
                        && (!column.isWhole || value == value.rounded())
                #expect(isAdmissible)
            }
        }
        for gap in coverage.gaps { #expect(slow.winner(at: gap.example) == nil) }
        for overlap in coverage.overlaps {
            #expect(slow.winner(at: overlap.region.example) == overlap.winner)
            #expect(slow.applies(overlap.loser, at: overlap.region.example))
        }
    }

    @Test func gapsAreToldInWordsWithAnExample() throws {
        let rules = try OrderedRules(
            columns: [RuleColumn("days", minimum: 0), RuleColumn("订单数", minimum: 0, isWhole: true)],
            rules: [
                Rule("active", when: [Condition("days", atMost: 90), Condition("订单数", atLeast: 1)]),
                Rule("dormant", when: [Condition("days", above: 90)]),
            ])
        let coverage = try rules.check()
        #expect(
            coverage.gaps.map(\.text)
                == ["days missing", "days up to 90 or missing and 订单数 below 1 or missing"])
        #expect(coverage.gaps.map(\.exampleText) == ["days missing", "days 0, 订单数 0"])
    }

    @Test func wholeNumbersLeaveNoGapBetweenTwoNeighbors() throws {
        let rules = [
            Rule("none", when: [Condition("orders", equals: 0)]), Rule("one", when: [Condition("orders", equals: 1)]),
            Rule("more", when: [Condition("orders", atLeast: 2)]),
        ]
        let whole = RuleColumn("orders", minimum: 0, isWhole: true, mayBeMissing: false)
        #expect(try OrderedRules(columns: [whole], rules: rules).check().isComplete)
        let real = RuleColumn("orders", minimum: 0, mayBeMissing: false)
        let gaps = try OrderedRules(columns: [real], rules: rules).check().gaps
        #expect(gaps.map(\.example) == [[0.5]])
        #expect(gaps.map(\.text) == ["orders above 0 below 1 or above 1 below 2"])
    }

    @Test func aRuleBehindAWiderOneIsUnreachable() throws {
        let coverage = try OrderedRules(
            columns: [RuleColumn("x")],
            rules: [
                Rule("low", when: [Condition("x", below: 10)]), Rule("lower", when: [Condition("x", below: 5)]),
                Rule("rest"), Rule("behind the rest", when: [.missing("x")]),
            ]
        ).check()
        #expect(coverage.unreachableRules == [1, 3])
        #expect(coverage.isComplete)
    }

    @Test func manyRulesAreCheckedInFewSteps() throws {
        // 5 x 5 x 5 cells of scores as marketers cut them, and a rest.
        let names = ["recency", "frequency", "monetary"]
        var rules: [Rule] = []
        for cell in 0..<125 {
            let scores = [cell / 25, cell / 5 % 5, cell % 5].map { Double($0 + 1) }
            rules.append(Rule("cell \(cell)", when: zip(names, scores).map { Condition($0, equals: $1) }))
        }
        let columns = names.map { RuleColumn($0, minimum: 1, maximum: 5, isWhole: true, mayBeMissing: false) }
        let coverage = try OrderedRules(columns: columns, rules: rules).check(stepLimit: 200_000)
        #expect(coverage.isComplete && coverage.unreachableRules.isEmpty && coverage.overlaps.isEmpty)
        #expect(throws: RulesError.self) {
            try OrderedRules(columns: columns, rules: rules).check(stepLimit: 1000)
        }
    }

    @Test func mistakesAreRefusedWithTheirPlace() {
        func mistake(_ rules: [Rule]) -> RulesError? {
            do throws(RulesError) {
                _ = try OrderedRules(columns: [RuleColumn("x")], rules: rules)
                return nil
            } catch { return error }
        }
        #expect(mistake([])?.kind == .invalidList)
        #expect(mistake([Rule("a"), Rule("a")])?.rule == 1)
        #expect(mistake([Rule("a", anyOf: [])])?.kind == .invalidList)
        #expect(mistake([Rule("a", when: [Condition("y", above: 1)])])?.kind == .invalidColumn)
        #expect(
            mistake([Rule("a", when: [Condition("x", above: 1), Condition("x", below: 2)])])?.kind == .invalidColumn)
        #expect(mistake([Rule("a", when: [Condition("x", above: .infinity)])])?.kind == .invalidRange)
        #expect(
            mistake([Rule("a", when: [Condition("x", lower: .excluding(2), upper: .including(2))])])?.kind
                == .invalidRange)
        #expect(mistake((0...255).map { Rule("\($0)") })?.kind == .invalidList)
        #expect(mistake((0..<255).map { Rule("\($0)") }) == nil)
    }
}
