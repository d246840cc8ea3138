import Indicators
import LifetimeValue
import Reports
import Synchronization
import TableIO
import Tables
import VectorMath

extension Population {
    /// Reads an order log and makes it the customers that the plan's columns are of.
    ///
    /// - Parameter stored: what a model knows of lifetimes and cuts; nil fits what the plan asks for.
    /// - Throws: as `OrderIntake.read`; `EngineError` of kinds `lifetimeFit` and `noCustomers`.
    static func read(
        orders: Plan.Orders, _ columns: OrderColumns, from sources: [InputSource], by plan: ResolvedPlan,
        stored: Model?, _ options: RunOptions, onReject: @escaping @Sendable (RejectedRecord) throws -> Void
    ) throws -> Population {
        var columns = columns
        columns.asOf = options.asOf ?? columns.asOf
        var options = options
        options.maxRejects = options.maxRejects ?? plan.plan.limits.maxRejects
        options.expectedRecordCount =
            options.expectedRecordCount ?? (stored == nil ? plan.plan.input.expectedRecordCount : nil)
        let log = try OrderIntake.read(sources, of: columns, options, input: plan.plan.input, onReject: onReject)
        var intake = log.intake
        intake.notes = log.notes
        intake.results.append(.init("orders", log.json))
        let rfm = try orders.rfm.map { rfm in
            try stored?.rfm.map { RFMColumns(rfm, $0, of: log) } ?? RFMColumns(fitting: rfm, to: log, options)
        }
        guard let lifetime = orders.lifetime else {
            return try log.population(plan, lifetime: [], rfm, intake, options)
        }
        let workers = Workers(threadCount: options.threadCount)
        let histories = try PurchaseHistories(log, timeUnit: lifetime.timeUnit, options)
        var fitted = stored?.lifetime
        var columnsOfAll: [[Double]]
        do {
            let customers = CustomerHistories(histories, try histories.population(workers: workers))
            if stored == nil { fitted = try lifetime.fitted(to: customers, workers: workers) }
            columnsOfAll =
                try fitted.map { try lifetime.columns(of: $0, customers, workers: workers) }
                ?? lifetime.missingColumns(histories)
        } catch let error as LifetimeFitError {
            guard lifetime.whenItFails == .leaveMissing else {
                throw EngineError(
                    .lifetimeFit, at: error.place, error.problem,
                    remedy: error.remedy + "; or go on without these columns with 'whenItFails: leaveMissing'")
            }
            intake.notes.append(
                "no lifetime values, their columns are missing: \(error.problem) (\(error.place)); \(error.remedy)")
            columnsOfAll = lifetime.missingColumns(histories)
        }
        if histories.otherCustomerCount > 0 {
            intake.notes.append(
                "\(histories.otherCustomerCount) customers have refunds alone: their lifetime values are missing")
        }
        if case .mean(let mean, let reason)? = fitted?.spend {
            intake.notes.append("the expected spend is the mean, \(shortestText(mean)), for all customers: \(reason)")
        }
        intake.results.append(.init("lifetime", fitted.map { lifetime.json(of: $0) } ?? .null))
        var population = try log.population(plan, lifetime: histories.spread(columnsOfAll), rfm, intake, options)
        population.lifetime = fitted
        return population
    }
}

extension Plan.Lifetime {
    fileprivate func missingColumns(_ histories: PurchaseHistories) -> [[Double]] {
        Self.columnNames.map { _ in [Double](repeating: .nan, count: histories.customerCount) }
    }

