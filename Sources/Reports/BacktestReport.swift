/// Predictions of models, and of baselines without one, beside what happened.
public struct BacktestReport: Equatable, Sendable {
    /// How good the predictions of one quantity are.
    public struct Figures: Equatable, Sendable {
        /// Shares of the customers whose hit rates are told.
        public static let topShares = [0.01, 0.05, 0.2]

        /// Means over the customers, in purchases or the currency; the bias is over 0 if too much was predicted.
        public var meanAbsoluteError, rootMeanSquaredError, bias: Double
        /// The bias as a share of what happened; nil if nothing did.
        public var relativeBias: Double?
        /// Sums over the customers.
        public var predictedTotal, actualTotal: Double
        /// For each tenth of the customers by prediction, the best first, its mean over the mean of all; nil if nothing
        /// happened.
        public var lifts: [Double?]
        /// Of the customers who were best, the part that was predicted to be; for each of `topShares`.
        public var hitRates: [Double]

        /// The figures of one quantity.
        public init(
            meanAbsoluteError: Double, rootMeanSquaredError: Double, bias: Double, relativeBias: Double?,
            predictedTotal: Double, actualTotal: Double, lifts: [Double?], hitRates: [Double]
        ) {
            self.meanAbsoluteError = meanAbsoluteError
            self.rootMeanSquaredError = rootMeanSquaredError
            self.bias = bias
            self.relativeBias = relativeBias
            self.predictedTotal = predictedTotal
            self.actualTotal = actualTotal
            self.lifts = lifts
            self.hitRates = hitRates
        }
    }

    /// A model or a baseline.
    public struct Entry: Equatable, Sendable {
        /// Its name.
        public var name: String
        /// Nil without a fit; the spend also where it is not known.
        public var purchases, spend: Figures?
        /// Why there is no fit.
        public var problem: String?

        /// A model or a baseline.
        public init(name: String, purchases: Figures? = nil, spend: Figures? = nil, problem: String? = nil) {
            self.name = name
            self.purchases = purchases
            self.spend = spend
            self.problem = problem
        }
    }

    /// Customers who bought in the calibration.
    public var customerCount: Int
    /// The time that was predicted, and the one that the baselines repeat.
    public var holdOutDays, lastPeriodDays: Double
    /// Models first.
    public var entries: [Entry]

    /// A report.
    public init(customerCount: Int, holdOutDays: Double, lastPeriodDays: Double, entries: [Entry]) {
        self.customerCount = customerCount
        self.holdOutDays = holdOutDays
        self.lastPeriodDays = lastPeriodDays
        self.entries = entries
    }

    /// All figures.
    public var json: JSONValue {
        [
            "customers": .integer(customerCount), "hold_out_days": .number(holdOutDays),
            "last_period_days": .number(lastPeriodDays),
            "models": .list(
                entries.map { entry in
                    [
                        "model": .text(entry.name), "problem": .optional(entry.problem),
                        "purchases": entry.purchases?.json ?? .null, "spend": entry.spend?.json ?? .null,
                    ]
                }),
        ]
    }

    /// Tables for the terminal: one of purchases, one of spend if it is known.
    public func text(_ style: TerminalStyle) -> String {
        let days = groupedText(holdOutDays, decimals: 0)
        var parts = [
            "\(groupedText(customerCount)) customers, \(days) days ahead\n"
                + "last columns: of the best 1, 5 and 20 % the percentage that was foretold\n"
        ]
        parts.append(table("purchases", decimals: 4, \.purchases).text(style))
        if entries.contains(where: { $0.spend != nil }) {
            parts.append(table("spend", decimals: 2, \.spend).text(style))
        }
        return parts.joined(separator: "\n")
    }

    private func table(_ title: String, decimals: Int, _ figures: (Entry) -> Figures?) -> TextTable {
        var table = TextTable(
            columns: [
                (title, .left), ("total", .right), ("bias", .right), ("MAE", .right), ("RMSE", .right),
                ("lift", .right),
            ] + Figures.topShares.map { ("\(groupedText($0 * 100, decimals: 0)) %", .right) })
        for entry in entries {
            guard let found = figures(entry) else {
                table.append(["\(entry.name): \(entry.problem ?? "not known")"] + Array(repeating: "", count: 8))
                continue
            }
            table.append(
                [
                    entry.name, groupedText(found.predictedTotal, decimals: 0),
                    found.relativeBias.map(percentText) ?? "",
                    groupedText(found.meanAbsoluteError, decimals: decimals),
                    groupedText(found.rootMeanSquaredError, decimals: decimals),
                    found.lifts.first.flatMap(\.self).map { groupedText($0, decimals: 2) } ?? "",
                ] + found.hitRates.map { groupedText($0 * 100, decimals: 1) })
        }
        if let actual = entries.compactMap(figures).first?.actualTotal {
            table.append(["what happened", groupedText(actual, decimals: 0)] + Array(repeating: "", count: 7))
        }
        return table
    }
}

extension BacktestReport.Figures {
    fileprivate var json: JSONValue {
        [
            "mean_absolute_error": .number(meanAbsoluteError),
            "root_mean_squared_error": .number(rootMeanSquaredError), "bias": .number(bias),
            "relative_bias": .optional(relativeBias), "predicted": .number(predictedTotal),
            "actual": .number(actualTotal), "decile_lifts": .list(lifts.map { .optional($0) }),
            "hit_rates": .list(
                zip(Self.topShares, hitRates).map { ["top_share": .number($0), "hit_rate": .number($1)] }),
        ]
    }
}
