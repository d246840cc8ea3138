import Rules
import Stratum
import Testing

/// Classes, matrix, policies and work list as a plan has them.
struct PlanClassesTests {
    private func plan(_ line: String) throws(PlanError) -> Plan {
        let dimensions =
            #"[{"name": "worth", "indicators": [{"name": "spend", "admissible": {"minimum": 0}}, "days"]}]"#
        return try Plan(json: Array("{\"version\": 1,\n \"dimensions\": \(dimensions),\n \(line)}".utf8))
    }

    private func mistake(_ line: String) -> PlanError? {
        do throws(PlanError) {
            _ = try plan(line)
            return nil
        } catch {
            return error
        }
    }

    private let state = #"""
        "classes": [{"name": "state", "rules": [
            {"name": "lost", "when": {"days": {"above": 365}}},
            {"name": "loyal", "anyOf": [{"score": {"atLeast": 80}}, {"worth": {"above": 90}, "spend": 0}]},
            {"name": "unknown", "when": {"days": "missing"}},
            "other"]}]
        """#

    @Test func conditionsAreReadAsTheyStand() throws {
        let rules = try #require(try plan(state).classes.first).rules
        #expect(rules[0] == Rule("lost", when: [Condition("days", above: 365)]))
        #expect(
            rules[1]
                == Rule(
                    "loyal",
                    anyOf: [
                        [Condition("score", atLeast: 80)],
                        [Condition("spend", equals: 0), Condition("worth", above: 90)],
                    ]))
        #expect(rules[2] == Rule("unknown", when: [.missing("days")]))
        #expect(rules[3] == Rule("other"))
    }

    @Test func figuresAreDimensionsTheScoreAndColumns() throws {
        let labels = try plan(state).resolved().labels
        #expect(labels.figures == [.column(1), .score, .column(0), .dimension(0)])
    }

    @Test func aGapIsRefusedWithAnExampleAndARemedy() {
        let found = mistake(
            #""classes": [{"name": "state", "rules": [{"name": "low", "when": {"spend": {"below": 10}}}]}]"#)
        #expect(
            found?.description
                == "plan: no rule covers customers with spend from 10 or missing; an example: spend 10 "
                + "(classes[0].rules, line 3, column 41); widen a rule, or add a last one without 'when' for the rest, "
                + "such as {name: other}")
    }

    @Test func whatAnIndicatorDoesNotAdmitIsNoGap() throws {
        let rules =
            #"[{"name": "none", "when": {"spend": {"equals": 0, "orMissing": true}}}, {"name": "some", "when": {"spend": {"above": 0}}}]"#
        #expect(mistake(#""classes": [{"name": "state", "rules": \#(rules)}]"#) == nil)
    }

    @Test func aRuleThatCanNeverApplyIsTold() throws {
        let notes = try plan(
            #""classes": [{"name": "state", "rules": [{"name": "a", "when": {"days": {"above": 1}}}, {"name": "b", "when": {"days": {"above": 2}}}, "c"]}]"#
        ).resolved().labels.notes
        #expect(notes == ["state: the rule 'b' can never apply: the rules before it take whoever it is for"])
    }

    @Test(arguments: [
        (#""classes": [{"name": "tier", "rules": ["a"]}]"#, PlanError.Kind.duplicateName, "classes[0].name"),
        (#""classes": [{"name": "worth", "rules": ["a"]}]"#, .duplicateName, "output.columns"),
        (#""classes": [{"name": "s", "rules": ["a", "a"]}]"#, .invalidValue, "classes[0].rules[1]"),
        (
            #""classes": [{"name": "s", "rules": [{"name": "a", "when": {"x": {"above": 2, "below": 1}}}, "b"]}]"#,
            .invalidValue, "classes[0].rules[0]"
        ),
        (
            #""classes": [{"name": "s", "rules": [{"name": "a", "when": {"x": {"above": 2, "atLeast": 1}}}, "b"]}]"#,
            .conflict, "classes[0].rules[0].when.x"
        ),
        (
            #""classes": [{"name": "s", "rules": [{"name": "a", "when": {"x": {}}}, "b"]}]"#, .invalidValue,
            "classes[0].rules[0].when.x"
        ),
        (
            #""classes": [{"name": "s", "rules": [{"name": "a", "when": {"x": "some"}}, "b"]}]"#, .wrongType,
            "classes[0].rules[0].when.x"
        ),
        (#""matrix": {"x": {"by": "spend", "cuts": [2, 1]}, "y": {"by": "score"}}"#, .invalidValue, "matrix.x.cuts"),
        (
            #""matrix": {"x": {"by": "spend"}, "y": {"by": "score", "quantiles": [1]}}"#, .invalidValue,
            "matrix.y.quantiles"
        ),
        (
            #""matrix": {"x": {"by": "spend"}, "y": {"by": "score"}, "cells": [["a", "b"]]}"#, .invalidValue,
            "matrix.cells"
        ),
        (#""matrix": {"x": {"by": "spend", "names": ["a"]}, "y": {"by": "score"}}"#, .invalidValue, "matrix.x.names"),
        (#""policies": [{"for": {"tire": "top"}, "action": "call"}]"#, .invalidValue, "policies[0].for.tire"),
        (#""policies": [{"for": {"tier": ["top", "mjor"]}, "action": "call"}]"#, .invalidValue, "policies[0].for.tier"),
        (#""workList": 60"#, .conflict, "workList"),
        (
            #""policies": [{"action": "call", "contacts": 1}], "workList": {"capacity": 6, "only": {"cell": "keep"}}"#,
            .invalidValue, "workList.only.cell"
        ),
        (
            #""policies": [{"action": "call", "contacts": 1}], "workList": {"capacity": 6, "per": "teir"}"#,
            .invalidValue, "workList.per"
        ),
        (#""output": {"columns": ["action"]}"#, .conflict, "output.columns[0]"),
    ])
    func mistakesAreRefusedWithTheirPlace(line: String, kind: PlanError.Kind, path: String) {
        let found = mistake(line)
        #expect(found?.kind == kind)
        #expect(found?.keyPath == path)
    }

    @Test func misspelledNamesGetTheNearest() {
        let found = mistake(#""policies": [{"for": {"tier": ["top", "mjor"]}, "action": "call"}]"#)
        #expect(found?.problem == "no tier is named 'mjor'")
        #expect(found?.remedy.hasPrefix("did you mean 'major'? known here: top, major") == true)
    }

    @Test func aMatrixHasNamesForAllItsCells() throws {
        let plan = try plan(
            #""matrix": {"x": {"by": "spend", "quantiles": ["50%"]}, "y": {"by": "worth", "cuts": [40, 70]}}"#
        )
        .resolved().plan
        #expect(plan.matrix?.x.names == ["low", "high"])
        #expect(plan.matrix?.y.names == ["low", "middle", "high"])
        #expect(plan.matrix?.cells?[2] == ["low spend, high worth", "high spend, high worth"])
    }
}
