public import Reports
import Scoring
import Segmentation
import TableIO

extension Plan {
    /// The plan in its own language: what `init(_:)` reads back as an equal plan.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("version", .integer(Plan.version)),
            .init("input", input.json),
        ]
        if language != .english { members.append(.init("language", .text(language.rawValue))) }
        if !derived.isEmpty {
            members.append(.init("derived", .object(derived.map { .init($0.name, $0.planJSON) })))
        }
        if defaults != Treatment() { members.append(.init("defaults", .object(defaults.members))) }
        members.append(.init("dimensions", .list(dimensions.map(\.json))))
        if let judgments { members.append(.init("judgments", .list(judgments.map { .number($0) }))) }
        if let weighting { members.append(.init("weights", weighting.json)) }
        members.append(.init("aggregation", aggregation.planJSON))
        if let value { members.append(.init("value", .text(value))) }
        members.append(.init("tiers", tiers.json))
        if let segments { members.append(.init("segments", segments.json)) }
        if let reasons { members.append(.init("reasons", reasons.json)) }
        if !classes.isEmpty { members.append(.init("classes", .list(classes.map(\.json)))) }
        if let matrix { members.append(.init("matrix", matrix.json)) }
        if !policies.isEmpty { members.append(.init("policies", .list(policies.map(\.json)))) }
        if let workList { members.append(.init("workList", workList.json)) }
        members.append(.init("output", output.json))
        members.append(.init("limits", limits.json))
        return .object(members)
    }
}

extension Plan.Input {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("kind", orders == nil ? "customers" : "orders"), .init("id", .text(id)),
            .init("delimiter", .text(delimiter)),
        ]
        if let orders { members += orders.members }
        if !columns.isEmpty {
            members.append(.init("columns", .object(columns.map { .init($0.name, .text($0.header)) })))
        }
        if skippedLineCount > 0 { members.append(.init("skipLines", .integer(skippedLineCount))) }
        if let comment { members.append(.init("comment", .text(comment))) }
        if let encoding { members.append(.init("encoding", .text(encoding.rawValue))) }
        if let expectedRecordCount { members.append(.init("expectedRecords", .integer(expectedRecordCount))) }
        if !nullWords.isEmpty { members.append(.init("nullWords", .list(nullWords.map { .text($0) }))) }
        if numbers.decimalMark != .point { members.append(.init("decimalMark", .text(numbers.decimalMark.rawValue))) }
        if let separator = numbers.thousandsSeparator { members.append(.init("thousandsSeparator", .text(separator))) }
        if !numbers.currencySymbols.isEmpty {
            members.append(.init("currency", .list(numbers.currencySymbols.map { .text($0) })))
        }
        if numbers.percent { members.append(.init("percent", .bool(true))) }
        return .object(members)
    }
}

extension Plan.Dimension {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .text(name)), .init("weight", .number(weight)),
            .init("indicators", .list(indicators.map(\.json))),
        ]
        if let judgments { members.append(.init("judgments", .list(judgments.map { .number($0) }))) }
        return .object(members)
    }
}

extension Plan.Indicator {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("name", .text(name))]
        if let column { members.append(.init("column", .text(column))) }
        members.append(.init("weight", .number(weight)))
        if let kind { members.append(.init("kind", .text(kind.rawValue))) }
        members.append(.init("direction", direction.json))
        members += treatment.members
        if admissible != Plan.AdmissibleRange() {
            members.append(
                .init(
                    "admissible",
                    .object(
                        [
                            admissible.minimum.map { .init("minimum", .number($0)) },
                            admissible.maximum.map { .init("maximum", .number($0)) },
                        ].compactMap(\.self))))
        }
        return .object(members)
    }
}

extension Plan.Direction {
    fileprivate var json: JSONValue {
        switch self {
        case .higher: "higher"
        case .lower: "lower"
        case .target(let target, let zeroAt): ["target": .number(target), "zeroAt": .number(zeroAt)]
        }
    }
}

extension Plan.Treatment {
    fileprivate var members: [JSONValue.Member] {
        [
            transform.map { .init("transform", .text($0.rawValue)) },
            normalization.map { .init("normalization", $0.planJSON) },
            missing.map { .init("missing", $0.planJSON) },
        ].compactMap(\.self)
    }
}

extension Aggregation {
    fileprivate var planJSON: JSONValue {
        switch self {
        case .arithmetic: "arithmetic"
        case .geometric(let floor): ["kind": "geometric", "floor": .number(floor)]
        case .topsis: "topsis"
        }
    }
}

