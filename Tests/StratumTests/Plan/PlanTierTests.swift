import Reports
import Stratum
import Testing
import Tiers

struct PlanTierTests {
    private func plan(_ tiers: String) throws(PlanError) -> Plan {
        try Plan(
            json: Array(
                """
                {"version": 1, "dimensions": [{"name": "e", "indicators": ["revenue"]}], "tiers": \(tiers)}
                """.utf8))
    }

    private static let sound: [(String, TierSpecification.Rule)] = [
        (#"{"method": "naturalBreaks", "tiers": ["a", "b", "c"]}"#, .naturalBreaks),
        (
            #"{"by": "revenue", "tiers": [{"name": "a", "atLeast": 9}, {"name": "b", "share": 0.2}, "c"]}"#,
            .bandsThenShares(bounds: [9], shares: [0.2], of: .rest)
        ),
        (
            #"{"tiers": [{"name": "a", "atLeast": 9}, {"name": "b", "share": 0.2}, {"name": "c", "share": 0.8}]}"#,
            .bandsThenShares(bounds: [9], shares: [0.2], of: .rest)
        ),
        (
            #"{"sharesOf": "all", "tiers": [{"name": "a", "atLeast": 9}, {"name": "b", "share": "20%"}, "c"]}"#,
            .bandsThenShares(bounds: [9], shares: [0.2], of: .all)
        ),
        (
            #"{"method": "hybrid", "tiers": [{"name": "a", "share": 0.2}, {"name": "b", "atLeast": 3}, "c"]}"#,
            .sharesThenBands(shares: [0.2], bounds: [3])
        ),
    ]

    @Test(arguments: sound.indices)
    func methodsAreReadResolvedAndWrittenBack(place: Int) throws {
        let (text, rule) = Self.sound[place]
        let plan = try plan(text)
        let resolved = try plan.resolved()
        #expect(resolved.tiers.rule == rule)
        #expect(try Plan(json: plan.json.encoded(indented: false)) == plan)
        #expect(try Plan(json: resolved.json.encoded(indented: false)).resolved() == resolved)
    }

    @Test func layersGroupsAndMarginsAreReadAndWrittenBack() throws {
        let plan = try plan(
            #"""
            {"perGroup": "region", "hysteresis": "2%", "negative": {"name": "n", "column": "margin", "below": -5},
             "badDebt": {"column": "overdue", "above": 3, "days": {"column": "days", "above": 90}}}
            """#)
        #expect(plan.tiers.perGroup == "region" && plan.tiers.hysteresis == .share(0.02))
        #expect(plan.tiers.negative == .init(name: "n", column: "margin", below: -5))
        #expect(plan.tiers.badDebt == .init(column: "overdue", above: 3, days: .init(column: "days", above: 90)))
        #expect(try Plan(json: plan.json.encoded(indented: false)) == plan)
        let resolved = try plan.resolved()
        #expect(resolved.labelColumns == ["region"] && resolved.columns == ["revenue", "margin", "overdue", "days"])
        #expect(try self.plan(#"{"hysteresis": 2}"#).tiers.hysteresis == .units(2))
    }

    @Test(arguments: [
        (#"{"method": "naturalBreaks", "tiers": [{"name": "a", "share": 0.2}, "b"]}"#, "tiers.tiers[0]"),
        (#"{"method": "hybrid", "tiers": [{"name": "a", "share": 0.2}, "b"]}"#, "tiers.method"),
        (
            #"{"tiers": [{"name": "a", "share": 0.2}, {"name": "b", "atLeast": 3}, {"name": "c", "share": 0.2}, "d"]}"#,
            "tiers.tiers"
        ),
        (
            #"{"sharesOf": "rest", "tiers": [{"name": "a", "share": 0.2}, {"name": "b", "atLeast": 3}, "c"]}"#,
            "tiers.sharesOf"
        ),
        (#"{"tiers": [{"name": "a", "atLeast": 3}, {"name": "b", "share": 0.2}]}"#, "tiers.tiers[1]"),
        (#"{"tiers": [{"name": "a", "atLeast": 3}, {"name": "b", "share": 1.2}, "c"]}"#, "tiers.tiers[1].share"),
        (#"{"sharesOf": "all"}"#, "tiers.sharesOf"), (#"{"hysteresis": -1}"#, "tiers.hysteresis"),
        (#"{"hysteresis": "101%"}"#, "tiers.hysteresis"), (#"{"perGroup": "customer_id"}"#, "tiers.perGroup"),
        (#"{"negative": {"name": "top", "column": "m"}}"#, "tiers.negative.name"),
        (#"{"badDebt": {"column": "", "above": 1}}"#, "tiers.badDebt.column"),
        (#"{"badDebt": {"above": 1}}"#, "tiers.badDebt"),
    ])
    func mistakesHaveTheirPlace(text: String, path: String) {
        let error = #expect(throws: PlanError.self) { try plan(text) }
        #expect(error?.keyPath == path)
    }
}
