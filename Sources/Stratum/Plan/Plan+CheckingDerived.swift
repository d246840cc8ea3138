import Scoring
import TableIO

extension Plan {
    /// The derived columns, understood.
    ///
    /// - Throws: `PlanError` for names that clash, expressions that cannot be read and columns derived from themselves.
    func understoodDerived() throws(PlanError) -> DerivedColumns {
        try checkUnique(derived.map(\.name), what: "derived column") { "derived.\(derived[$0].name)" }
        for column in derived {
            let path = "derived.\(column.name)"
            try checkName(column.name, at: path)
            if column.name.utf8.elementsEqual(input.id.utf8) {
                throw PlanError(
                    .conflict, at: path, nil, problem: "'\(column.name)' is the column of ids",
                    remedy: "give the derived column another name")
            }
            if case .deliveredValue(let benefits, let costs) = column.formula {
                if benefits.isEmpty, costs.isEmpty {
                    throw invalid(path, "neither benefits nor costs", remedy: "name a column of either")
                }
                for (terms, key) in [(benefits, "benefits"), (costs, "costs")] {
                    for term in terms where !(term.weight >= 0 && term.weight.isFinite) {
                        throw invalid(
                            "\(path).\(key).\(term.column)", "the weight \(term.weight) cannot be used",
                            remedy: "give a finite number, 0 or more; costs are taken off as they are")
                    }
                }
            }
        }
        let understood = try DerivedColumns(derived)
        for (column, expression) in zip(understood.names, understood.expressions) {
            for name in expression.columns {
                try checkName(name, at: "derived.\(column)")
                if name.utf8.elementsEqual(input.id.utf8) {
                    throw invalid(
                        "derived.\(column)", "'\(name)' is the column of ids, no number",
                        remedy: "compute with columns of numbers")
                }
            }
        }
        return understood
    }

    /// Refuses limits that an indicator's kind or a derived column does not take.
    func checkAccepted(_ indicator: Indicator, at path: String, _ derived: DerivedColumns) throws(PlanError) {
        let normalization = specification(indicator).normalization
        let range = indicator.admissible
        let isDerived = derived.number(of: indicator.source) != nil
        if isDerived, range != AdmissibleRange() {
            throw PlanError(
                .conflict, at: "\(path).admissible", nil,
                problem: "'\(indicator.source)' is derived, and no record is rejected for what is computed from it",
                remedy: "limit the columns it is derived from, or write min(max(…)) in its expression")
        }
        if let answers = normalization.answerRange, isAbsolute(indicator) {
            let low = range.minimum ?? answers.lowerBound
            let high = range.maximum ?? answers.upperBound
            if low < answers.lowerBound || high > answers.upperBound {
                throw invalid(
                    "\(path).admissible", "wider than the scale from \(answers.lowerBound) to \(answers.upperBound)",
                    remedy: "drop it, or name numbers that mean no answer under input.nullWords")
            }
        }
        guard case .gradeWords(let words, _) = normalization, isAbsolute(indicator) else { return }
        for word in words { try checkName(word.word, at: "\(path).normalization.scores") }
        if range != AdmissibleRange() {
            throw PlanError(
                .conflict, at: "\(path).admissible", nil, problem: "words have no limits",
                remedy: "drop it: a word without a score rejects the record")
        }
        if isDerived {
            throw PlanError(
                .conflict, at: "\(path).normalization", nil,
                problem: "'\(indicator.source)' is derived and has no words",
                remedy: "grade a column of the file")
        }
        let nulls = Set(input.nullWords.map { $0.lowercased() })
        if let word = words.first(where: { nulls.contains($0.word.lowercased()) }) {
            throw PlanError(
                .conflict, at: "\(path).normalization.scores.\(word.word)", nil,
                problem: "'\(word.word)' stands for a missing value under input.nullWords",
                remedy: "keep one of the two")
        }
    }

    /// The values of an indicator's column that are accepted: those of the plan, or of the scale that it is answered on.
    ///
    /// What is computed lies in no file that could be mended: a derived column has no limits.
    func accepted(_ indicator: Indicator, _ derived: DerivedColumns) -> AdmissibleRange {
        guard derived.number(of: indicator.source) == nil, isAbsolute(indicator),
            let answers = specification(indicator).normalization.answerRange
        else { return indicator.admissible }
        return AdmissibleRange(
            minimum: indicator.admissible.minimum ?? answers.lowerBound,
            maximum: indicator.admissible.maximum ?? answers.upperBound)
    }

    /// Whether the normalization counts: a target has none.
    private func isAbsolute(_ indicator: Indicator) -> Bool {
        if case .target = indicator.direction { false } else { true }
    }

    /// What the reader makes of the words in a column; nil for a column of numbers.
    func wordTable(ofColumn column: String) -> WordTable? {
        gradeWords(ofColumn: column).map { grades in
            WordTable(
                words: grades.words.map { (Array($0.word.utf8), $0.score) },
                numbers: grades.numbers.map { ($0.number, $0.score) })
        }
    }

    /// The words that a column holds, and what they stand for; nil for a column of numbers.
    func gradeWords(ofColumn column: String) -> Normalization.GradeWords? {
        for indicator in dimensions.flatMap(\.indicators) where indicator.source.utf8.elementsEqual(column.utf8) {
            if let grades = specification(indicator).normalization.words { return grades }
        }
        return nil
    }
}
