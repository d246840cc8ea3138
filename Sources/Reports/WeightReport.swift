/// Weights side by side: a column of weights for each method, and what each would change.
public struct WeightReport: Equatable, Sendable {
    /// The weights of one method.
    public struct Method: Equatable, Sendable {
        /// The method's name in the plan.
        public var name: String
        /// The share of each indicator in the score, over all dimensions.
        public var weights: [Double]
        /// An interval for each weight; empty if none were asked for.
        public var intervals: [ClosedRange<Double>]
        /// How well an outcome that was held out is foretold: R^2 or the area under the curve; nil for other methods.
        public var holdOutFigure: Double?
        /// Customers of the top tier under the plan's weights who would leave it under these; nil if the method
        /// cannot be used.
        public var leavingTopCount: Int?
        /// Why the method cannot be used here.
        public var problem: String?

        /// A method's weights.
        public init(
            name: String, weights: [Double], intervals: [ClosedRange<Double>] = [], holdOutFigure: Double? = nil,
            leavingTopCount: Int? = nil, problem: String? = nil
        ) {
            self.name = name
            self.weights = weights
            self.intervals = intervals
            self.holdOutFigure = holdOutFigure
            self.leavingTopCount = leavingTopCount
            self.problem = problem
        }
    }

    /// For each indicator its dimension and its name.
    public var indicators: [(dimension: String, name: String)] {
        zip(dimensionNames, indicatorNames).map { ($0, $1) }
    }
    /// The dimension of each indicator.
    public var dimensionNames: [String]
    /// The indicators.
    public var indicatorNames: [String]
    /// The methods.
    public var methods: [Method]
    /// The name of the top tier.
    public var topTier: String
    /// How many customers the plan's weights put in it.
    public var topTierCount: Int

    /// A report on weights.
    public init(
        dimensionNames: [String], indicatorNames: [String], methods: [Method], topTier: String, topTierCount: Int
    ) {
        self.dimensionNames = dimensionNames
        self.indicatorNames = indicatorNames
        self.methods = methods
        self.topTier = topTier
        self.topTierCount = topTierCount
    }

    /// A record for each method and indicator, every number with all its digits.
    public var csv: [UInt8] {
        var csv = CSVText()
        csv.append(["method", "dimension", "indicator", "weight", "weight_low", "weight_high"])
        for method in methods where method.problem == nil {
            for (place, indicator) in indicators.enumerated() {
                let interval = method.intervals.isEmpty ? nil : method.intervals[place]
                csv.append([
                    method.name, indicator.dimension, indicator.name, CSVText.field(method.weights[place]),
                    CSVText.field(interval?.lowerBound), CSVText.field(interval?.upperBound),
                ])
            }
        }
        return csv.bytes
    }

    /// The same figures with what each method would change.
    public var json: JSONValue {
        [
            "top_tier": .text(topTier), "top_tier_customers": .integer(topTierCount),
            "methods": .list(methods.map(json(of:))),
        ]
    }

    private func json(of method: Method) -> JSONValue {
        guard method.problem == nil else {
            return ["method": .text(method.name), "problem": .optional(method.problem)]
        }
        return [
            "method": .text(method.name), "hold_out": .optional(method.holdOutFigure),
            "leaving_top": .optional(method.leavingTopCount),
            "weights": .list(
                indicators.enumerated().map { place, indicator in
                    var members: [JSONValue.Member] = [
                        .init("dimension", .text(indicator.dimension)), .init("indicator", .text(indicator.name)),
                        .init("weight", .number(method.weights[place])),
                    ]
                    if !method.intervals.isEmpty {
                        members.append(.init("low", .number(method.intervals[place].lowerBound)))
                        members.append(.init("high", .number(method.intervals[place].upperBound)))
                    }
                    return .object(members)
                }),
        ]
    }

    /// A table for the terminal: an indicator a line, a method a column, weights in percent of the score.
    public func text(_ style: TerminalStyle) -> String {
        let usable = methods.filter { $0.problem == nil }
        var table = TextTable(columns: [("indicator", .left)] + usable.map { (Self.short($0.name), .right) })
        for (place, indicator) in indicators.enumerated() {
            table.append(
                [indicator.name] + usable.map { groupedText(100 * $0.weights[place], decimals: 1) })
            guard usable.contains(where: { !$0.intervals.isEmpty }) else { continue }
            table.append(
                [""]
                    + usable.map { method in
                        method.intervals.isEmpty ? "" : Self.text(method.intervals[place], style)
                    })
        }
        table.append(["leave \(topTier)"] + usable.map { $0.leavingTopCount.map { groupedText($0) } ?? "" })
        if usable.contains(where: { $0.holdOutFigure != nil }) {
            table.append(
                ["hold-out"] + usable.map { $0.holdOutFigure.map { groupedText($0, decimals: 3) } ?? "" })
        }
        let problems = methods.compactMap { method in method.problem.map { "\(method.name): \($0)\n" } }
        return table.text(style) + problems.joined()
    }

    private static func text(_ interval: ClosedRange<Double>, _ style: TerminalStyle) -> String {
        let dash = style.asciiOnly ? "-" : "–"
        return groupedText(100 * interval.lowerBound, decimals: 1) + dash
            + groupedText(100 * interval.upperBound, decimals: 1)
    }

    /// Headings that leave room for ten columns.
    private static func short(_ name: String) -> String {
        switch name {
        case "standardDeviation": "sd"
        case "coefficientOfVariation": "cv"
        case "principalComponent": "pca"
        case "leastSquares": "nnls"
        default: name
        }
    }
}
