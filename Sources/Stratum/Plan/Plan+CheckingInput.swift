import TableIO

extension Plan {
    func checkInput(_ derived: DerivedColumns) throws(PlanError) {
        try checkName(input.id, at: "input.id")
        try input.check()
        try checkUnique(input.nullWords, what: "null word") { "input.nullWords[\($0)]" }
        try checkRenames(derived)
        switch limits.maxRejects {
        case .count(let count) where count < 0:
            throw invalid("limits.maxRejects", "\(count) is negative", remedy: "give 0 or more")
        case .share(let share) where !(0...1).contains(share):
            throw invalid("limits.maxRejects", "a share outside 0 % to 100 %", remedy: "give a percentage such as 1%")
        default: break
        }
    }

    /// Refuses renames that would leave in doubt which column of a file is meant.
    private func checkRenames(_ derived: DerivedColumns) throws(PlanError) {
        let used =
            input.orders.map { [input.id] + $0.logColumns } ?? [input.id] + customerColumns.flatMap(derived.fileColumns)
        for (index, rename) in input.columns.enumerated() {
            let path = "input.columns.\(rename.name)"
            try checkName(rename.name, at: path)
            try checkName(rename.header, at: path)
            let earlier = input.columns[..<index]
            if earlier.contains(where: { same($0.name, rename.name) }) {
                throw PlanError(
                    .duplicateName, at: path, nil, problem: "'\(rename.name)' is renamed twice",
                    remedy: "keep one of the two")
            }
            if let other = earlier.first(where: { same($0.header, rename.header) }) {
                throw PlanError(
                    .conflict, at: path, nil,
                    problem: "the file's column '\(rename.header)' is also '\(other.name)'",
                    remedy: "give a column one name")
            }
            if !used.contains(where: { same($0, rename.name) }) {
                throw invalid(
                    path, "the plan uses no column '\(rename.name)'",
                    remedy: nearestName(to: rename.name, among: used).map { "did you mean '\($0)'?" }
                        ?? "write the plan's name first, then the file's: {\(used[0]): \(rename.name)}")
            }
            let keepsName = used.contains { same($0, rename.header) && same(input.headerName(of: $0), $0) }
            if keepsName, !same(rename.name, rename.header) {
                throw PlanError(
                    .conflict, at: path, nil,
                    problem: "the plan uses the file's column '\(rename.header)' by both names",
                    remedy: "call it '\(rename.name)' throughout, or drop the rename")
            }
        }
    }

    /// The columns of customers that the plan names, beside the id's.
    var customerColumns: [String] {
        var columns = dimensions.flatMap { $0.indicators.map(\.source) }
        if let outcome = weighting?.outcome { columns.append(outcome) }
        if let value { columns.append(value) }
        if case .column(let column) = tiers.by { columns.append(column) }
        if case .split(let key) = tiers.ties { columns.append(key) }
        columns += tiers.layerColumns
        if let group = tiers.perGroup { columns.append(group) }
        if let weight = segments?.weight { columns.append(weight) }
        return columns + figures.filter(isColumn)
    }
}

/// Names are compared by bytes, as columns are found.
private func same(_ name: String, _ other: String) -> Bool { name.utf8.elementsEqual(other.utf8) }

extension Plan.Input {
    /// Refuses a layout or a form of numbers that cannot be meant.
    func check() throws(PlanError) {
        if delimiter != Self.anyDelimiter, !Self.canMark(delimiter, allowsTab: true) {
            throw invalid(
                "delimiter", "'\(delimiter)' cannot stand between fields",
                remedy: "use comma, semicolon, tab, pipe, another single ASCII mark, or auto")
        }
        if skippedLineCount < 0 {
            throw invalid("skipLines", "\(skippedLineCount) is negative", remedy: "give 0 or more")
        }
        if let expectedRecordCount, expectedRecordCount < 0 {
            throw invalid("expectedRecords", "\(expectedRecordCount) is negative", remedy: "give 0 or more")
        }
        if let comment {
            if !Self.canMark(comment, allowsTab: false) {
                throw invalid(
                    "comment", "'\(comment)' cannot begin a comment line",
                    remedy: "use '#', '%', '!' or another single ASCII mark")
            }
            if comment == delimiter {
                throw PlanError(
                    .conflict, at: "input.comment", nil, problem: "'\(comment)' stands between fields too",
                    remedy: "give comments and fields different marks")
            }
        }
        try checkNumbers()
    }

    private static func canMark(_ text: String, allowsTab: Bool) -> Bool {
        guard text.utf8.count == 1, let byte = text.utf8.first else { return false }
        return CSVFormat.canDelimit(byte) && (allowsTab || byte != UInt8(ascii: "\t"))
    }

    private func invalid(_ key: String, _ problem: String, remedy: String) -> PlanError {
        PlanError(.invalidValue, at: "input." + key, nil, problem: problem, remedy: remedy)
    }

    /// Refuses marks and symbols that cannot be told from the rest of a number.
    private func checkNumbers() throws(PlanError) {
        guard let mistake = numbers.mistake else { return }
        let path =
            switch mistake.setting {
            case .thousandsSeparator: "input.thousandsSeparator"
            case .currencySymbol(let place): "input.currency[\(place)]"
            }
        throw PlanError(.invalidValue, at: path, nil, problem: mistake.problem, remedy: mistake.remedy)
    }
}
