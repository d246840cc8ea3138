import Scoring

/// A column of words in SQL.
enum SQLWords {
    /// The text of a column without spaces and tabs around it; NULL for nothing and for words that mean nothing.
    ///
    /// - Parameter isFolded: whether upper and lower case are alike.
    static func text(_ column: String, nullWords: [String], isFolded: Bool) -> String {
        let text = "trim(CAST(\(column) AS VARCHAR), ' \t')"
        let nothing = ([""] + nullWords).map(SQLText.string).joined(separator: ", ")
        return "CASE WHEN \(text) NOT IN (\(nothing)) THEN \(isFolded ? "lower(\(text))" : text) END"
    }

    /// The number that a text stands for; NULL for one that is no word.
    static func number(of text: String, _ grades: Normalization.GradeWords) -> String {
        let words = grades.folded.map { word, number in
            "WHEN \(text) = \(literal(word)) THEN \(SQLText.number(number + 0.0))"
        }
        let numbers = grades.numbers.map { grade in
            "WHEN \(isNumber(grade.number, text)) THEN \(SQLText.number(grade.score + 0.0))"
        }
        return "CASE \((words + numbers).joined(separator: " ")) END"
    }

    /// A word as the database makes it small: of letters beyond ASCII some have small ones and some do not.
    private static func literal(_ word: String) -> String {
        let isPlain = word.utf8.elementsEqual(word.lowercased().utf8)
        return isPlain ? SQLText.string(word) : "lower(\(SQLText.string(word)))"
    }

    /// Whether a text is a number as databases write it: `1`, `1.0` or `1.00`.
    private static func isNumber(_ number: Double, _ text: String) -> String {
        let plain = number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : number.description
        let pointed = plain.contains(".") ? plain : plain + "."
        return "\(text) = '\(plain)' OR rtrim(\(text), '0') = '\(pointed)'"
    }
}
