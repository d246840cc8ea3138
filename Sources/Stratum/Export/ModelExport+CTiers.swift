import Tiers

extension ModelExport {
    /// What a column is called in the function that scores.
    func cName(_ column: ExportColumn) -> String {
        switch column {
        case .input(let place): "values[\(place)]"
        case .derived(let place): "derived[\(place)]"
        }
    }

    /// The place of the input that a column is, or is derived from before all others.
    func firstInput(_ column: ExportColumn) -> Int {
        switch column {
        case .input(let place): place
        case .derived(let place): columns.computations[place].operands.first.map(firstInput) ?? 0
        }
    }

    /// The statements that compute the derived columns.
    var derivedLines: [String] {
        guard !columns.computations.isEmpty else { return [] }
        return ["double derived[\(columns.computations.count)];"]
            + columns.computations.enumerated().flatMap { place, computation in
                let lines = CExpression.lines(
                    computation.expression, operands: computation.operands.map(cName), result: "derived[\(place)]")
                return lines.count == 1 ? lines : ["{"] + lines.map { "    " + $0 } + ["}"]
            }
    }

    /// The cut-offs of the groups as a table; NaN for a tier that nobody of a group reaches.
    var groupTable: String? {
        guard let place = groupPlace, let groups = model.tiers.groups?.groups, !groups.isEmpty else { return nil }
        let rows = groups.map { group in
            "    {\(group.lowerBounds.map { $0.map(CText.number) ?? "NAN" }.joined(separator: ", "))},\n"
        }
        let count = model.tiers.lowerBounds.count
        return count == 0
            ? nil : "static const double cutoffs_\(place)[\(groups.count)][\(count)] = {\n\(rows.joined())};\n"
    }

    /// The statements that find the tier.
    var tierLines: [String] {
        let tiers = model.plan.plan.tiers
        var lines = ["double ranked = \(rankingColumn.map(cName) ?? "score");"]
        var branches: [(test: String, code: String)] = []
        if let column = badDebtColumn, let badDebt = tiers.badDebt {
            var test = "\(cName(column)) > \(CText.number(badDebt.above))"
            if let column = overdueDaysColumn, let days = badDebt.days {
                test += " && \(cName(column)) > \(CText.number(days.above))"
            }
            branches.append((test, "\(model.tiers.badDebtCode)"))
        }
        if let column = negativeColumn, let negative = tiers.negative {
            branches.append(("\(cName(column)) < \(CText.number(negative.below))", "\(model.tiers.negativeCode)"))
        }
        if let column = potentialColumn, let potential = tiers.potential {
            branches.append(("\(cName(column)) <= \(CText.number(potential.atMost))", "\(model.tiers.potentialCode)"))
        }
        if let column = inactiveColumn, let inactive = tiers.inactive {
            branches.append(("\(cName(column)) > \(CText.number(inactive.beyond))", "\(model.tiers.inactiveCode)"))
        }
        branches.append(("ranked != ranked", "-1"))
        if groupTable != nil, let place = groupPlace {
            // A place that is none of the table's would be a caller's own number.
            let count = model.tiers.groups?.groups.count ?? 0
            lines += [
                "const double *cutoffs = cutoffs_all;",
                "if (values[\(place)] >= 0 && values[\(place)] < \(count)) cutoffs = cutoffs_\(place)[(int)values[\(place)]];",
            ]
            for tier in model.tiers.lowerBounds.indices {
                branches.append(("ranked >= cutoffs[\(tier)]", "\(tier)"))
            }
        } else {
            for (tier, bound) in model.tiers.lowerBounds.enumerated() {
                if let bound { branches.append(("ranked >= \(CText.number(bound))", "\(tier)")) }
            }
        }
        for (number, branch) in branches.enumerated() {
            lines.append("\(number == 0 ? "if" : "else if") (\(branch.test)) out->tier = \(branch.code);")
        }
        lines.append("else out->tier = \(model.tiers.names.count - 1);")
        return lines
    }

    /// The cut-offs of all customers, where groups have others.
    var generalTable: String? {
        guard groupTable != nil else { return nil }
        let bounds = model.tiers.lowerBounds.map { $0.map(CText.number) ?? "NAN" }
        return "static const double cutoffs_all[\(bounds.count)] = {\(bounds.joined(separator: ", "))};\n"
    }
}
