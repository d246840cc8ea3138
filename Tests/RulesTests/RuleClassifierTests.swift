import Rules
import TestSupport
import Testing

@Suite struct RuleClassifierTests {
    @Test(arguments: 0..<200) func codesAreThoseOfTheSlowTwin(seed: Int) throws {
        let slow = try randomRules(seed: seed)
        let points = slow.points
        let columns = slow.rules.columns.indices.map { column in points.map { $0[column] } }
        var classifier = RuleClassifier(slow.rules)
        let wanted = points.map { slow.winner(at: $0).map { UInt8($0) } ?? OrderedRules.uncovered }
        #expect(classifier.codes(of: columns) == wanted)
    }

    @Test func moreAlternativesThanAWordHasBitsAreTakenInOrder() throws {
        let rules = try OrderedRules(
            columns: [RuleColumn("x")],
            rules: (0..<200).map { Rule("r\($0)", when: [Condition("x", below: Double($0))]) })
        var classifier = RuleClassifier(rules)
        let values = stride(from: -1.0, to: 201, by: 0.5).map { $0 }
        let wanted = values.map { value in (0..<200).first { value < Double($0) }.map { UInt8($0) } ?? 255 }
        #expect(classifier.codes(of: [values]) == wanted)
    }

    @Test func blocksDoNotShowInTheCodes() throws {
        let rules = try OrderedRules(
            columns: [RuleColumn("unasked"), RuleColumn("x")],
            rules: [Rule("high", when: [Condition("x", atLeast: 0.5)]), Rule("rest")])
        var generator = RepeatableGenerator(seed: 5)
        let values = (0..<3 * RuleClassifier.rowCapacity + 17).map { _ in generator.unit() }
        var classifier = RuleClassifier(rules)
        #expect(classifier.neededColumns == [1])
        let codes = classifier.codes(of: [values, values])
        #expect(codes == values.map { $0 >= 0.5 ? 0 : 1 })
        var counts = RuleCounts(ruleCount: 2)
        counts.update(codes)
        #expect(counts.rows.reduce(0, +) == values.count && counts.uncoveredCount == 0 && counts.unusedRules.isEmpty)
    }

    @Test func valuesBeyondWhatAColumnShouldHaveStillGoToTheRest() throws {
        let rules = try OrderedRules(
            columns: [RuleColumn("x", minimum: 0, maximum: 10, isWhole: true, mayBeMissing: false)],
            rules: [Rule("low", when: [Condition("x", atMost: 5)]), Rule("rest")])
        var classifier = RuleClassifier(rules)
        #expect(classifier.codes(of: [[-3, 5, 5.5, 11, .infinity, .nan]]) == [0, 0, 1, 1, 1, 1])
    }
}
