import Reports
import Rules

extension Plan {
    /// The words that are no classification's name, since they name other columns.
    private static let takenNames = [
        "tier", "segment", "cell", "action", "contacts", "score", "percentile_rank", "missing", "flags",
    ]

    /// Refuses classes that leave customers without a name, and matrix, policies and work list that cannot hold.
    func checkClasses() throws(PlanError) {
        if classes.count > 16 {
            throw invalid("classes", "\(classes.count) classifications", remedy: "give 16 at most")
        }
        try checkUnique(classes.map(\.name), what: "classification") { "classes[\($0)].name" }
        for (place, classification) in classes.enumerated() {
            let path = "classes[\(place)]"
            try checkName(classification.name, at: "\(path).name")
            if Self.takenNames.contains(classification.name) {
                throw PlanError(
                    .duplicateName, at: "\(path).name", nil,
                    problem: "'\(classification.name)' names a column of the output", remedy: "choose another name")
            }
            try checkSpokenNames(of: classification, at: path)
        }
        _ = try classOrder()
        for (place, classification) in classes.enumerated() {
            try checkRules(classification, at: "classes[\(place)]")
        }
        if let matrix { try checkMatrix(matrix) }
        try checkPolicies()
        if let workList { try checkWorkList(workList) }
    }

    private func checkRules(_ classification: Classification, at path: String) throws(PlanError) {
        for (index, rule) in classification.rules.enumerated() {
            try checkName(rule.name, at: "\(path).rules[\(index)].name")
            for condition in rule.alternatives.flatMap({ $0 }) {
                try checkName(condition.column, at: "\(path).rules[\(index)].when")
            }
        }
        let rules = try orderedRules(of: classification, at: path)
        let coverage = try self.coverage(of: rules, at: path)
        guard let gap = coverage.gaps.first else { return }
        let count = coverage.gaps.count
        let more = count == 1 ? "" : ", and of \(coverage.hasMoreGaps ? "more than " : "")\(count - 1) more kinds"
        throw PlanError(
            .invalidValue, at: "\(path).rules", nil,
            problem: "no rule covers customers with \(gap.text)\(more); an example: \(gap.exampleText)",
            remedy: "widen a rule, or add a last one without 'when' for the rest, such as {name: other}")
    }

    /// The rules of a classification over the columns that they name.
    func orderedRules(of classification: Classification, at path: String) throws(PlanError) -> OrderedRules {
        var columns: [RuleColumn] = []
        for condition in classification.rules.flatMap({ $0.alternatives.flatMap { $0 } })
        where !columns.contains(where: { $0.name.utf8.elementsEqual(condition.column.utf8) }) {
            columns.append(ruleColumn(condition.column))
        }
        do throws(RulesError) {
            return try OrderedRules(columns: columns, rules: classification.rules)
        } catch {
            throw planError(error, at: path)
        }
    }

    func coverage(of rules: OrderedRules, at path: String) throws(PlanError) -> RuleCoverage {
        do throws(RulesError) {
            return try rules.check(stepLimit: 2_000_000)
        } catch {
            throw planError(error, at: path)
        }
    }

    private func planError(_ error: RulesError, at path: String) -> PlanError {
        let rule = error.rule.map { ".rules[\($0)]" } ?? ".rules"
        return PlanError(.invalidValue, at: path + rule, nil, problem: error.problem, remedy: error.remedy)
    }

    /// What is known of a figure before it is read: records beyond an indicator's admissible values are rejected.
    private func ruleColumn(_ name: String) -> RuleColumn {
        if let named = namedColumn(name) { return named }
        guard isColumn(name) else { return RuleColumn(name) }
        if let scores = input.orders?.rfm?.ruleColumn(name) { return scores }
        let indicator = dimensions.flatMap(\.indicators).first { $0.source.utf8.elementsEqual(name.utf8) }
        return RuleColumn(name, minimum: indicator?.admissible.minimum, maximum: indicator?.admissible.maximum)
    }

