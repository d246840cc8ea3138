import TableIO

extension Plan.Input {
    init(_ reader: PlanReader) throws(PlanError) {
        let fields = try reader.fields(
            ["kind", "id"] + Self.layoutKeys + ["nullWords"] + Self.numberKeys + Plan.Orders.keys)
        self.init()
        switch try fields["kind"]?.text() ?? "customers" {
        case "customers":
            for key in Plan.Orders.keys { if let reader = fields[key] { throw reader.inapplicable("kind: customers") } }
        case "orders": orders = try Plan.Orders(fields)
        case let word: throw (fields["kind"] ?? reader).unknownWord(word, known: ["customers", "orders"])
        }
        if let reader = fields["id"] { id = try reader.text() }
        try readLayout(fields)
        if let words = try fields["nullWords"]?.elements() {
            // `null` and `~` are words here, quoted or not: they are what many exports write.
            nullWords = try words.map { reader throws(PlanError) in
                guard case .scalar(let word, _) = reader.node.content else { throw reader.wrongType("a word") }
                return word
            }
        }
        try readNumbers(fields)
    }

    private static let layoutKeys = ["delimiter", "columns", "skipLines", "comment", "encoding", "expectedRecords"]

    private mutating func readLayout(_ fields: PlanFields) throws(PlanError) {
        if let reader = fields["delimiter"] {
            let words = ["comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "\\t": "\t"]
            let text = try reader.text()
            delimiter = words[text] ?? text
        }
        if let entries = try fields["columns"]?.entries() {
            columns = try entries.map { entry throws(PlanError) in Rename(entry.key, header: try entry.value.text()) }
        }
        if let reader = fields["skipLines"] { skippedLineCount = try reader.count(atLeast: 0) }
        if let reader = fields["comment"] { comment = try reader.text() }
        if let reader = fields["encoding"] { encoding = try reader.word(TextEncoding.self) }
        if let reader = fields["expectedRecords"] { expectedRecordCount = try reader.count(atLeast: 0) }
    }

    private static let numberKeys = ["decimalMark", "thousandsSeparator", "currency", "percent"]

    private mutating func readNumbers(_ fields: PlanFields) throws(PlanError) {
        if let reader = fields["decimalMark"] { numbers.decimalMark = try reader.word(NumberFormat.DecimalMark.self) }
        if let reader = fields["thousandsSeparator"] {
            numbers.thousandsSeparator = NumberFormat.thousandsSeparator(named: try reader.text())
        }
        if let readers = try fields["currency"]?.elements() {
            numbers.currencySymbols = try readers.map { reader throws(PlanError) in try reader.text() }
        }
        if let reader = fields["percent"] { numbers.percent = try reader.flag() }
    }
}
