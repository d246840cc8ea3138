public import LifetimeValue
import Reports
import Synchronization
import TableIO
import Tables
import VectorMath

extension Engine {
    /// Fits sBG to contracts that are renewed or not, and writes the model.
    ///
    /// - Parameters:
    ///   - inputs: one or more paths, `-` for stdin; they count as one.
    ///   - period: the time from one renewal to the next.
    /// - Throws: `TableIOError`, `EngineError` of kinds `noCustomers` and `unusableHistory`, `LifetimeFitError`.
    public static func fitContracts(
        inputs: [String], of input: ContractInput, period: TimeUnit, output: String, rejects: String? = nil,
        summary: String? = nil, options: RunOptions
    ) throws -> RunResult {
        let sources = try options.sources(inputs)
        let files = try VerbFiles(model: output, rejects: rejects, summary: summary, sources: sources, options)
        var stopwatch = Stopwatch()
        let workers = Workers(threadCount: options.threadCount)
        let table = try stopwatch.time("read") {
            let (id, requests) = input.idAndRequests
            return try options.readTable(sources, id: id, requests) { try files.reject($0) }
        }
        let (fit, customerCount, distinctCount) = try stopwatch.time("fit") {
            switch input {
            case .customers(let columns):
                let counts = ContractCounts(
                    try columns.contracts(of: table.table, at: table.intake.path, workers: workers))
                let fit = try ShiftedBetaGeometric.fit(leaving: counts.leaving, staying: counts.staying)
                return (fit, counts.customerCount, counts.distinctCount)
            case .cohort:
                let survivors = table.table.values(ofColumn: 0, workers: workers)
                let fit = try ShiftedBetaGeometric.fit(survivors: survivors)
                return (fit, max(1, Int(min(survivors[0], 1e15))), survivors.count)
            }
        }
        let checksum = table.intake.files.map { $0.checksum ?? "" }.joined(separator: " ")
        let stored = StoredContracts(
            fit, period: period, source: Model.Source(checksum: checksum, rowCount: customerCount))
        try files.output.append(stored.encode())
        let report = stored.report(distinctCount: distinctCount)
        var result = table.intake.result(
            of: "lifetime fit", stopwatch,
            [.init("customers", LifetimeCustomers.json(customerCount: customerCount)), .init("lifetime", report.json)],
            warnings: table.intake.warnings)
        result.tables = .lifetime(report)
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }

    /// Writes for each customer what sBG says of the contract: the chance of the next renewal, that of being there at
    /// the horizon, the renewals to it and what they are worth. Who has left has zeros; without a fee there is no value.
    ///
    /// The rows are read batch by batch, and none is kept.
    ///
    /// - Throws: as `fitContracts`.
    public static func predictContracts(
        _ stored: StoredContracts, inputs: [String], of columns: ContractColumns, _ prediction: LifetimePrediction,
        output: String, rejects: String? = nil, summary: String? = nil, options: RunOptions
    ) throws -> RunResult {
        let sources = try options.sources(inputs)
        let rate = try prediction.discounting().rate(for: TimeSpan(1, stored.period))
        let files = try VerbFiles(output: output, rejects: rejects, summary: summary, sources: sources, options)
        let rows = FigureRows(
            idColumn: columns.id, columns: ContractForecast.columns, spreadsheetSafe: options.spreadsheetSafe)
        try options.deliverHeader(of: rows) { try files.output.append($0) }
        let forecast = ContractForecast(stored, prediction, rate: rate)
        let totals = Mutex((customerCount: 0, renewals: ExactSum(), value: ExactSum()))
        var stopwatch = Stopwatch()
        let intake = try stopwatch.time("predict") {
            try options.forEachBatch(
                sources, id: columns.id, columns.requests, onReject: { try files.reject($0) }
            ) { batch in
                let table = Table(columnNames: columns.requests.map(\.name), batches: [batch])
                let chunk = try forecast.chunk(of: table, columns, at: sources[0].path)
                totals.withLock {
                    $0.customerCount += batch.rowCount
                    for renewals in chunk.columns[2] { $0.renewals.update(renewals) }
                    for value in chunk.columns[3] where !value.isNaN { $0.value.update(value) }
                }
                let buffer = RowBuffer()
                rows.append(chunk, to: buffer)
                try files.output.append(buffer)
            }
        }
        let found = totals.withLock { $0 }
        try intake.requireCustomers(found.customerCount)
        var result = intake.result(
            of: "lifetime predict", stopwatch,
            [
                .init("customers", LifetimeCustomers.json(customerCount: found.customerCount)),
                .init(
                    "forecast",
                    [
                        "model": "sBG", "horizon": prediction.horizon.json,
                        "discount_rate": .number(prediction.discountRate),
                        "discount_period": prediction.discountPeriod.json, "margin": .number(prediction.margin),
                        "expected_renewals": .number(found.renewals.value),
                        "discounted_lifetime_value": .optional(columns.fee == nil ? nil : found.value.value),
                    ]),
            ], warnings: intake.warnings + (columns.fee == nil ? ["no fee is known, so there is no value"] : []))
        result.summary.outputs = try files.commit(&result.summary)
        return result
    }
}

