import LifetimeValue
import Reports
import TableIO
import VectorMath

extension Engine {
    /// Fits a model of purchases, and of their spend, and writes it.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin; they count as one.
    ///   - input: what the columns mean.
    ///   - output: the model's file.
    ///   - rejects: where rejected records go; nil counts them only.
    ///   - summary: where the summary goes.
    /// - Throws: as `indicators`, and `LifetimeFitError`.
    /// - Complexity: some 15 passes over the distinct histories for each model
    public static func fitLifetime(
        inputs: [String], of input: LifetimeInput, _ specification: LifetimeSpecification, output: String,
        rejects: String? = nil, summary: String? = nil, options: RunOptions
    ) throws -> RunResult {
        let sources = try options.sources(inputs)
        let files = try VerbFiles(model: output, rejects: rejects, summary: summary, sources: sources, options)
        var stopwatch = Stopwatch()
        let customers = try stopwatch.time("read") {
            try LifetimeCustomers.read(
                sources, of: input, timeUnit: specification.timeUnit, calibrationEnd: specification.calibrationEnd,
                options
            ) { try files.reject($0) }
        }
        let fitting = try stopwatch.time("fit") {
            try LifetimeFitting(customers, specification, workers: Workers(threadCount: options.threadCount))
        }
        try files.output.append(fitting.fitted.encode())
        var result = customers.result(
            of: "lifetime fit", stopwatch, [.init("lifetime", fitting.report.json)], warnings: fitting.warnings)
        result.tables = .lifetime(fitting.report)
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }

    /// Writes for each customer what a model says of the time to come: the probability of being alive, the purchases
    /// and the probability of none within the horizon, the spend of a purchase, the discounted value.
    ///
    /// Customers without a purchase have empty cells; so have spend and value where the model knows nothing of spend.
    ///
    /// - Parameters: as `fitLifetime`.
    /// - Throws: as `fitLifetime`.
    public static func predictLifetime(
        _ fitted: StoredLifetime, inputs: [String], of input: LifetimeInput, _ prediction: LifetimePrediction,
        output: String, rejects: String? = nil, summary: String? = nil, options: RunOptions
    ) throws -> RunResult {
        let sources = try options.sources(inputs)
        _ = try prediction.discounting()
        let files = try VerbFiles(output: output, rejects: rejects, summary: summary, sources: sources, options)
        var stopwatch = Stopwatch()
        let customers = try stopwatch.time("read") {
            try LifetimeCustomers.read(sources, of: input, timeUnit: fitted.model.timeUnit, options) {
                try files.reject($0)
            }
        }
        let forecast = try stopwatch.time("predict") {
            try LifetimeForecast(
                fitted, of: customers, prediction, workers: Workers(threadCount: options.threadCount))
        }
        try stopwatch.time("write") {
            let rows = FigureRows(
                idColumn: input.id, columns: LifetimeForecast.columns, spreadsheetSafe: options.spreadsheetSafe)
            let starts = customers.pieces.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.historyCount) }
            try options.write(rows, chunkCount: customers.pieces.count) { index in
                forecast.chunk(customers.pieces[index], from: starts[index])
            } deliver: {
                try files.output.append($0)
            }
        }
        let warnings = customers.meanSpends == nil || fitted.spend == .none
        var result = customers.result(
            of: "lifetime predict", stopwatch, [.init("forecast", forecast.json(fitted, prediction))],
            warnings: warnings ? ["spend is not known of the customers or to the model"] : [])
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }
}

extension LifetimeInput {
    /// The column of the ids.
    var id: String {
        switch self {
        case .orders(let columns): columns.id
        case .histories(let columns): columns.id
        }
    }
}

extension LifetimeForecast {
    func json(_ fitted: StoredLifetime, _ prediction: LifetimePrediction) -> JSONValue {
        let totals = totals
        return [
            "model": .text("\(fitted.model.family)"), "horizon": prediction.horizon.json,
            "discount_rate": .number(prediction.discountRate), "discount_period": prediction.discountPeriod.json,
            "margin": .number(prediction.margin), "expected_purchases": .number(totals.purchases),
            "discounted_lifetime_value": .optional(totals.value.isNaN ? nil : totals.value),
        ]
    }
}

extension TimeSpan {
    /// The number and the unit.
    var json: JSONValue { ["value": .number(value), "unit": .text(unit.rawValue)] }
}

extension LifetimeCustomers {
    /// A result with what is known of the input.
    func result(
        of verb: String, _ stopwatch: Stopwatch, _ figures: [JSONValue.Member], warnings: [String] = []
    ) -> RunResult {
        let summary = RunSummary(
            engineVersion: Engine.version, verb: verb, rows: intake.rows, warnings: self.warnings + warnings,
            inputs: intake.files, stages: stopwatch.stages, results: [.init("customers", json)] + figures)
        return RunResult(summary: summary, pyramid: nil, firstRejects: intake.firstRejects)
    }
}
