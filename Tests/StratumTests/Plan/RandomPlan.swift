import Rules
import Scoring
import Segmentation
import Stratum
import TableIO
import TestSupport

/// A sound plan that differs in all its parts from seed to seed.
func randomPlan(seed: Int) -> Plan {
    var random = RepeatableGenerator(seed: seed)
    var number = 0
    let dimensions = (0..<random.integer(in: 1...4)).map { dimension in
        Plan.Dimension(
            ["经济价值", "b", "c, \"d\"", "é"][dimension], weight: random.unit() + 0.01,
            indicators: (0..<random.integer(in: 1...3)).map { _ in
                number += 1
                return indicator("指标\(number)", &random)
            })
    }
    var plan = Plan(dimensions: dimensions)
    plan.input = .init(
        id: "id\(random.integer(in: 0...9))", delimiter: [",", ";", "\t", "|"][random.integer(in: 0...3)],
        nullWords: random.integer(in: 0...1) == 0 ? [] : ["NA", "无"])
    if random.integer(in: 0...1) == 0 {
        plan.input.numbers.decimalMark = .comma
        plan.input.numbers.thousandsSeparator = [nil, ".", " ", "\u{202F}"][random.integer(in: 0...3)]
        plan.input.numbers.currencySymbols = random.integer(in: 0...1) == 0 ? [] : ["€", "US$"]
        plan.input.numbers.percent = random.integer(in: 0...1) == 0
    }
    if random.integer(in: 0...1) == 0 {
        plan.input.delimiter = "auto"
        let first = plan.dimensions[0].indicators[0]
        plan.input.columns = [
            .init(first.column ?? first.name, header: "c. \"x\""), .init(plan.input.id, header: "Kunde"),
        ]
        plan.input.skippedLineCount = random.integer(in: 0...3)
        plan.input.comment = ["#", nil, "!"][random.integer(in: 0...2)]
        plan.input.encoding = [nil, .gb18030, .utf16BigEndian][random.integer(in: 0...2)]
        plan.input.expectedRecordCount = [nil, 0, 123_456_789][random.integer(in: 0...2)]
    }
    if random.integer(in: 0...1) == 0 { plan.aggregation = .geometric(floor: random.unit() * 5) }
    if random.integer(in: 0...3) == 0 { plan.aggregation = .topsis }
    if random.integer(in: 0...1) == 0 {
        plan.derived = [
            .init("毛利率", "margin / max(`net \"sales\"`, 1)"),
            .init("delivered", .deliveredValue(benefits: [.init("毛利率", weight: random.unit())], costs: [])),
        ]
    }
    if random.integer(in: 0...1) == 0 { plan.defaults = .init(normalization: .percentileRank, missing: .worst) }
    if random.integer(in: 0...1) == 0 { plan.value = "消费额" }
    plan.tiers = tiers(&random)
    if random.integer(in: 0...1) == 0 {
        plan.segments = .init(
            count: 5, features: .robust, columns: random.integer(in: 0...1) == 0 ? [] : ["指标1"],
            tolerance: random.unit(), seed: random.next(), names: [2: "二", 5: "five"])
        plan.segments?.minimumShare = random.unit() / 2
        if random.integer(in: 0...1) == 0 {
            plan.segments?.counts = 2...7
            plan.segments?.criterion = [.silhouette, .knee, .gap][random.integer(in: 0...2)]
            plan.segments?.gapReferences = random.integer(in: 0...9)
            plan.segments?.silhouetteSample = [0, 500][random.integer(in: 0...1)]
        } else {
            plan.segments?.features = .unscaled
            plan.segments?.weight = "权重"
            plan.segments?.seeding = .kMeansParallel
            plan.segments?.algorithm = .hamerly
        }
    }
    if random.integer(in: 0...1) == 0 { addClasses(to: &plan, &random) }
    // A matrix whose classes have no names gets them where it is read.
    if plan.matrix == nil, random.integer(in: 0...1) == 0 { plan.language = .chinese }
    if random.integer(in: 0...1) == 0 { plan.output = .init(columns: [.tier, .dimensions, .score], decimals: 5) }
    if random.integer(in: 0...1) == 0 { plan.limits = .init(maxRejects: .count(random.integer(in: 0...99))) }
    return plan
}

