extension Plan {
    /// A name must be a text that a file and a terminal can show and a header can hold.
    func checkName(_ name: String, at path: String) throws(PlanError) {
        if name.isEmpty { throw invalid(path, "an empty name", remedy: "give it a name") }
        if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw invalid(path, "a control character in a name", remedy: "use plain text on one line")
        }
        if name.utf8.first == 0x20 || name.utf8.last == 0x20 {
            throw invalid(
                path, "blanks around the name '\(name)'",
                remedy: "drop them: blanks around headings are not read either")
        }
    }

    /// Names must differ in bytes and also in what a reader sees.
    func checkUnique(_ names: [String], what: String, path: (Int) -> String) throws(PlanError) {
        var known: Set<String> = []
        for (index, name) in names.enumerated() where !known.insert(name).inserted {
            throw PlanError(
                .duplicateName, at: path(index), nil, problem: "a second \(what) named '\(name)'",
                remedy: "give each its own name")
        }
    }

    func checkFinite(_ value: Double, at path: String) throws(PlanError) {
        if !value.isFinite { throw invalid(path, "\(value) is not a finite number", remedy: "give a number") }
    }

    func invalid(_ path: String, _ problem: String, remedy: String) -> PlanError {
        PlanError(.invalidValue, at: path, nil, problem: problem, remedy: remedy)
    }
}

extension Plan.Indicator {
    /// The column that the indicator is read from.
    var source: String { column ?? name }
}

extension Plan {
    /// The columns of the output, the default decided.
    var outputColumns: [OutputColumn] {
        output.columns
            ?? [.dimensions, .score, .percentileRank, .tier] + (segments == nil ? [] : [.segment]) + labelOutputColumns
            + (input.orders?.lifetime == nil ? [] : [.lifetime]) + (input.orders?.rfm == nil ? [] : [.rfm]) + [.flags]
    }

    /// The headings of the output.
    var outputHeader: [String] { header(of: outputColumns) }

    /// The headings of a file of these columns, the id's first.
    func header(of columns: [OutputColumn]) -> [String] {
        [input.id]
            + columns.flatMap { column in
                switch column {
                case .dimensions: dimensions.map(\.name)
                case .score: ["score"]
                case .percentileRank: ["percentile_rank"]
                case .tier: ["tier"]
                case .segment: ["segment"]
                case .classes: classes.map(\.name)
                case .cell: ["cell"]
                case .action: ["action"]
                case .contacts: ["contacts"]
                case .missingCount: ["missing"]
                case .flags: ["flags"]
                case .reasonsUp: ["reasons_up"]
                case .reasonsDown: ["reasons_down"]
                case .pointsToNextTier: ["points_to_next_tier"]
                case .lifetime: Lifetime.columnNames
                case .rfm: RFM.columnNames
                case .contributions: dimensions.flatMap { $0.indicators.map { "contribution_\($0.name)" } }
                }
            }
    }
}
