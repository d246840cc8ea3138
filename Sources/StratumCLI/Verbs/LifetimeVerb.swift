import ArgumentParser
import LifetimeValue
import Stratum

/// `stratum lifetime`: models of repeat purchases.
struct LifetimeVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lifetime",
        abstract: "Who is still a customer, how often each will buy, and what that is worth.",
        discussion: """
            Models of repeat purchases without contracts learn from order lines, or from a table of histories \
            (purchases after the first, age at the last, age today). With --contracts, customers renew or leave \
            (sBG); with --model bg-bb they buy or not at each of some opportunities, such as once a year.

            Example:

              stratum lifetime fit --id customer_id --date order_date \\
                --amount amount orders.csv -o lifetime.json
              stratum lifetime predict lifetime.json --id customer_id \\
                --date order_date --amount amount orders.csv \\
                --horizon 52w --discount-rate 10%/year -o values.csv
              stratum lifetime fit --contracts --id customer_id \\
                --renewals renewals --left left --time-unit year \\
                contracts.csv -o contracts.json
            """,
        subcommands: [LifetimeFitVerb.self, LifetimePredictVerb.self, LifetimeBacktestVerb.self])
}

/// What the three verbs share.
struct LifetimeWork: ParsableArguments {
    @OptionGroup(title: "Orders or histories") var history: HistoryOptions
    @OptionGroup var work: WorkOptions
    @OptionGroup var input: InputOptions

    func call(_ console: Console, _ output: OutputOptions? = nil) -> EngineCall {
        EngineCall(console, work, input, output)
    }
}

/// `stratum lifetime fit`.
struct LifetimeFitVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fit a model to orders or histories and keep it.",
        discussion: """
            Purchases of one day are one. Without another choice the model is MBG/NBD: under BG/NBD every one-time \
            buyer is alive for ever. 'auto' compares seven models by BIC; with --calibration-end their errors after \
            that day are told beside it, and decide where --choose hold-out says so.

            Example:

              stratum lifetime fit --id customer_id --date order_date \\
                --amount amount --model auto orders.csv -o lifetime.json
            """)

    @OptionGroup var files: InputFiles

    @Option(name: .shortAndLong, help: ArgumentHelp("The model; - is standard output.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "bg-nbd, mbg-nbd, pareto-nbd, nbd, bg-cnbd-k or mbg-cnbd-k with k from 2 to 12; several with commas; or auto. bg-bb counts opportunities, sbg is for --contracts. (default: mbg-nbd)",
            valueName: "model"))
    var model: FamiliesArgument?

    @Option(help: "What decides between several: bic or hold-out.")
    var choose = ModelCriterionArgument(.bic)

    @Option(help: "The spend of a purchase: gamma-gamma, mean or none.")
    var spend = SpendArgument(.gammaGamma)

    @Option(
        help: ArgumentHelp("Learn up to this day only; what comes after tests the model.", valueName: "date"))
    var calibrationEnd: DayArgument?

    @OptionGroup var shared: LifetimeWork
    @OptionGroup var outputOptions: OutputOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws {
        try shared.work.refuseJSON(besideData: output)
        if choose.criterion == .holdOut, calibrationEnd == nil {
            throw ValidationError("--choose hold-out needs --calibration-end: the day up to which models learn.")
        }
        if shared.history.histories || shared.history.contracts, calibrationEnd != nil {
            throw ValidationError("--calibration-end is for order logs; a table of histories has no dates.")
        }
        let isOfContracts = model.map(\.isOfContracts) ?? shared.history.contracts
        guard isOfContracts == shared.history.contracts else {
            throw ValidationError("--model sbg and --contracts go together: contracts are renewed or not.")
        }
        let isOfOpportunities = model?.families == [.bgBB]
        if isOfOpportunities, !shared.history.histories {
            throw ValidationError("--model bg-bb needs --histories: times are numbers of opportunities, not days.")
        }
        if isOfContracts || isOfOpportunities, shared.history.timeUnit == nil {
            let thing = isOfContracts ? "from one renewal to the next" : "from one opportunity to the next"
            throw ValidationError("Give --time-unit: the time \(thing).")
        }
    }

    func run() throws {
        let console = Console(shared.work)
        var specification = LifetimeSpecification()
        specification.families = model?.families ?? [.mbgNBD]
        specification.criterion = choose.criterion
        specification.spend = spend.model
        specification.timeUnit = shared.history.timeUnit?.unit ?? .weeks
        specification.calibrationEnd = calibrationEnd?.day
        let history = shared.history
        let (call, planned) = try shared.call(console, outputOptions).planned(history.lines.plan)
        let result =
            history.contracts
            ? try call.contractFit(
                history.contractInput, period: specification.timeUnit, inputs: files.inputs, output: output, sideFiles)
            : try call.lifetimeFit(
                try history.input(over: planned), specification, inputs: files.inputs, output: output, sideFiles)
        try Closing(console, json: shared.work.json).tell(result, tablesAreData: output != "-")
    }
}