private func addClasses(to plan: inout Plan, _ random: inout RepeatableGenerator) {
    let bound = random.unit() * 100
    plan.classes = [
        .init(
            "状态",
            rules: [
                Rule("lost", anyOf: [[Condition("days", above: bound)], [.missing("a b"), .known("days")]]),
                Rule(
                    "忠诚",
                    when: [Condition("days", in: bound / 2...bound), Condition("score", below: 7, orMissing: true)]),
                Rule("other"),
            ]),
        .init(
            "step",
            rules: [
                Rule("a", when: [Condition("tier", .atLeast(plan.tiers.tiers[0].name))]),
                Rule("b", anyOf: [[Condition("状态", .except(["lost"]))], [Condition("cell", .among(["unplaced"]))]]),
                Rule("rest"),
            ]),
    ]
    plan.matrix = .init(
        x: .init(by: "score", .values([bound])), y: .init(by: "days", .quantiles([0.25, 0.5, 0.75])))
    if random.integer(in: 0...1) == 0 { plan.matrix?.cells = Array(repeating: ["低", "高"], count: 4) }
    plan.policies = [
        .init(for: .init([.init("tier", [plan.tiers.tiers[0].name]), .init("状态", ["lost", "忠诚"])]), action: "打电话"),
        .init(action: "none", contacts: 3),
    ]
    if random.integer(in: 0...1) == 0 {
        plan.workList = .init(
            capacity: random.integer(in: 1...99), rankBy: "days", order: .ascending,
            only: .init([.init("状态", ["other"])]))
        plan.workList?.per = ["tier", "cell", "step", nil][random.integer(in: 0...3)]
    }
}

private func indicator(_ name: String, _ random: inout RepeatableGenerator) -> Plan.Indicator {
    let low = random.unit() * 100 - 50
    let normalizations: [Normalization?] = [
        nil, .minMax, .quantileRange(low: random.unit() / 2, high: 0.5 + random.unit() / 2), .zScore, .robustZ,
        .percentileRank, .fixedRange(low: low, high: low + 1.1),
        .benchmark(benchmark: low + 0.3, low: low, high: low + 1),
        .gradeMap([.init(number: low, score: random.unit()), .init(number: low + 1, score: 0)]),
        .likert(points: 7), .semanticDifferential(reach: 2), .netPromoter,
        .gradeWords(
            [.init("gold", score: random.unit()), .init("铜 \"a\"", score: 0)], numbers: [.init(number: low, score: 1)]),
    ]
    let normalization = normalizations[random.integer(in: 0...12)]
    let missing: [MissingPolicy?] = [nil, .renormalize, .median, .worst, .constant(random.unit()), .fail]
    if random.integer(in: 0...9) == 0 {
        return .init(name, weight: random.unit() + 0.1, direction: .target(low, zeroAt: low - random.unit() - 0.1))
    }
    return .init(
        name, column: random.integer(in: 0...1) == 0 ? nil : "col \(name)", weight: random.unit() * 3 + 0.1,
        direction: random.integer(in: 0...1) == 0 ? .higher : .lower,
        treatment: .init(
            normalization: normalization, missing: missing[random.integer(in: 0...5)]),
        admissible: normalization?.takesAnswers == true || random.integer(in: 0...1) == 0
            ? .init() : .init(minimum: -random.unit(), maximum: nil),
        kind: normalization?.takesAnswers == true
            ? nil : [nil, .amount, .count, .days, .rate][random.integer(in: 0...4)])
}

private func tiers(_ random: inout RepeatableGenerator) -> Plan.Tiers {
    var tiers: Plan.Tiers =
        switch random.integer(in: 0...4) {
        case 0: .classic
        case 1: .init([.init("A", .share(0.25)), .init("B", .share(0.75))])
        case 2: .init([.init("A", .atLeast(random.unit() + 50)), .init("B", .rest)], method: .cutoffs)
        case 3: .init([.init("VIP", .atLeast(1e5)), .init("铁", .atLeast(0)), .init("铅", .rest)], by: .column("消费额"))
        default: .init([.init("A", .cumulativeShare(0.8)), .init("B", .cumulativeShare(1))], by: .column("value"))
        }
    tiers.ties = [.upward, .downward, .split(key: "key")][random.integer(in: 0...2)]
    if random.integer(in: 0...1) == 0 { tiers.inactive = .init(column: "days", beyond: random.unit() * 400) }
    if random.integer(in: 0...1) == 0 { tiers.potential = .init(name: "潜在", column: "orders") }
    return tiers
}
