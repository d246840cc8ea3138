import LifetimeValue
import Reports
import Synchronization
import TableIO
import Tables
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
        try specification.checkFamilies()
        let sources = try options.sources(inputs)
        let files = try VerbFiles(model: output, rejects: rejects, summary: summary, sources: sources, options)
        var stopwatch = Stopwatch()
        let customers = try stopwatch.time("read") {
            try LifetimeCustomers.read(
                sources, of: input, timeUnit: specification.timeUnit, calibrationEnd: specification.calibrationEnd,
                options
            ) { try files.reject($0) }
        }
        if specification.criterion == .holdOut, customers.holdOut == nil {
            throw EngineError(
                .optionConflict, at: customers.intake.path, "there is no time after the calibration to decide by",
                remedy: "end the calibration before the last day of the log, or choose by BIC")
        }
        for family in specification.families { try customers.histories.check(for: family, at: customers.intake.path) }
        let fitting = try stopwatch.time("fit") {
            try LifetimeFitting(
                customers.histories, holdOut: customers.holdOut, specification,
                workers: Workers(threadCount: options.threadCount))
        }
        let stored = StoredLifetime(
            fitting.fitted, source: customers.source, observationEnd: customers.observationEnd)
        try files.output.append(stored.encode())
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
    /// A table of histories is told part by part, in memory for a million customers or so.
    ///
    /// - Parameters: as `fitLifetime`.
    /// - Throws: as `fitLifetime`.
    public static func predictLifetime(
        _ stored: StoredLifetime, inputs: [String], of input: LifetimeInput, _ prediction: LifetimePrediction,
        output: String, rejects: String? = nil, summary: String? = nil, options: RunOptions
    ) throws -> RunResult {
        let sources = try options.sources(inputs)
        _ = try prediction.discounting()
        let files = try VerbFiles(output: output, rejects: rejects, summary: summary, sources: sources, options)
        let fitted = stored.fitted
        let timeUnit = fitted.purchases.timeUnit
        let rows = FigureRows(
            idColumn: input.id, columns: LifetimeForecast.columns, spreadsheetSafe: options.spreadsheetSafe)
        let totals = Mutex(LifetimeForecast.Totals())
        @Sendable func tell(_ histories: CustomerHistories) throws {
            try histories.check(for: fitted.purchases.family, at: sources[0].path)
            let forecast = try LifetimeForecast(
                fitted, of: histories, prediction, workers: Workers(threadCount: options.threadCount))
            totals.withLock { $0.update(forecast) }
            try options.writeChunks(of: rows, count: histories.pieces.count, { forecast.chunk($0) }) {
                try files.output.append($0)
            }
        }
        try options.deliverHeader(of: rows) { try files.output.append($0) }
        var stopwatch = Stopwatch()
        let known: (intake: Intake, warnings: [String], json: JSONValue, hasSpend: Bool)
        switch input {
        case .orders:
            let customers = try stopwatch.time("read") {
                try LifetimeCustomers.read(sources, of: input, timeUnit: timeUnit, options) { try files.reject($0) }
            }
            try stopwatch.time("predict") { try tell(customers.histories) }
            known = (customers.intake, customers.warnings, customers.json, customers.histories.meanSpends != nil)
        case .histories(let columns):
            let intake = try stopwatch.time("predict") {
                try HistoryReader(sources, columns, timeUnit: timeUnit, options).forEachPart(
                    onReject: { try files.reject($0) }, tell)
            }
            let count = totals.withLock { $0.customerCount }
            try intake.requireCustomers(count)
            known = (
                intake, intake.warnings, LifetimeCustomers.json(customerCount: count), columns.meanSpend != nil
            )
        }
        var result = known.intake.result(
            of: "lifetime predict", stopwatch,
            [
                .init("customers", known.json),
                .init("forecast", totals.withLock { $0.json(fitted, prediction) }),
            ],
            warnings: known.warnings
                + (known.hasSpend && fitted.spend != .unknown
                    ? [] : ["spend is not known of the customers or to the model"]))
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }
}

extension LifetimeSpecification {
    /// Refuses models that no criterion compares.
    func checkFamilies() throws(EngineError) {
        guard families.count > 1, families.contains(.bgBB) else { return }
        throw EngineError(
            .optionConflict, at: "models",
            "BG/BB counts opportunities, and its likelihood compares with no other model's",
            remedy: "fit it alone")
    }
}

extension CustomerHistories {
    /// Refuses histories that a model cannot speak of.
    func check(for family: LifetimeFamily, at path: String) throws {
        do throws(LifetimeFitError) {
            try family.check(population)
        } catch {
            guard case .invalidHistory(let row) = error.kind else { throw error }
            let starts = starts
            let piece = starts.lastIndex { $0 <= row } ?? 0
            let place = pieces[piece].rows.map { Int($0[row - starts[piece]]) } ?? row - starts[piece]
            let id = pieces[piece].identifiers[place]
            throw EngineError(
                .unusableHistory, at: path, "customer '\(TerminalText.escaped(id))': \(error.problem)",
                remedy: error.remedy)
        }
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

extension LifetimeForecast.Totals {
    func json(_ fitted: FittedLifetime, _ prediction: LifetimePrediction) -> JSONValue {
        [
            "model": .text("\(fitted.purchases.family)"), "horizon": prediction.horizon.json,
            "discount_rate": .number(prediction.discountRate), "discount_period": prediction.discountPeriod.json,
            "margin": .number(prediction.margin), "expected_purchases": .number(purchases),
            "discounted_lifetime_value": .optional(value.isNaN ? nil : value),
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
        intake.result(
            of: verb, stopwatch, [.init("customers", json)] + figures, warnings: self.warnings + warnings)
    }
}

extension Intake {
    /// A result with what is known of the input.
    func result(
        of verb: String, _ stopwatch: Stopwatch, _ figures: [JSONValue.Member], warnings: [String]
    ) -> RunResult {
        let summary = RunSummary(
            engineVersion: Engine.version, verb: verb, rows: rows, warnings: warnings, inputs: files,
            stages: stopwatch.stages, results: figures)
        return RunResult(summary: summary, pyramid: nil, firstRejects: firstRejects)
    }
}
