/// How many customers have each name of one kind, and what of the value they hold.
public struct ClassReport: Equatable, Sendable {
    /// One name.
    public struct Row: Equatable, Sendable {
        /// The name.
        public var name: String
        /// Customers with it.
        public var customerCount: Int
        /// The sum of their amounts.
        public var value: Double
        /// Contacts that all of them together may have; nil where names carry none.
        public var contacts: Int?

        /// A name.
        public init(name: String, customerCount: Int, value: Double, contacts: Int? = nil) {
            self.name = name
            self.customerCount = customerCount
            self.value = value
            self.contacts = contacts
        }
    }

    /// What the names say, such as `state`.
    public var title: String
    /// The names, in the plan's order.
    public var rows: [Row]
    /// All customers.
    public var customerCount: Int
    /// The sum of all amounts.
    public var value: Double
    /// The column whose sums the rows hold; nil when the plan names none, and sums are then left out.
    public var valueTitle: String?
    /// Further members of the summary, such as the cuts of the matrix.
    public var details: [JSONValue.Member] = []

    /// A report.
    public init(title: String, rows: [Row], customerCount: Int, value: Double, valueTitle: String?) {
        self.title = title
        self.rows = rows
        self.customerCount = customerCount
        self.value = value
        self.valueTitle = valueTitle
    }

    /// The names that nobody has.
    public var unusedNames: [String] { rows.filter { $0.customerCount == 0 }.map(\.name) }

    private func share(_ row: Row) -> Double {
        customerCount == 0 ? 0 : Double(row.customerCount) / Double(customerCount)
    }

    /// Shares of a total that is not positive say nothing.
    private func shareOfValue(_ row: Row) -> Double? { valueTitle != nil && value > 0 ? row.value / value : nil }

    /// The bytes of classes.csv: one row for each name of each kind, every number with all its digits.
    public static func csv(_ reports: [ClassReport]) -> [UInt8] {
        var csv = CSVText()
        csv.append(["classification", "class", "customers", "share_of_customers", "value", "share_of_value"])
        for report in reports {
            for row in report.rows {
                csv.append([
                    report.title, row.name, String(row.customerCount), CSVText.field(report.share(row)),
                    CSVText.field(report.valueTitle == nil ? nil : row.value), CSVText.field(report.shareOfValue(row)),
                ])
            }
        }
        return csv.bytes
    }

    /// The same figures for the summary.
    public var json: JSONValue {
        let rows = rows.map { row -> JSONValue in
            var members: [JSONValue.Member] = [
                .init("name", .text(row.name)), .init("customers", .integer(row.customerCount)),
                .init("share_of_customers", .number(share(row))),
                .init("value", .optional(valueTitle == nil ? nil : row.value)),
                .init("share_of_value", .optional(shareOfValue(row))),
            ]
            if let contacts = row.contacts { members.append(.init("contacts", .integer(contacts))) }
            return .object(members)
        }
        return .object([.init("name", .text(title)), .init("rows", .list(rows))] + details)
    }

    /// A table for the terminal.
    public func text(_ style: TerminalStyle) -> String {
        let hasValue = valueTitle != nil && value > 0
        let hasContacts = rows.contains { $0.contacts != nil }
        var columns: [(title: String, alignment: Alignment)] = [
            (title, .left), ("customers", .right), ("share", .right),
        ]
        if hasValue { columns.append(("of value", .right)) }
        if hasContacts { columns.append(("contacts", .right)) }
        var table = TextTable(columns: columns)
        for row in rows {
            var cells = [row.name, groupedText(row.customerCount), percentText(share(row))]
            if hasValue { cells.append(shareOfValue(row).map(percentText) ?? "") }
            if hasContacts { cells.append(row.contacts.map { groupedText($0) } ?? "") }
            table.append(cells)
        }
        return table.text(style)
    }
}