    /// Whether a figure is read from the input: it is neither the score nor a dimension.
    func isColumn(_ name: String) -> Bool {
        name != "score" && !dimensions.contains { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// The figures that classes, matrix and work list go by: columns, dimensions, `score`.
    var figures: [String] {
        classes.flatMap(\.rules).flatMap { $0.alternatives.flatMap { $0.filter { $0.names == nil }.map(\.column) } }
            + [matrix?.x.by, matrix?.y.by, workList?.rankBy].compactMap(\.self)
    }

    private func checkMatrix(_ matrix: Matrix) throws(PlanError) {
        for (axis, path) in [(matrix.x, "matrix.x"), (matrix.y, "matrix.y")] {
            try checkName(axis.by, at: "\(path).by")
            let (cuts, key) = axis.cutList
            if !(1...4).contains(cuts.count) {
                throw invalid("\(path).\(key)", "\(cuts.count) cuts", remedy: "give 1 to 4, for 2 to 5 classes")
            }
            for (place, cut) in cuts.enumerated() {
                try checkFinite(cut, at: "\(path).\(key)[\(place)]")
                if key == "quantiles", !(cut > 0 && cut < 1) {
                    throw invalid(
                        "\(path).\(key)", "a quantile of \(shortestText(cut))", remedy: "give 0 to 1, or percent")
                }
                if place > 0, cut <= cuts[place - 1] {
                    throw invalid("\(path).\(key)", "cuts that do not rise", remedy: "give the lowest first, each once")
                }
            }
            if axis.classNames.count != axis.classCount {
                throw invalid(
                    "\(path).names", "\(axis.classNames.count) names for \(axis.classCount) classes",
                    remedy: "name each class, the lowest first")
            }
            for name in axis.classNames { try checkName(name, at: "\(path).names") }
        }
        if let cells = matrix.cells,
            cells.count != matrix.y.classCount || cells.contains(where: { $0.count != matrix.x.classCount })
        {
            throw invalid(
                "matrix.cells", "not \(matrix.y.classCount) lists of \(matrix.x.classCount) names",
                remedy: "give a list for each class of y, the lowest first, with a name for each class of x")
        }
        for name in matrix.cellNames { try checkName(name, at: "matrix.cells") }
    }

    private func checkPolicies() throws(PlanError) {
        if policies.count > 255 { throw invalid("policies", "\(policies.count) policies", remedy: "give 255 at most") }
        for (place, policy) in policies.enumerated() {
            try checkName(policy.action, at: "policies[\(place)].action")
            if !(0...1_000_000).contains(policy.contacts) {
                throw invalid(
                    "policies[\(place)].contacts", "\(policy.contacts) contacts", remedy: "give 0 to 1000000")
            }
            try checkSelection(policy.customers, at: "policies[\(place)].for")
        }
    }

    private func checkWorkList(_ workList: WorkList) throws(PlanError) {
        if !(1...1_000_000).contains(workList.capacity) {
            throw invalid("workList.capacity", "\(workList.capacity) customers", remedy: "give 1 to 1000000")
        }
        try checkName(workList.rankBy, at: "workList.rankBy")
        let kinds = namedColumns.map(\.name)
        if let per = workList.per, !kinds.contains(where: { $0.utf8.elementsEqual(per.utf8) }) {
            throw unknown(per, "nothing in the plan is named", at: "workList.per", kinds)
        }
        try checkSelection(workList.only, at: "workList.only")
        if !policies.contains(where: { $0.contacts > 0 }) {
            throw PlanError(
                .conflict, at: "workList", nil, problem: "no policy allows a contact, so nobody can be on the list",
                remedy: "give a policy contacts: 1 or more")
        }
    }

    private func checkSelection(_ selection: Selection, at path: String) throws(PlanError) {
        let known = namedColumns.map { (name: $0.name, names: $0.names?.all ?? []) }
        try checkUnique(selection.terms.map(\.kind), what: "condition") { "\(path).\(selection.terms[$0].kind)" }
        for term in selection.terms {
            guard let kind = known.first(where: { $0.name.utf8.elementsEqual(term.kind.utf8) }) else {
                throw unknown(term.kind, "nothing in the plan is named", at: "\(path).\(term.kind)", known.map(\.name))
            }
            if term.names.isEmpty { throw invalid("\(path).\(term.kind)", "the list is empty", remedy: "name one") }
            for name in term.names where !kind.names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
                throw unknown(name, "no \(term.kind) is named", at: "\(path).\(term.kind)", kind.names)
            }
        }
    }

    private func unknown(_ name: String, _ problem: String, at path: String, _ known: [String]) -> PlanError {
        let nearest = nearestName(to: name, among: known).map { "did you mean '\($0)'? " } ?? ""
        return invalid(path, "\(problem) '\(name)'", remedy: "\(nearest)known here: \(known.joined(separator: ", "))")
    }

    /// The columns of the output that the plan's parts for names bring.
    var labelOutputColumns: [OutputColumn] {
        (classes.isEmpty ? [] : [.classes]) + (matrix == nil ? [] : [.cell])
            + (policies.isEmpty ? [] : [.action, .contacts])
    }

    /// Refuses columns of names that nothing in the plan gives.
    func checkLabelColumns(_ columns: [OutputColumn]) throws(PlanError) {
        let needs: [(column: OutputColumn, key: String)] = [
            (.classes, "classes"), (.cell, "matrix"), (.action, "policies"), (.contacts, "policies"),
        ]
        for (column, key) in needs where !labelOutputColumns.contains(column) {
            guard let index = columns.firstIndex(of: column) else { continue }
            throw PlanError(
                .conflict, at: "output.columns[\(index)]", nil, problem: "the plan has no \(key)",
                remedy: "add '\(key):', or drop the column")
        }
    }
}

extension Plan.Axis {
    /// The cuts and the key that they stand under.
    fileprivate var cutList: (cuts: [Double], key: String) {
        switch cuts {
        case .values(let cuts): (cuts, "cuts")
        case .quantiles(let cuts): (cuts, "quantiles")
        }
    }
}
