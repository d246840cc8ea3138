import Glibc
import Reports
import Scoring

extension Plan {
    /// Refuses judgments that are no triangle of ratios for as many names, or that stand beside weights.
    func checkJudgments() throws(PlanError) {
        try check(judgments, of: dimensions.map(\.name), weights: dimensions.map(\.weight), at: "judgments")
        for (number, dimension) in dimensions.enumerated() {
            try check(
                dimension.judgments, of: dimension.indicators.map(\.name),
                weights: dimension.indicators.map(\.weight), at: "dimensions[\(number)].judgments")
        }
    }

    private func check(
        _ judgments: [Double]?, of names: [String], weights: [Double], at path: String
    ) throws(PlanError) {
        guard let judgments else { return }
        let needed = names.count * (names.count - 1) / 2
        guard judgments.count == needed else {
            throw PlanError(
                .invalidValue, at: path, nil,
                problem: "\(judgments.count) judgments for \(names.count) names",
                remedy: "give \(needed): the first against the second, third, ..., then the second against the third")
        }
        guard weights.allSatisfy({ $0 == 1 }) else {
            throw PlanError(
                .conflict, at: path, nil, problem: "there are judgments and weights for the same names",
                remedy: "keep one of the two")
        }
        do throws(ScoringError) {
            _ = try PairwiseJudgments(upperTriangle: judgments, at: path)
        } catch {
            throw PlanError(.invalidValue, at: error.path, nil, problem: error.problem, remedy: error.remedy)
        }
    }

    /// A sentence for each set of judgments that contradict each other more than Saaty advises.
    var judgmentNotes: [String] {
        let sets =
            [("the dimensions", dimensions.map(\.name), judgments)]
            + dimensions.map { ("\"\($0.name)\"", $0.indicators.map(\.name), $0.judgments) }
        return sets.compactMap { title, names, triangle in
            guard let triangle, let judgments = try? PairwiseJudgments(upperTriangle: triangle),
                judgments.consistencyRatio > PairwiseJudgments.consistencyLimit,
                let outlier = judgments.mostInconsistent
            else { return nil }
            return """
                judgments of \(title) contradict each other: consistency ratio \(decimal(judgments.consistencyRatio)) \
                is above \(decimal(PairwiseJudgments.consistencyLimit)); \(names[outlier.row]) against \
                \(names[outlier.column]) is judged \(Self.ratio(outlier.ratio)), the others say \
                \(Self.ratio(outlier.mendedRatio)), which would make it \(decimal(outlier.mendedConsistencyRatio))
                """
        }
    }

    private func decimal(_ value: Double) -> String { groupedText(value, decimals: 2) }

    /// A judgment as people write it: 3, or 1/3.
    private static func ratio(_ value: Double) -> String {
        value >= 1 ? trimmed(value) : "1/" + trimmed(1 / value)
    }

    private static func trimmed(_ value: Double) -> String {
        abs(value - value.rounded()) < 0.005 ? groupedText(Int(value.rounded())) : groupedText(value, decimals: 2)
    }
}