    /// What was learned and how it is used, for the summary.
    func json(of fitted: FittedLifetime) -> JSONValue {
        let names = fitted.purchases.family.parameterNames
        func named(_ values: [Double]) -> JSONValue {
            .object(zip(names, values).map { .init($0, .number($1)) })
        }
        var spend: [JSONValue.Member] = []
        switch fitted.spend {
        case .unknown: spend = [.init("model", "none")]
        case .gammaGamma(let model):
            spend = [
                .init("model", "gamma-gamma"), .init("p", .number(model.p)), .init("q", .number(model.q)),
                .init("gamma", .number(model.gamma)),
            ]
            if let value = fitted.spendLogLikelihood { spend.append(.init("log_likelihood", .number(value))) }
        case .mean(let mean, let reason):
            spend = [.init("model", "mean"), .init("mean", .number(mean)), .init("because", .text(reason))]
        }
        spend.append(.init("customers", .integer(fitted.spendCustomerCount)))
        var members: [JSONValue.Member] = [
            .init("model", .text("\(fitted.purchases.family)")),
            .init("time_unit", .text(fitted.purchases.timeUnit.rawValue)),
            .init("parameters", named(fitted.purchases.parameters)),
            .init("standard_errors", named(fitted.standardErrors)),
            .init("log_likelihood", .number(fitted.logLikelihood)), .init("bic", .number(fitted.bic)),
            .init("customers", .integer(fitted.customerCount)),
            .init("distinct_histories", .integer(fitted.distinctCount)), .init("spend", .object(spend)),
            .init("horizon", .text(Self.text(horizon))), .init("discount_rate", .number(discountRate)),
            .init("discount_period", .text(Self.text(discountPeriod))), .init("margin", .number(margin)),
        ]
        if !fitted.candidates.isEmpty {
            members.append(
                .init(
                    "candidates",
                    .list(
                        fitted.candidates.map { candidate in
                            .object([
                                .init("model", .text(candidate.name)),
                                candidate.bic.map { .init("bic", .number($0)) }
                                    ?? .init("failure", .text(candidate.failure ?? "")),
                            ])
                        })))
        }
        return .object(members)
    }
}

extension OrderIntake {
    /// The customers with the columns that a plan reads, in rising order of their ids.
    ///
    /// - Parameters:
    ///   - lifetime: for each chunk of customers the columns of `Plan.Lifetime`; empty for none.
    ///   - rfm: what gives the columns of `Plan.RFM`; nil for none.
    ///   - intake: what was noticed so far.
    fileprivate func population(
        _ plan: ResolvedPlan, lifetime: [[NumberColumn]], _ rfm: RFMColumns?, _ intake: Intake, _ options: RunOptions
    ) throws -> Population {
        let names = specification.columns(of: customers.layout).map(\.name)
        let derivation = plan.derivation()
        let wanted = derivation?.fileColumns ?? plan.columns
        let benches = WorkerStates(
            (0..<options.threadCount).map { _ in IndicatorBench(customers, specification) })
        let batches = OrderedChunks<Batch>()
        let unscored = Mutex(0)
        try forEachChunk(options) { worker, number in
            let chunk = try benches.withState(of: worker) { try $0.indicators(ofChunk: number) }
            let scored = rfm?.columns(of: chunk)
            let columns = wanted.map { column in
                if let place = names.firstIndex(where: { $0.utf8.elementsEqual(column.utf8) }) {
                    return NumberColumn(values: chunk[column: place])
                }
                if let scored, let place = Plan.RFM.columnNames.firstIndex(of: column) {
                    return NumberColumn(values: scored.columns[place])
                }
                // The plan was checked: what is no indicator and no score is a column of its lifetime.
                let place = Plan.Lifetime.columnNames.firstIndex(of: column) ?? 0
                return lifetime[number][place]
            }
            let batch = Batch(identifiers: chunk.identifiers, columns: columns)
            return (batch: derivation?.apply(batch) ?? batch, unscoredCount: scored?.unscoredCount ?? 0)
        } deliver: { part in
            batches.append(part.batch)
            unscored.withLock { $0 += part.unscoredCount }
        }
        let table = Table(columnNames: plan.columns, batches: batches.all)
        guard let rfm else { return Population(table: table, intake: intake) }
        var intake = intake
        let unscoredCount = unscored.withLock { $0 }
        if unscoredCount > 0 {
            intake.notes.append(
                "\(unscoredCount) customers without a purchase have no scores of recency, frequency and monetary value")
        }
        intake.results.append(.init("rfm", rfm.json(unscoredCount: unscoredCount)))
        var population = Population(table: table, intake: intake)
        population.rfm = rfm.cuts
        return population
    }
}
