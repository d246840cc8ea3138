import Reports
import Rules
import Stratum
import Testing

/// Rules of a plan that ask for the tier, the segment, the cell and other classifications.
struct PlanNamesTests {
    private func plan(_ classes: String, more: String = "") throws(PlanError) -> Plan {
        let text = """
            {"version": 1, "dimensions": [{"name": "worth", "indicators": ["spend", "days"]}],
             "tiers": {"by": "score", "tiers": [{"name": "top", "share": 0.1}, {"name": "major", "share": 0.3}, "small"],
                       "inactive": {"name": "asleep", "column": "days", "beyond": 365}},
             "segments": {"count": 3, "names": {"2": "二"}}, \(more)
             "classes": \(classes)}
            """
        return try Plan(json: Array(text.utf8))
    }

    private func mistake(_ classes: String) -> PlanError? {
        do throws(PlanError) {
            _ = try plan(classes)
            return nil
        } catch {
            return error
        }
    }

    private let chain = #"""
        [{"name": "step", "rules": [{"name": "call", "when": {"state": "lost", "tier": {"atLeast": "major"}}},
                                    {"name": "write", "when": {"segment": [2, "3"], "days": {"above": 90}}}, "wait"]},
         {"name": "state", "rules": [{"name": "lost", "when": {"tier": {"not": ["asleep", "unranked"]}}}, "other"]}]
        """#

    @Test func namesAreReadWhereThePlanGivesThemAndNumbersElsewhere() throws {
        let rules = try plan(chain).classes[0].rules
        #expect(
            rules[0].alternatives[0] == [
                Condition("state", .among(["lost"])), Condition("tier", .atLeast("major")),
            ])
        #expect(
            rules[1].alternatives[0] == [Condition("days", above: 90), Condition("segment", .among(["2", "3"]))])
        let numbers = try Plan(
            json: Array(
                #"""
                {"version": 1, "dimensions": [{"name": "cell", "indicators": ["spend"]}],
                 "classes": [{"name": "a", "rules": [{"name": "b", "when": {"segment": 3, "cell": {"above": 1}}}, "c"]}]}
                """#.utf8))
        #expect(
            numbers.classes[0].rules[0].alternatives[0] == [
                Condition("cell", above: 1), Condition("segment", equals: 3),
            ])
    }

    @Test func aClassificationComesAfterThoseThatItAsksFor() throws {
        let labels = try plan(chain).resolved().labels
        #expect(labels.order == [1, 0])
        #expect(labels.classifications[0].sources == [.classification(1), .tier, .figure(0), .segment])
        #expect(labels.classifications[1].sources == [.tier])
        #expect(labels.figures == [.column(1)])
    }

    @Test func namesAreNoColumnsOfTheInput() throws {
        #expect(try plan(chain).resolved().columns == ["spend", "days"])
    }

    @Test func aPlanWithNamesIsWrittenAsItIsRead() throws {
        let range =
            #"[{"name": "a", "rules": [{"name": "b", "when": {"tier": {"atMost": "major", "above": "small"}}}, "c"]}]"#
        for classes in [chain, range] {
            let resolved = try plan(classes).resolved()
            #expect(try Plan(json: resolved.json.encoded(indented: false)).resolved() == resolved)
        }
    }

    @Test func aTierIsCoveredExactly() {
        let all = #"""
            [{"name": "a", "rules": [{"name": "b", "when": {"tier": {"atLeast": "small"}}},
                                     {"name": "c", "when": {"tier": "asleep"}},
                                     {"name": "d", "when": {"tier": "unranked"}}]}]
            """#
        #expect(mistake(all) == nil)
        let found = mistake(all.replacing(#""atLeast": "small""#, with: #""atLeast": "major""#))
        #expect(found?.problem == "no rule covers customers with tier small; an example: tier small")
        #expect(found?.keyPath == "classes[0].rules")
    }

    @Test(arguments: [
        (#"{"tier": "tpo"}"#, PlanError.Kind.invalidValue, "classes[0].rules[0].when.tier"),
        (#"{"tier": {"atLeast": 3}}"#, .invalidValue, "classes[0].rules[0].when.tier"),
        (#"{"tier": {"atLeast": "top", "not": "small"}}"#, .conflict, "classes[0].rules[0].when.tier"),
        (#"{"tier": {"atMost": "top", "below": "top"}}"#, .conflict, "classes[0].rules[0].when.tier"),
        (#"{"tier": {}}"#, .invalidValue, "classes[0].rules[0].when.tier"),
        (#"{"tier": {"atLeast": "asleep"}}"#, .invalidValue, "classes[0].rules[0]"),
        (#"{"segment": 4}"#, .invalidValue, "classes[0].rules[0].when.segment"),
        (#"{"segment": {"above": 2}}"#, .invalidValue, "classes[0].rules[0]"),
        (#"{"one": "x"}"#, .conflict, "classes[0].rules[0].when.one"),
        (#"{"two": "y"}"#, .conflict, "classes[0].rules[0].when.two"),
    ])
    func mistakesAreRefusedWithTheirPlace(condition: String, kind: PlanError.Kind, path: String) {
        let found = mistake(
            #"[{"name": "one", "rules": [{"name": "x", "when": \#(condition)}, "rest"]},"#
                + #" {"name": "two", "rules": [{"name": "y", "when": {"one": "x"}}, "z"]}]"#)
        #expect(found?.kind == kind, "\(String(describing: found))")
        #expect(found?.keyPath == path)
    }

    @Test func aCircleIsToldFromNameToName() {
        let found = mistake(
            #"[{"name": "a", "rules": [{"name": "x", "when": {"b": "y"}}, "u"]},"#
                + #" {"name": "b", "rules": [{"name": "y", "anyOf": [{"days": 1}, {"c": "z"}]}, "v"]},"#
                + #" {"name": "c", "rules": [{"name": "z", "when": {"b": {"not": "y"}}}, "w"]}]"#)
        #expect(found?.problem == "classifications that ask for each other: 'b' asks for 'c' asks for 'b'")
        #expect(found?.keyPath == "classes[1].rules[0].anyOf[1].c")
    }
}