/// `stratum lifetime predict`.
struct LifetimePredictVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Say of each customer what a model expects.",
        discussion: """
            Columns: probability_alive; expected_purchases and p_no_purchase within the horizon; \
            expected_average_spend of a purchase; discounted_lifetime_value, which is the spend of the purchases \
            within the horizon times the margin, discounted week by week. With --contracts: retention_rate, the \
            chance of the next renewal; probability_at_horizon, that of still being there; expected_renewals; \
            discounted_lifetime_value of the fees.

            Example:

              stratum lifetime predict lifetime.json --id customer_id \\
                --date order_date --amount amount orders.csv \\
                --horizon 52w --discount-rate 10%/year -o values.csv
            """)

    @Argument(help: "The model that 'stratum lifetime fit' wrote.", completion: .file())
    var model: String

    @OptionGroup var files: InputFiles

    @Option(name: .shortAndLong, help: ArgumentHelp("A row a customer; - is standard output.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("How far ahead: 52w, 12mo, 90d, 1y.", valueName: "time"))
    var horizon: SpanArgument

    @Option(
        help: ArgumentHelp("What a purchase loses in worth, such as 10%/year. (default: nothing)", valueName: "rate"))
    var discountRate: RateArgument?

    @Option(
        help: ArgumentHelp("The share of the spend that is earned, such as 30%. (default: 100%)", valueName: "share"))
    var margin: MarginArgument?

    @OptionGroup var shared: LifetimeWork
    @OptionGroup var outputOptions: OutputOptions
    @OptionGroup var sideFiles: SideFileOptions

    func validate() throws {
        try shared.work.refuseJSON(besideData: output)
        if shared.history.survivors != nil {
            throw ValidationError("--survivors has no customers; predict takes a row a customer.")
        }
    }

    func run() throws {
        let console = Console(shared.work)
        var prediction = LifetimePrediction(horizon: horizon.span)
        if let discountRate {
            prediction.discountRate = discountRate.rate
            prediction.discountPeriod = discountRate.period
        }
        prediction.margin = margin?.share ?? 1
        let history = shared.history
        let (call, planned) = try shared.call(console, outputOptions).planned(history.lines.plan)
        let result =
            history.contracts
            ? try call.contractPredict(
                model, history.contractColumns, prediction, inputs: files.inputs, output: output, sideFiles)
            : try call.lifetimePredict(
                model, try history.input(over: planned), prediction, inputs: files.inputs, output: output, sideFiles)
        try Closing(console, json: shared.work.json).tell(result)
    }
}

/// `stratum lifetime backtest`.
struct LifetimeBacktestVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Compare what models foretell with what happened.",
        discussion: """
            Models learn up to --calibration-end and foretell the rest of the log. Beside them stand two predictions \
            that need no model: what each customer did in the last period of the same length, and the mean of that. \
            'lift' is what the tenth of the customers with the largest predictions did, over the mean; 'top 5 %' is \
            the part of the best twentieth that was foretold to be in it.

            Example:

              stratum lifetime backtest --id customer_id --date order_date \\
                --amount amount orders.csv --calibration-end 2025-06-30
            """)

    @OptionGroup var files: InputFiles

    @Option(help: ArgumentHelp("Learn up to this day.", valueName: "date"))
    var calibrationEnd: DayArgument

    @Option(help: ArgumentHelp("The models, as for fit.", valueName: "models"))
    var models = FamiliesArgument([.mbgNBD, .bgNBD, .paretoNBD], named: "mbg-nbd,bg-nbd,pareto-nbd")

    @Option(help: "The spend of a purchase: gamma-gamma, mean or none.")
    var spend = SpendArgument(.gammaGamma)

    @OptionGroup var shared: LifetimeWork

    func validate() throws {
        if shared.history.histories || shared.history.contracts {
            let option = shared.history.contracts ? "--contracts" : "--histories"
            throw ValidationError("\(option) cannot be tested: a table has no dates; give the order log.")
        }
        if models.isOfContracts || models.families.contains(.bgBB) {
            throw ValidationError("--models of contracts and opportunities cannot be tested on an order log.")
        }
    }

    func run() throws {
        let console = Console(shared.work)
        var specification = LifetimeSpecification()
        specification.families = models.families
        specification.spend = spend.model
        specification.timeUnit = shared.history.timeUnit?.unit ?? .weeks
        specification.calibrationEnd = calibrationEnd.day
        let lines = shared.history.lines
        let (call, planned) = try shared.call(console).planned(lines.plan)
        let result = try call.lifetimeBacktest(
            try lines.columns(over: planned), specification, inputs: files.inputs)
        try Closing(console, json: shared.work.json).tell(result, tablesAreData: true)
    }
}
