extension CustomerReport {
    /// The report with all digits.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("id", .text(id)), .init("score", .optional(score)), .init("tier", .optional(tier)),
            .init("percentile_rank", .optional(percentileRank)), .init("segment", .optional(segment)),
            .init("flags", .list(flags.map { .text($0) })), .init("missing", .list(missing.map { .text($0) })),
            .init("is_additive", .bool(isAdditive)),
        ]
        if let group {
            members.append(
                .init(
                    "group",
                    [
                        "column": .text(group.column), "name": .optional(group.name),
                        "has_own_cut_offs": .bool(group.hasOwnCutoffs),
                    ]))
        }
        members += Self.members(contribution)
        members.append(.init("dimensions", .list(dimensions.map(\.json))))
        members.append(
            .init(
                "next_tier",
                nextTier.map {
                    [
                        "name": .text($0.name), "from": .number($0.bound), "distance": .number($0.distance),
                        "ranked_by": .text(rankedBy),
                    ]
                } ?? .null))
        return .object(members)
    }

    fileprivate static func members(_ comparison: Comparison?) -> [JSONValue.Member] {
        guard let comparison else { return [] }
        return [
            .init("contribution", .number(comparison.points)), .init("mean_contribution", .optional(comparison.mean)),
            .init("difference", .optional(comparison.difference)),
        ]
    }
}

extension CustomerReport.Dimension {
    fileprivate var json: JSONValue {
        .object(
            [.init("name", .text(name)), .init("score", .optional(score)), .init("weight", .number(weight))]
                + CustomerReport.members(contribution)
                + [.init("indicators", .list(indicators.map(\.json)))])
    }
}

extension CustomerReport.Indicator {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .text(name)), .init("value", .optional(value)), .init("normalized", .optional(normalized)),
            .init("weight", .number(weight)),
        ]
        if let word { members.insert(.init("word", .text(word)), at: 2) }
        members += CustomerReport.members(contribution)
        switch lift {
        case .value(let value): members.append(.init("needed", .number(value)))
        case .word(let word, let value):
            members += [.init("needed", .number(value)), .init("needed_word", .text(word))]
        case .notAlone: members.append(.init("needed", .null))
        case nil: break
        }
        return .object(members)
    }
}
