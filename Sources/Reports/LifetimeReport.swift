/// A fitted model of purchases and of their spend, for a reader.
public struct LifetimeReport: Equatable, Sendable {
    /// A parameter.
    public struct Parameter: Equatable, Sendable {
        /// As in the papers.
        public var name: String
        /// Its value and how sure that is.
        public var value, standardError: Double

        /// A parameter.
        public init(name: String, value: Double, standardError: Double) {
            self.name = name
            self.value = value
            self.standardError = standardError
        }
    }

    /// The model of the spend of a purchase.
    public struct Spend: Equatable, Sendable {
        /// Which model.
        public var name: String
        /// The mean over the population.
        public var mean: Double
        /// Customers that it was fitted to.
        public var customerCount: Int
        /// Empty for one mean.
        public var parameters: [Parameter]
        /// Nil for one mean.
        public var logLikelihood: Double?

        /// A model of spend.
        public init(
            name: String, mean: Double, customerCount: Int, parameters: [Parameter] = [], logLikelihood: Double? = nil
        ) {
            self.name = name
            self.mean = mean
            self.customerCount = customerCount
            self.parameters = parameters
            self.logLikelihood = logLikelihood
        }
    }

    /// A model that was tried.
    public struct Candidate: Equatable, Sendable {
        /// Which model.
        public var name: String
        /// Figures of its fit; nil without one, the last also without a hold-out.
        public var logLikelihood, bic, holdOutError: Double?
        /// Why there is no fit.
        public var problem: String?
        /// Whether it is the one.
        public var isChosen: Bool

        /// A model that was tried.
        public init(
            name: String, logLikelihood: Double?, bic: Double?, holdOutError: Double?, problem: String?,
            isChosen: Bool
        ) {
            self.name = name
            self.logLikelihood = logLikelihood
            self.bic = bic
            self.holdOutError = holdOutError
            self.problem = problem
            self.isChosen = isChosen
        }
    }

    /// Which model, and the unit of its times.
    public var model, timeUnit: String
    /// Its parameters.
    public var parameters: [Parameter]
    /// The maximum of the log-likelihood, and Schwarz's criterion.
    public var logLikelihood, bic: Double
    /// Customers that it was fitted to, and distinct histories among them.
    public var customerCount, distinctCount: Int
    /// Nil if spend is left out.
    public var spend: Spend?
    /// In the order they were tried.
    public var candidates: [Candidate]
    /// What decided between them: `bic` or `hold-out`.
    public var criterion: String

    /// A report.
    public init(
        model: String, timeUnit: String, parameters: [Parameter], logLikelihood: Double, bic: Double,
        customerCount: Int, distinctCount: Int, spend: Spend?, candidates: [Candidate], criterion: String
    ) {
        self.model = model
        self.timeUnit = timeUnit
        self.parameters = parameters
        self.logLikelihood = logLikelihood
        self.bic = bic
        self.customerCount = customerCount
        self.distinctCount = distinctCount
        self.spend = spend
        self.candidates = candidates
        self.criterion = criterion
    }

    /// The figures for the summary.
    public var json: JSONValue {
        [
            "model": .text(model), "time_unit": .text(timeUnit), "parameters": Self.json(parameters),
            "log_likelihood": .number(logLikelihood), "bic": .number(bic), "customers": .integer(customerCount),
            "distinct_histories": .integer(distinctCount),
            "spend": spend.map { spend in
                [
                    "model": .text(spend.name), "mean": .number(spend.mean),
                    "customers": .integer(spend.customerCount), "parameters": Self.json(spend.parameters),
                    "log_likelihood": .optional(spend.logLikelihood),
                ]
            } ?? .null,
            "criterion": .text(criterion),
            "candidates": .list(
                candidates.map { candidate in
                    [
                        "model": .text(candidate.name), "log_likelihood": .optional(candidate.logLikelihood),
                        "bic": .optional(candidate.bic),
                        "hold_out_root_mean_squared_error": .optional(candidate.holdOutError),
                        "chosen": .bool(candidate.isChosen), "problem": .optional(candidate.problem),
                    ]
                }),
        ]
    }

    private static func json(_ parameters: [Parameter]) -> JSONValue {
        .list(
            parameters.map {
                [
                    "name": .text($0.name), "value": .number($0.value), "standard_error": .number($0.standardError),
                ]
            })
    }
}

extension LifetimeReport {
    /// Tables for the terminal: the parameters, and the models that were tried if there were several.
    public func text(_ style: TerminalStyle) -> String {
        var parts = [
            "\(model), times in \(timeUnit); \(groupedText(customerCount)) customers, "
                + "\(groupedText(distinctCount)) distinct histories\n" + Self.table(parameters).text(style)
                + "log-likelihood \(groupedText(logLikelihood, decimals: 6)), BIC \(groupedText(bic, decimals: 3))\n"
        ]
        if let spend {
            var text = "spend: \(spend.name); \(groupedText(spend.customerCount)) customers with repeat purchases, "
            text += "a purchase is worth \(groupedText(spend.mean, decimals: 6)) on average\n"
            if !spend.parameters.isEmpty { text += Self.table(spend.parameters).text(style) }
            if let logLikelihood = spend.logLikelihood {
                text += "log-likelihood \(groupedText(logLikelihood, decimals: 6))\n"
            }
            parts.append(text)
        }
        if candidates.count > 1 { parts.append(candidateTable.text(style)) }
        return parts.joined(separator: "\n")
    }

    private static func table(_ parameters: [Parameter]) -> TextTable {
        var table = TextTable(columns: [("parameter", .left), ("value", .right), ("standard error", .right)])
        for parameter in parameters {
            table.append([
                parameter.name, significantText(parameter.value, digits: 6),
                Self.text(parameter.standardError),
            ])
        }
        return table
    }

    /// Three significant digits, also of small numbers.
    private static func text(_ error: Double) -> String {
        guard error > 1e-9, error < 1e-2 else { return significantText(error, digits: 3) }
        var decimals = 2
        var scale = 1e-3
        while scale > error, decimals < 9 {
            scale /= 10
            decimals += 1
        }
        return groupedText(error, decimals: min(9, decimals + 3))
    }

    private var candidateTable: TextTable {
        let hasHoldOut = candidates.contains { $0.holdOutError != nil }
        var table = TextTable(
            columns: [("model", .left), ("log-likelihood", .right), ("BIC", .right)]
                + (hasHoldOut ? [("hold-out error", .right)] : []) + [("", .left)])
        for candidate in candidates {
            var row = [
                candidate.name, candidate.logLikelihood.map { groupedText($0, decimals: 3) } ?? "",
                candidate.bic.map { groupedText($0, decimals: 3) } ?? "",
            ]
            if hasHoldOut { row.append(candidate.holdOutError.map { groupedText($0, decimals: 5) } ?? "") }
            table.append(row + [candidate.isChosen ? "chosen by \(criterion)" : candidate.problem ?? ""])
        }
        return table
    }
}
