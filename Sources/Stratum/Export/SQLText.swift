import Scoring

/// The parts of SQL that every exported model is made of.
enum SQLText {
    /// A number that is read as binary64: without an exponent some databases would take it for a decimal.
    static func number(_ value: Double) -> String {
        let text = value.description
        let number = text.contains("e") ? text : text + "e0"
        // Two minus signs in a row begin a comment.
        return value < 0 ? "(\(number))" : number
    }

    /// A name, quoted.
    static func name(_ text: String) -> String { quoted(text, "\"") }

    /// The name of a table, each of its parts between dots quoted.
    static func table(_ text: String) -> String {
        text.split(separator: ".", omittingEmptySubsequences: false).map { name(String($0)) }.joined(separator: ".")
    }

    /// A text, quoted.
    static func string(_ text: String) -> String { quoted(text, "'") }

    /// A name as it can stand in a comment of one line.
    static func comment(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }

    private static func quoted(_ text: String, _ quote: Unicode.Scalar) -> String {
        let doubled = text.unicodeScalars.map { $0 == quote ? "\(quote)\(quote)" : String($0) }
        return "\(quote)\(doubled.joined())\(quote)"
    }

    /// A transformed value; NULL for NULL and where the transform has no value.
    static func transform(_ transform: Transform, _ x: String) -> String {
        switch transform {
        case .none: x
        case .log1p: "CASE WHEN \(x) >= 0E0 THEN \(log1p(x)) END"
        case .sqrt: "CASE WHEN \(x) >= 0E0 THEN sqrt(\(x)) END"
        case .signedLog1p: "CASE WHEN \(x) < 0E0 THEN -\(log1p("(-\(x))")) ELSE \(log1p(x)) END"
        case .signedSqrt: "CASE WHEN \(x) < 0E0 THEN -sqrt(-\(x)) ELSE sqrt(\(x)) END"
        }
    }

    /// ln(1 + x) without the loss of the small digits of x: SQL has no log1p.
    ///
    /// ln(u) x / (u - 1) for u = 1 + x (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 1.14.1).
    private static func log1p(_ x: String) -> String {
        "CASE WHEN 1E0 + \(x) = 1E0 THEN \(x) ELSE ln(1E0 + \(x)) * \(x) / (1E0 + \(x) - 1E0) END"
    }
}
