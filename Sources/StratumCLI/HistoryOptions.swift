import ArgumentParser
import Stratum

/// Options that tell what the columns of an order log mean to lifetime models, or those of a table of histories.
struct HistoryOptions: ParsableArguments {
    @OptionGroup var lines: OrderLineOptions

    @Flag(help: "The input is no order log but a table of histories, a row a customer.")
    var histories = false

    @Option(
        help: ArgumentHelp("Its column of purchases after the first. (default: frequency)", valueName: "column"))
    var frequency: String?

    @Option(
        help: ArgumentHelp(
            "Its column of the age at the last purchase, 0 after one purchase. (default: recency)", valueName: "column")
    )
    var recency: String?

    @Option(help: ArgumentHelp("Its column of the age today. (default: T)", valueName: "column"))
    var age: String?

    @Option(
        help: ArgumentHelp(
            "Its column of the mean spend of the purchases after the first; with --contracts of the fee for a period. (default: no spend)",
            valueName: "column"))
    var monetary: String?

    @Flag(
        help:
            "The input is a table of contracts that are renewed or not: a row a customer, or with --survivors a period."
    )
    var contracts = false

    @Option(help: ArgumentHelp("Its column of renewals so far. (default: renewals)", valueName: "column"))
    var renewals: String?

    @Option(
        help: ArgumentHelp(
            "Its column that is 1 for who did not renew once more, else 0. (default: left)", valueName: "column"))
    var left: String?

    @Option(
        help: ArgumentHelp(
            "Its column of customers left of one cohort: a row a period, in order, the first the start.",
            valueName: "column"))
    var survivors: String?

    @Option(help: "The unit of times: day, week, month or year. (default: week, or the model's)")
    var timeUnit: TimeUnitArgument?

    mutating func validate() throws {
        if contracts || histories {
            let name = contracts ? "--contracts" : "--histories"
            let others = [
                ("--plan", lines.plan != nil), ("--date", lines.date != nil), ("--amount", lines.amount != nil),
                ("--price", lines.price != nil),
                ("--refund-column", lines.refundColumn != nil), ("--as-of", lines.asOf != nil),
                ("--gross", lines.gross), ("--utc-offset", lines.utcOffset != nil),
                (contracts ? "--histories" : "", contracts && histories),
            ]
            if let option = others.first(where: \.1)?.0 {
                throw ValidationError("\(option) does not go with \(name), whose table has ages and counts.")
            }
            guard lines.id != nil else {
                throw ValidationError("Missing --id: name the column with the customer's id.")
            }
        } else {
            if lines.plan == nil, lines.date == nil {
                throw ValidationError("An order log needs --date or --plan, other tables --histories or --contracts.")
            }
            try lines.requireColumns()
            let others = [
                ("--frequency", frequency), ("--recency", recency), ("--age", age), ("--monetary", monetary),
            ]
            if let option = others.first(where: { $0.1 != nil })?.0 {
                throw ValidationError(
                    "\(option) is for a table of histories; add --histories if that is what you have.")
            }
        }
        let ofContracts = [("--renewals", renewals), ("--left", left), ("--survivors", survivors)]
        if !contracts, let option = ofContracts.first(where: { $0.1 != nil })?.0 {
            throw ValidationError("\(option) is for a table of contracts; add --contracts if that is what you have.")
        }
        let ofHistories = [("--frequency", frequency), ("--recency", recency), ("--age", age)]
        if contracts, let option = ofHistories.first(where: { $0.1 != nil })?.0 {
            throw ValidationError("\(option) is for --histories; contracts have --renewals and --left.")
        }
        if survivors != nil,
            let option = (ofContracts.prefix(2) + [("--monetary", monetary)]).first(where: { $0.1 != nil })?.0
        {
            throw ValidationError("\(option) is of customers, and --survivors has a row a period.")
        }
    }

    /// Whether the input is an order log.
    var isOrders: Bool { !histories && !contracts }

    /// A table of contracts with a row a customer.
    var contractColumns: ContractColumns {
        ContractColumns(id: lines.id ?? "", renewals: renewals ?? "renewals", left: left ?? "left", fee: monetary)
    }

    /// What the model of contracts is fitted to.
    var contractInput: ContractInput {
        survivors.map { .cohort(id: lines.id ?? "", survivors: $0) } ?? .customers(contractColumns)
    }

    /// What the library is told: of an order log the columns of the plan, if there is one, with those given beside it.
    func input(over planned: OrderColumns?) throws -> LifetimeInput {
        if isOrders { return .orders(try lines.columns(over: planned)) }
        var columns = HistoryColumns(
            id: lines.id ?? "", frequency: frequency ?? "frequency", recency: recency ?? "recency", age: age ?? "T",
            meanSpend: monetary)
        columns.timeUnit = timeUnit?.unit
        return .histories(columns)
    }
}