extension Normalization {
    fileprivate var planJSON: JSONValue {
        switch self {
        case .minMax: "minMax"
        case .quantileRange(let low, let high):
            ["kind": "quantileRange", "low": .number(low), "high": .number(high)]
        case .zScore: "zScore"
        case .robustZ: "robustZ"
        case .percentileRank: "percentileRank"
        case .fixedRange(let low, let high): ["kind": "fixedRange", "low": .number(low), "high": .number(high)]
        case .benchmark(let benchmark, let low, let high):
            ["kind": "fixedRange", "low": .number(low), "high": .number(high), "benchmark": .number(benchmark)]
        case .gradeMap(let grades):
            [
                "kind": "grades",
                "scores": .object(grades.map { .init(shortestText($0.number), .number($0.score)) }),
            ]
        case .gradeWords(let words, let numbers):
            [
                "kind": "grades",
                "scores": .object(
                    numbers.map { .init(shortestText($0.number), .number($0.score)) }
                        + words.map { .init($0.word, .number($0.score)) }),
            ]
        case .likert(let points): ["kind": "likert", "points": .integer(points)]
        case .semanticDifferential(let reach): ["kind": "semanticDifferential", "reach": .integer(reach)]
        case .netPromoter: "nps"
        }
    }
}

extension DerivedColumn {
    fileprivate var planJSON: JSONValue {
        func object(_ columns: [WeightedColumn]) -> JSONValue {
            .object(columns.map { .init($0.column, .number($0.weight)) })
        }
        switch formula {
        case .expression(let text): return .text(text)
        case .deliveredValue(let benefits, let costs):
            return .object(
                (benefits.isEmpty ? [] : [.init("benefits", object(benefits))])
                    + (costs.isEmpty ? [] : [.init("costs", object(costs))]))
        }
    }
}

extension MissingPolicy {
    fileprivate var planJSON: JSONValue {
        switch self {
        case .renormalize: "renormalize"
        case .median: "median"
        case .worst: "worst"
        case .constant(let score): ["constant": .number(score)]
        case .fail: "fail"
        }
    }
}

extension Plan.Tiers {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("by", by.json)]
        if let method { members.append(.init("method", .text(method.rawValue))) }
        members.append(.init("ties", ties.json))
        if let sharesOf { members.append(.init("sharesOf", .text(sharesOf.rawValue))) }
        members.append(.init("tiers", .list(tiers.map(\.json))))
        if let inactive {
            members.append(
                .init(
                    "inactive",
                    [
                        "name": .text(inactive.name), "column": .text(inactive.column),
                        "beyond": .number(inactive.beyond),
                    ]))
        }
        if let potential {
            members.append(
                .init(
                    "potential",
                    [
                        "name": .text(potential.name), "column": .text(potential.column),
                        "atMost": .number(potential.atMost),
                    ]))
        }
        members += layerMembers
        return .object(members)
    }
}

extension Plan.RankedBy {
    fileprivate var json: JSONValue {
        switch self {
        case .score: "score"
        case .column(let column): ["column": .text(column)]
        }
    }
}

extension Plan.TieRule {
    fileprivate var json: JSONValue {
        switch self {
        case .upward: "upward"
        case .downward: "downward"
        case .split(let key): ["split": .text(key)]
        }
    }
}

extension Plan.Tier {
    fileprivate var json: JSONValue {
        switch extent {
        case .share(let share): ["name": .text(name), "share": .number(share)]
        case .atLeast(let bound): ["name": .text(name), "atLeast": .number(bound)]
        case .cumulativeShare(let share): ["name": .text(name), "cumulativeShare": .number(share)]
        case .rest: ["name": .text(name)]
        }
    }
}

extension Plan.Segments {
    fileprivate var json: JSONValue {
        let isRange = counts.count > 1
        var members: [JSONValue.Member] = [
            .init("count", isRange ? .text("\(counts.lowerBound)...\(counts.upperBound)") : .integer(count))
        ]
        if isRange {
            members.append(.init("criterion", .text(criterion.rawValue)))
            if gapReferences > 0 { members.append(.init("gapReferences", .integer(gapReferences))) }
            if silhouetteSample > 0 { members.append(.init("silhouetteSample", .integer(silhouetteSample))) }
        }
        members.append(.init("features", .text(features.rawValue)))
        if !columns.isEmpty { members.append(.init("columns", .list(columns.map { .text($0) }))) }
        if let weight { members.append(.init("weight", .text(weight))) }
        members += [
            .init("seeding", .text(seeding.rawValue)), .init("algorithm", .text(algorithm.rawValue)),
            .init("iterationLimit", .integer(iterationLimit)), .init("tolerance", .number(tolerance)),
            .init("restarts", .integer(restarts)), .init("minimumShare", .number(minimumShare)),
        ]
        // A seed above 2^63 is no JSON integer for most readers; as text it survives all of them.
        members.append(.init("seed", Int(exactly: seed).map { .integer($0) } ?? .text(String(seed))))
        if !names.isEmpty {
            members.append(
                .init(
                    "names",
                    .object(names.sorted { $0.key < $1.key }.map { .init(String($0.key), .text($0.value)) })))
        }
        return .object(members)
    }
}

extension Plan.Output {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = []
        if let columns { members.append(.init("columns", .list(columns.map { .text($0.rawValue) }))) }
        members.append(.init("decimals", .integer(decimals)))
        return .object(members)
    }
}

extension Plan.Limits {
    fileprivate var json: JSONValue {
        switch maxRejects {
        case .count(let count): ["maxRejects": .integer(count)]
        // A share without a percent sign would be a count.
        case .share(let share): ["maxRejects": ["share": .number(share)]]
        }
    }
}
