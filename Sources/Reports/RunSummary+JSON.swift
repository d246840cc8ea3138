extension RunSummary {
    /// The summary as an object, in reading order: how it ended, rows, files, results, times, plan.
    public var json: JSONValue {
        .object(
            [
                .init("format", "stratum summary"),
                .init("version", .integer(1)),
                .init("engine", .text(engineVersion)),
                .init("verb", .text(verb)),
                .init("exit_reason", .text(exitReason)),
                .init("rows", rows.json),
                .init("missing", Self.object(missing)),
                .init("warnings", .list(warnings.map { .text($0) })),
                .init("inputs", .list(inputs.map(\.json))),
                .init("outputs", .list(outputs.map(\.json))),
            ] + results + [
                .init("seconds", .object(stages.map { .init($0.name, .number($0.seconds)) })),
                .init("plan", plan),
            ])
    }

    /// The bytes of summary.json: indented, with a line end.
    public var jsonFile: [UInt8] { json.encoded(indented: true) + [UInt8(ascii: "\n")] }

    fileprivate static func object(_ counts: [ColumnCount]) -> JSONValue {
        .object(counts.map { .init($0.name, .integer($0.count)) })
    }
}

extension RunSummary.RowCounts {
    fileprivate var json: JSONValue {
        [
            "read": .integer(read), "accepted": .integer(accepted), "rejected": .integer(rejected),
            "reject_reasons": RunSummary.object(rejectReasons),
        ]
    }
}

extension RunSummary.InputFile {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("path", .text(path)), .init("bytes", .integer(byteCount)), .init("checksum", .optional(checksum)),
        ]
        if let sha256 { members.append(.init("sha256", .text(sha256))) }
        members.append(.init("complete", .bool(isComplete)))
        if let rows { members.append(.init("rows", rows.json)) }
        if commentCount > 0 { members.append(.init("comment_lines", .integer(commentCount))) }
        return .object(members)
    }
}

extension RunSummary.OutputFile {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("path", .text(path)), .init("bytes", .integer(byteCount)), .init("checksum", .text(checksum)),
        ]
        if let sha256 { members.append(.init("sha256", .text(sha256))) }
        return .object(members)
    }
}