/// What sBG says of customers.
private struct ContractForecast: Sendable {
    private let model: ShiftedBetaGeometric
    private let periodCount: Int
    /// For one contract period.
    private let rate: Double
    private let margin: Double

    static let columns: [(name: String, form: FigureForm)] = [
        ("retention_rate", .decimals(6)), ("probability_at_horizon", .decimals(6)),
        ("expected_renewals", .decimals(6)), ("discounted_lifetime_value", .decimals(6)),
    ]

    init(_ stored: StoredContracts, _ prediction: LifetimePrediction, rate: Double) {
        model = stored.model
        // With room for the rounding of units.
        periodCount = Int(min(prediction.horizon.value(in: stored.period) + 1e-9, 1e5))
        self.rate = rate
        margin = prediction.margin
    }

    /// - Throws: `EngineError` of kind `unusableHistory`.
    func chunk(of table: Table, _ columns: ContractColumns, at path: String) throws(EngineError) -> FigureRows.Chunk {
        let workers = Workers(threadCount: 1)
        let contracts = try columns.contracts(of: table, at: path, workers: workers)
        let fees = columns.fee == nil ? [] : table.values(ofColumn: 2, workers: workers)
        var figures = [[Double]](repeating: Array(repeating: 0, count: contracts.count), count: 4)
        var known: [Int: SIMD4<Double>] = [:]
        for (row, contract) in contracts.enumerated() {
            let fee = columns.fee == nil ? .nan : fees[row]
            guard !contract.left else {
                if fee.isNaN { figures[3][row] = .nan }
                continue
            }
            let expected = known[contract.renewals] ?? expectation(after: contract.renewals)
            known[contract.renewals] = expected
            for column in 0..<3 { figures[column][row] = expected[column] }
            figures[3][row] = expected[3] * fee * margin
        }
        return FigureRows.Chunk(identifiers: table.batches[0].identifiers, columns: figures)
    }

    /// The chance to renew next, that of being there at the horizon, renewals to it, and these discounted.
    private func expectation(after renewals: Int) -> SIMD4<Double> {
        let survival = (0..<periodCount).reduce(1.0) { $0 * model.retentionRate(in: renewals + $1 + 1) }
        return SIMD4(
            model.retentionRate(in: renewals + 1), survival,
            model.discountedLifetimeValue(
                renewalCount: renewals, marginPerPeriod: 1, rate: 0, horizonInPeriods: periodCount),
            model.discountedLifetimeValue(
                renewalCount: renewals, marginPerPeriod: 1, rate: rate, horizonInPeriods: periodCount))
    }
}

extension ContractInput {
    fileprivate var idAndRequests: (id: String, requests: [ColumnRequest]) {
        switch self {
        case .customers(let columns): (columns.id, columns.requests)
        case .cohort(let id, let survivors): (id, [ColumnRequest(required: survivors, minimum: 0)])
        }
    }
}

extension StoredContracts {
    fileprivate func report(distinctCount: Int) -> LifetimeReport {
        let bic = model.bic(logLikelihood: logLikelihood, customerCount: source.rowCount)
        let values = zip(["alpha", "beta"], zip([model.alpha, model.beta], standardErrors))
        return LifetimeReport(
            model: "sBG", timeUnit: period.rawValue,
            parameters: values.map { .init(name: $0, value: $1.0, standardError: $1.1) },
            logLikelihood: logLikelihood, bic: bic, customerCount: source.rowCount, distinctCount: distinctCount,
            spend: nil,
            candidates: [
                .init(
                    name: "sBG", logLikelihood: logLikelihood, bic: bic, holdOutError: nil, problem: nil,
                    isChosen: true)
            ], criterion: LifetimeSpecification.Criterion.bic.rawValue)
    }
}
