import Scoring

extension Plan {
    /// Whether an indicator's values are answers or grades; a target looks at numbers.
    func holdsAnswers(_ indicator: Indicator) -> Bool {
        if case .target = indicator.direction { return false }
        return specification(indicator).normalization.takesAnswers
    }

    /// Whether what is told as needed of an indicator is a whole number: of counts, days and answers on a scale.
    func takesWholeNumbers(_ indicator: Indicator) -> Bool {
        if let kind = indicator.kind { return kind.isCounted }
        return holdsAnswers(indicator) && specification(indicator).normalization.answerRange != nil
    }

    /// Whether customers are ranked by a column of whole numbers.
    var ranksByWholeNumbers: Bool {
        guard case .column(let column) = tiers.by else { return false }
        return dimensions.flatMap(\.indicators)
            .contains { $0.source.utf8.elementsEqual(column.utf8) && takesWholeNumbers($0) }
    }
}
