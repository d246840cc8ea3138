import Reports

/// A column that the file does not have: computed from others, row by row.
public struct DerivedColumn: Equatable, Sendable {
    /// The name, by which the plan calls it like any column of the file.
    public var name: String
    /// How it is computed.
    public var formula: Formula

    /// How a derived column is computed.
    public enum Formula: Equatable, Sendable {
        /// Arithmetic of columns and numbers: `+ - * /`, parentheses, `min`, `max`, `abs` and `log` (natural).
        ///
        /// Names with blanks or signs stand in double quotes or backticks. A missing value, a division by zero, the
        /// logarithm of what is not positive, or a result that is not finite gives a missing value.
        case expression(String)
        /// What a customer delivers (Kotler: Vc = Fc - Cc): weighted benefits less weighted costs, in the columns' units.
        case deliveredValue(benefits: [WeightedColumn], costs: [WeightedColumn])
    }

    /// A column and what it is multiplied by, 0 or more.
    public struct WeightedColumn: Equatable, Sendable {
        /// The column.
        public var column: String
        /// What it is multiplied by.
        public var weight: Double

        /// A column times a weight.
        public init(_ column: String, weight: Double) {
            self.column = column
            self.weight = weight
        }
    }

    /// A column that an expression gives.
    public init(_ name: String, _ expression: String) {
        self.init(name, .expression(expression))
    }

    /// A derived column.
    public init(_ name: String, _ formula: Formula) {
        self.name = name
        self.formula = formula
    }

    /// The formula as an expression.
    public var expression: String {
        switch formula {
        case .expression(let text): return text
        case .deliveredValue(let benefits, let costs):
            var text = ""
            for (terms, sign) in [(benefits, "+"), (costs, "-")] {
                for term in terms {
                    let product = "\(shortestText(term.weight)) * \(Self.quoted(term.column))"
                    text += text.isEmpty ? (sign == "-" ? "-\(product)" : product) : " \(sign) \(product)"
                }
            }
            return text
        }
    }

    /// A column's name as an expression writes it: in quotes unless it is plain.
    static func quoted(_ name: String) -> String {
        let isPlain =
            !name.isEmpty && !ExpressionParser.isDigit(name.utf8.first ?? 0)
            && name.utf8.allSatisfy(ExpressionParser.isNameByte)
            && !ExpressionParser.wideSigns.contains { name.utf8.contains($0.wide) }
        if isPlain { return name }
        var text = "\""
        for scalar in name.unicodeScalars {
            if scalar == "\"" { text.unicodeScalars.append("\"") }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }
}

extension String.UTF8View {
    /// Whether the bytes of `text` stand somewhere in these.
    fileprivate func contains(_ text: String) -> Bool {
        indices.contains { self[$0...].starts(with: text.utf8) }
    }
}
