import Reports
import Scoring

/// The words of one column, and the numbers that they stand for.
struct ColumnWords: Sendable {
    /// The numbers, each once, rising.
    let numbers: [Double]
    /// For each number the words for it.
    private let texts: [String]

    /// - Parameter column: a place in the plan's columns.
    /// - Returns: nil for a column of numbers.
    init?(_ plan: ResolvedPlan, column: Int) {
        guard let grades = plan.plan.gradeWords(ofColumn: plan.columns[column]) else { return nil }
        let entries =
            grades.words.map { (text: $0.word, number: $0.score + 0.0) }
            + grades.numbers.map { (text: shortestText($0.number), number: $0.score + 0.0) }
        let answers = plan.plan.language.yesAndNo
        let numbers = Set(entries.map(\.number)).sorted()
        self.numbers = numbers
        texts = numbers.map { number in
            let texts = entries.filter { $0.number == number }.map(\.text)
            // Of the many words for yes and no one will do.
            return texts.first(where: answers.contains) ?? texts.joined(separator: "/")
        }
    }

    /// The word for a number, or all of them if several stand for it; nil for what is none of them.
    func text(of number: Double) -> String? { numbers.firstIndex(of: number).map { texts[$0] } }
}
