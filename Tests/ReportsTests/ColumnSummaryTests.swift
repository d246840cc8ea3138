import Foundation
import TestSupport
import Testing

@testable import Reports

struct ColumnSummaryTests {
    private let summaries = ColumnSummaries(
        [
            ColumnSummary(
                name: "customer_id", kind: "text", rowCount: 1_000_000, missingCount: 0,
                distinct: .init(count: 998_877, isExact: false), textByteCounts: 3...12,
                samples: [Array("C1".utf8), Array("a\u{1B}[2J".utf8)]),
            ColumnSummary(
                name: "近一年消费额", kind: "number", rowCount: 1_000_000, missingCount: 30_012,
                distinct: .init(count: 12, isExact: true), minimum: -12.5, maximum: 987654.321, sum: 2.5,
                mean: 1 / 3, standardDeviation: 0.1 + 0.2,
                quantiles: [
                    .init(share: 0.01, value: 0.1), .init(share: 0.5, value: 1234.5),
                    .init(share: 0.999, value: 9e5),
                ]
            ),
        ], recordCount: 1_000_007,
        rejects: [.init(reason: "too_few_fields", count: 4), .init(reason: "invalid_utf8", count: 3)])

    @Test func csvHasAllDigits() {
        #expect(
            String(decoding: summaries.csv, as: UTF8.self) == """
                column,kind,rows,missing,distinct,distinct_is_exact,min,max,sum,mean,sd,p1,p50,p99.9,shortest,longest
                customer_id,text,1000000,0,998877,false,,,,,,,,,3,12
                近一年消费额,number,1000000,30012,12,true,-12.5,987654.321,2.5,0.3333333333333333,0.30000000000000004,\
                0.1,1234.5,900000,,

                """)
    }

    @Test func tableFitsAWideTerminalAndSaysWhatIsLeftOut() {
        let text = summaries.text(TerminalStyle(width: 160))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines[0] == "column        kind         rows  missing  distinct    min      max  sum      mean   sd   p1"
                + "      p50    p99.9  bytes  samples")
        #expect(
            lines[1] == "customer_id   text    1,000,000        0  ~998,877"
                + "                                                              3-12  C1 | a\\x1B[2J")
        #expect(
            lines[2] == "近一年消费额  number  1,000,000   30,012        12  -12.5  987,654  2.5  0.333333  0.3  0.1"
                + "  1,234.5  900,000")
        #expect(lines[4] == "~ estimated, standard error 0.78 %; --exact-distinct counts")
        #expect(lines[6] == "7 of 1,000,007 records are left out: too_few_fields 4, invalid_utf8 3")
    }

    @Test func narrowTerminalsGetTablesBelowEachOther() {
        let text = summaries.text(TerminalStyle(width: 60))
        let lines = text.split(separator: "\n").prefix { !$0.hasPrefix("~") }
        #expect(lines.count { $0.hasPrefix("column") } == 3 && lines.count { $0.hasPrefix("customer_id") } == 3)
        #expect(lines.allSatisfy { displayWidth(String($0)) <= 60 })
    }

    @Test func jsonHasNullWhereThereIsNoNumber() {
        let json = summaries.json
        guard case .list(let columns)? = json["columns"] else { return #expect(Bool(false)) }
        #expect(columns[0]["mean"] == .null && columns[1]["mean"] == .number(1 / 3))
        #expect(columns[1]["quantiles"]?["p99.9"] == .number(9e5))
        #expect(json["rows"]?["rejected"] == .integer(7) && json["rejects"]?["invalid_utf8"] == .integer(3))
    }

    @Test func hexadecimalNumbersAreThoseOfTheCLibrary() {
        var random = RepeatableGenerator(seed: 1)
        let special = [
            0, -0.0, 1, 3, -0.1, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 0x1p-1030,
        ]
        for value in special + (0..<2_000).map({ _ in random.anyFiniteDouble() }) {
            #expect(hexadecimalText(value) == String(format: "%a", value))
        }
        guard case .list(let columns)? = summaries.json(.hexadecimal)["columns"] else { return #expect(Bool(false)) }
        #expect(columns[1]["min"] == .text("-0x1.9p+3"))
    }
}
