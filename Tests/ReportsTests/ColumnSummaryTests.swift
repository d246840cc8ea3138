import Reports
import Testing

struct ColumnSummaryTests {
    private let summaries = ColumnSummaries([
        ColumnSummary(name: "customer_id", kind: "text", rowCount: 1_000_000, missingCount: 0),
        ColumnSummary(
            name: "近一年消费额", kind: "number", rowCount: 1_000_000, missingCount: 30_012, minimum: -12.5,
            maximum: 987654.321, mean: 1 / 3, standardDeviation: 0.1 + 0.2,
            quantiles: [
                .init(share: 0.01, value: 0.1), .init(share: 0.5, value: 1234.5), .init(share: 0.999, value: 9e5),
            ]
        ),
    ])

    @Test func csvHasAllDigits() {
        #expect(
            String(decoding: summaries.csv, as: UTF8.self) == """
                column,kind,rows,missing,min,max,mean,sd,p1,p50,p99.9
                customer_id,text,1000000,0,,,,,,,
                近一年消费额,number,1000000,30012,-12.5,987654.321,0.3333333333333333,0.30000000000000004,0.1,1234.5,900000

                """)
    }

    @Test func tableFitsAWideTerminal() {
        #expect(
            summaries.text(TerminalStyle(width: 120)) == """
                column        kind         rows  missing    min      max      mean   sd   p1      p50    p99.9
                customer_id   text    1,000,000        0
                近一年消费额  number  1,000,000   30,012  -12.5  987,654  0.333333  0.3  0.1  1,234.5  900,000
                """ + "\n")
    }

    @Test func narrowTerminalsGetTablesBelowEachOther() {
        #expect(
            summaries.text(TerminalStyle(width: 60)) == """
                column        kind         rows  missing    min      max
                customer_id   text    1,000,000        0
                近一年消费额  number  1,000,000   30,012  -12.5  987,654

                column            mean   sd   p1      p50    p99.9
                customer_id
                近一年消费额  0.333333  0.3  0.1  1,234.5  900,000
                """ + "\n")
    }

    @Test func jsonHasNullWhereThereIsNoNumber() {
        guard case .list(let columns) = summaries.json else { return #expect(Bool(false)) }
        #expect(columns[0]["mean"] == .null && columns[1]["mean"] == .number(1 / 3))
        #expect(columns[1]["quantiles"]?["p99.9"] == .number(9e5))
    }
}
