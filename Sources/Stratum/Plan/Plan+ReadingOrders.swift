import LifetimeValue
import TableIO

extension Plan.Orders {
    static let keys = [
        "date", "amount", "price", "quantity", "order", "product", "category", "channel", "refunds", "dateFormat",
        "utcOffset", "asOf", "spend", "windows", "lifetime", "rfm",
    ]

    init(_ fields: PlanFields) throws(PlanError) {
        var columns = OrderColumns(id: "", date: try fields.required("date").text(), amount: "")
        columns.amount = try fields["amount"]?.text()
        columns.price = try fields["price"]?.text()
        columns.quantity = try fields["quantity"]?.text()
        columns.order = try fields["order"]?.text()
        columns.product = try fields["product"]?.text()
        columns.category = try fields["category"]?.text()
        columns.channel = try fields["channel"]?.text()
        if let refunds = try fields["refunds"]?.fields(["column", "words"]) {
            columns.refundMark = try refunds.required("column").text()
            columns.refundWords = try refunds.required("words").elements().map { reader throws(PlanError) in
                try reader.text()
            }
        }
        let order = try fields["dateFormat"]?.word(DateForm.Order.self) ?? .iso
        columns.dateForm = DateForm(order, offsetInMinutes: try fields["utcOffset"]?.zone())
        columns.asOf = try fields["asOf"]?.day()
        if let spend = try fields["spend"]?.word(Spend.self) { columns.isNet = spend == .net }
        if let windows = try fields["windows"]?.fields(["count", "days"]) {
            columns.windowCount = try windows.required("count").count(atLeast: 0)
            if let reader = windows["days"] { columns.windowDayCount = try reader.count(atLeast: 1) }
        }
        self.init(columns, lifetime: try fields["lifetime"].map { reader throws(PlanError) in try .init(reader) })
        rfm = try fields["rfm"].map { reader throws(PlanError) in try Plan.RFM(reader) }
    }

    /// `spend:`.
    enum Spend: String, CaseIterable {
        case net, gross
    }
}

extension Plan.Lifetime {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        self.init()
        if reader.isScalar {
            model = try Choice(reader)
            return
        }
        let fields = try reader.fields([
            "model", "timeUnit", "horizon", "discountRate", "margin", "whenItFails",
        ])
        if let reader = fields["model"] { model = try Choice(reader) }
        if let reader = fields["timeUnit"] { timeUnit = try reader.timeUnit() }
        if let reader = fields["horizon"] { horizon = try reader.timeSpan() }
        if let reader = fields["discountRate"] { (discountRate, discountPeriod) = try reader.rate() }
        if let reader = fields["margin"] { margin = try reader.number(allowsPercent: true) }
        if let reader = fields["whenItFails"] { whenItFails = try reader.word(FailureRule.self) }
    }
}

extension Plan.Lifetime.Choice {
    static let words: [(word: String, choice: Self)] =
        [
            ("auto", .auto), ("mbgNBD", .family(.mbgNBD)), ("bgNBD", .family(.bgNBD)),
            ("paretoNBD", .family(.paretoNBD)), ("nbd", .family(.nbd)),
        ] + (2...12).map { ("mbgCNBD-\($0)", .family(.mbgCNBD(k: $0))) }
        + (2...12).map { ("bgCNBD-\($0)", .family(.bgCNBD(k: $0))) }

    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        let text = try reader.text()
        guard let known = Self.words.first(where: { $0.word == text }) else {
            let known = Self.words.map(\.word).filter { !$0.contains("CNBD") } + ["mbgCNBD-2", "bgCNBD-2"]
            throw reader.unknownWord(text, known: known)
        }
        self = known.choice
    }
}

extension PlanReader {
    /// A date of year, month and day, as days since 1970.
    fileprivate func day() throws(PlanError) -> Int {
        let text = try text()
        guard let day = CalendarDay.day(ofISO: text) else {
            throw invalid("'\(text)' is no date", remedy: "write it like 2026-01-31")
        }
        return day
    }

    /// `Z` or an offset such as `+08:00`, in minutes.
    fileprivate func zone() throws(PlanError) -> Int {
        let text = try text()
        guard let minutes = DateForm.offsetInMinutes(of: text) else {
            throw invalid("'\(text)' is no offset from UTC", remedy: "write Z, or one like +08:00, in quotes")
        }
        return minutes
    }

    /// A length of time such as `52 weeks`.
    fileprivate func timeSpan() throws(PlanError) -> TimeSpan {
        let text = try text()
        let parts = text.split(separator: " ")
        guard parts.count == 2, let value = Self.decimal(parts[0]), value > 0, value <= 1e6,
            let unit = Self.unit(named: parts[1])
        else { throw invalid("'\(text)' is no length of time", remedy: "write it like '52 weeks' or '1 year'") }
        return TimeSpan(value, unit)
    }

    /// A rate and its period, such as `10% per year` or `1% per 30 days`.
    fileprivate func rate() throws(PlanError) -> (Double, TimeSpan) {
        let text = try text()
        let parts = text.split(separator: " ")
        guard parts.count == 3 || parts.count == 4, parts[1] == "per", let last = parts.last,
            let value = Self.decimal(parts[0].hasSuffix("%") ? parts[0].dropLast() : parts[0]),
            let unit = Self.unit(named: last),
            let length = parts.count == 3 ? 1 : Self.decimal(parts[2]), length > 0, length <= 1e6
        else { throw invalid("'\(text)' is no rate over a time", remedy: "write it like '10% per year'") }
        return (parts[0].hasSuffix("%") ? value / 100 : value, TimeSpan(length, unit))
    }

    fileprivate func timeUnit() throws(PlanError) -> TimeUnit {
        let text = try text()
        guard let unit = Self.unit(named: text[...]) else {
            throw unknownWord(text, known: TimeUnit.allCases.map(\.rawValue))
        }
        return unit
    }

    /// A unit by its name, in singular or plural.
    private static func unit(named name: Substring) -> TimeUnit? {
        TimeUnit.allCases.first { $0.rawValue == name || $0.rawValue.dropLast() == name }
    }
}
