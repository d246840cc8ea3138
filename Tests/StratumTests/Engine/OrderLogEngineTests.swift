import Foundation
import Reports
import Synchronization
import TableIO
import TestSupport
import Testing

@testable import Stratum

/// Order logs through the engine: bytes in, rows out.
struct OrderLogEngineTests {
    static let columns = OrderColumns(id: "id", date: "date", amount: "amount")

    /// What a log gave: the rows as they are written, and what was said.
    struct Reading {
        var text = ""
        var warnings: [String] = []
        var rows = RunSummary.RowCounts()
        var usedCount = 0
        var laterCount = 0
        var rejects: [RejectedRecord] = []

        var lines: [String] { text.split(separator: "\n").map(String.init) }

        /// The cell of a customer in a column.
        func cell(_ id: String, _ column: String) -> String? {
            let cells = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            guard let place = cells[0].firstIndex(of: column) else { return nil }
            return cells.first { $0[0] == id }?[place]
        }
    }

    static func read(
        _ texts: [String], _ columns: OrderColumns = columns, block: Int = 1 << 19, threads: Int = 2,
        maxRejects: Plan.Limits.RejectLimit = .share(1), numbers: NumberOptions = NumberOptions()
    ) throws -> Reading {
        var options = RunOptions()
        options.threadCount = threads
        options.maxRejects = maxRejects
        options.numbers = numbers
        let rejects = Mutex<[RejectedRecord]>([])
        let sources = try texts.enumerated().map { try InputSource(bytes: Array($1.utf8), name: "log-\($0)") }
        let orders = try OrderIntake.read(sources, of: columns, options, blockByteCount: block) { reject in
            rejects.withLock { $0.append(reject) }
        }
        let bytes = Mutex<[UInt8]>([])
        try orders.write(idColumn: columns.id, options) { buffer in
            buffer.withUnsafeBytes { new in bytes.withLock { $0 += new } }
        }
        return Reading(
            text: String(decoding: bytes.withLock { $0 }, as: UTF8.self), warnings: orders.warnings,
            rows: orders.intake.rows, usedCount: orders.usedRowCount, laterCount: orders.laterRowCount,
            rejects: rejects.withLock { $0 })
    }

    /// The CDNOW 1/10 sample as CSV; data/README.md has the origin.
    static func cdnow() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "data/cdnow_sample.txt"), encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            let fields = line.split(separator: " ")
            return "\(fields[1]),\(fields[2]),\(fields[4])\n"
        }
        return "id,date,amount\n" + lines.joined()
    }

    @Test func cdnowHas2357CustomersWhoSpent244091Dollars94() throws {
        let reading = try Self.read([try Self.cdnow()])
        let totals = reading.lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false)[3] }
        #expect(totals.count == 2357)
        let cents = totals.map { Int((Double($0)! * 100).rounded()) }.reduce(0, +)
        #expect(cents == 24_409_194)
        #expect(reading.warnings.contains { $0.contains("1998-06-30") })
    }

    @Test func historiesGiveTheLogLikelihoodOfFaderHardieAndLee2005() throws {
        var columns = Self.columns
        columns.hasHistory = true
        columns.asOf = CalendarDay.day(ofISO: "1997-09-30")
        let reading = try Self.read([try Self.cdnow()], columns)
        #expect(reading.usedCount + reading.laterCount == reading.rows.accepted)
        let cells = reading.lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let places = ["frequency", "recency", "age", "repeat_spend"].map { cells[0].firstIndex(of: $0[...])! }
        let (r, alpha, a, b) = (0.243, 4.414, 0.793, 2.426)
        var (logLikelihood, repeatCustomers, repeatSpend) = (0.0, 0, 0.0)
        for row in cells.dropFirst() {
            let x = Double(row[places[0]])!
            let (recency, age) = (Double(row[places[1]])! / 7, Double(row[places[2]])! / 7)
            let alive = exp(-(r + x) * log(alpha + age))
            let died = x == 0 ? 0 : exp(log(a) - log(b + x - 1) - (r + x) * log(alpha + recency))
            logLikelihood += lgamma(r + x) - lgamma(r) + r * log(alpha) + lgamma(a + b) + lgamma(b + x) - lgamma(b)
            logLikelihood += log(alive + died) - lgamma(a + b + x)
            if x > 0 { (repeatCustomers, repeatSpend) = (repeatCustomers + 1, repeatSpend + Double(row[places[3]])!) }
        }
        #expect(abs(logLikelihood - -9582.430478) < 1e-6)
        // Fader & Hardie 2013 fit Gamma-Gamma to these 946, who spend 35.08 on average.
        #expect(repeatCustomers == 946)
        #expect(abs(repeatSpend / 946 - 35.08) < 0.005)
    }

    private static func logLines(seed: Int, count: Int) -> [String] {
        var random = RepeatableGenerator(seed: seed)
        return (0..<count).map { _ in
            let day = CalendarDay.text(19_000 + random.integer(in: 0...500))
            let cents = random.integer(in: -3_000...30_000)
            let amount =
                "\(cents < 0 ? "-" : "")\(abs(cents) / 100).\(abs(cents) % 100 < 10 ? "0" : "")\(abs(cents) % 100)"
            let number = random.integer(in: 0...count / 8)
            let id = number % 7 == 0 ? "\"the \"\"long\"\" id, \(number)\"" : "c\(number)"
            let channel = ["web", "", "shop", "a channel with a long name"][random.integer(in: 0...3)]
            return random.integer(in: 0...40) == 0 ? "\(id),\(day)" : "\(id),\(day)T10:00:00,\(amount),\(channel)"
        }
    }

    static let header = "id,date,amount,channel\n"

    @Test(arguments: everyThreadCount) func noDivisionOfTheLogChangesAByte(threads: Int) throws {
        var columns = Self.columns
        columns.channel = "channel"
        columns.windowCount = 3
        columns.hasHistory = true
        let lines = Self.logLines(seed: 3, count: 4_000)
        let whole = try Self.read([Self.header + lines.joined(separator: "\n") + "\n"], columns, threads: 1)
        #expect(whole.lines.count > 400)
        #expect(whole.rows.read == lines.count && whole.rows.read == whole.rows.accepted + whole.rows.rejected)
        #expect(whole.rejects.allSatisfy { $0.reason == .tooFewFields })
        var random = RepeatableGenerator(seed: threads)
        let shuffled = lines.shuffled(using: &random)
        let parts = [shuffled[..<1_000], shuffled[1_000..<1_001], shuffled[1_001...]].map {
            Self.header + $0.joined(separator: "\n") + "\n"
        }
        let others = try Self.read(parts, columns, block: [64, 1_000, 1 << 19][threads % 3], threads: threads)
        #expect(others.text == whole.text)
    }

    @Test func aSmallLogIsWrittenToTheLetter() throws {
        var columns = Self.columns
        columns.channel = "channel"
        columns.windowCount = 2
        columns.asOf = CalendarDay.day(ofISO: "2024-03-01")
        let reading = try Self.read(
            [
                """
                id,date,amount,channel
                b,2024-01-31,10.50,web
                a,2024-02-10,3,
                b,2024-02-01,-2.25,web
                b,2024-02-29,0,shop
                c,2024-03-02,7,web
                b,2024-01-31,1.25,web
                """
            ], columns)
        #expect(
            reading.text == """
                id,days_since_last_purchase,purchase_count,total_spend,tenure_days,average_order_value,active_days,\
                mean_days_between_purchases,sd_days_between_purchases,refund_count,refund_amount,refund_rate,\
                distinct_channels,spend_window_1,spend_window_2,spend_trend
                a,20,1,3,20,3,1,,,0,0,0,0,3,0,3
                b,1,3,9.5,30,3.166667,2,29,,1,2.25,0.25,2,-2.25,11.75,-14

                """)
        #expect(reading.laterCount == 1)
        #expect(reading.warnings.contains("1 order lines after the as-of date 2024-03-01 are left out"))
    }

    @Test func brokenLinesAreRejectedByReason() throws {
        let reading = try Self.read(
            [
                """
                id,date,amount
                a,2024-01-01,1
                ,2024-01-01,1
                a,2024-02-30,1
                a,,1
                a,2024-01-01,
                a,2024-01-01,x
                a,1/2/2024,1
                a,0001-01-01,1
                a,2024-01-02,2

                """
            ])
        let reasons: [RejectReason] = [
            .missingID, .invalidDate, .missingValue, .missingValue, .invalidNumber, .ambiguousDate, .outOfRange,
        ]
        #expect(reading.rejects.map(\.reason) == reasons)
        #expect(reading.rejects.map(\.line) == Array(3...9))
        #expect(reading.rejects.map(\.column) == ["id", "date", "date", "amount", "amount", "date", "date"])
        #expect(reading.cell("a", "purchase_count") == "2")
    }

    @Test func anAmbiguousDateIsRefusedWithTheOptionThatSettlesIt() throws {
        let text = "id,date,amount\na,12/1/2010 8:26,5\n"
        let error = #expect(throws: TableIOError.self) { try Self.read([text], maxRejects: .share(0.01)) }
        #expect(error?.description.contains("--date-format day-first or month-first") == true)
        var columns = Self.columns
        columns.dateForm = DateForm(.monthFirst)
        columns.asOf = CalendarDay.day(ofISO: "2010-12-31")
        #expect(try Self.read([text], columns).cell("a", "days_since_last_purchase") == "30")
        columns.dateForm = DateForm(.dayFirst)
        #expect(try Self.read([text], columns).cell("a", "days_since_last_purchase") == "353")
    }

    @Test func linesOfOneOrderAreOnePurchase() throws {
        var columns = Self.columns
        columns.order = "order"
        columns.quantity = "units"
        columns.product = "product"
        columns.refundMark = "kind"
        columns.refundWords = ["return"]
        let reading = try Self.read(
            [
                """
                id,date,amount,order,units,product,kind
                a,2024-01-01,5,1,2,x,sale
                a,2024-01-01,7,1,1,y,sale
                a,2024-01-05,1,2,0.5,x,sale
                a,2024-01-05,9,,1,z,sale
                a,2024-01-09,7,1,-1,y,return

                """
            ], columns)
        #expect(reading.cell("a", "purchase_count") == "3")
        #expect(reading.cell("a", "total_spend") == "15")
        #expect(reading.cell("a", "average_order_value") == "5")
        #expect(reading.cell("a", "units") == "3.5")
        #expect(reading.cell("a", "distinct_products") == "3")
        #expect(reading.cell("a", "refund_amount") == "7")
        columns.isNet = false
        let gross = try Self.read(
            ["id,date,amount,order,units,product,kind\na,2024-01-01,5,1,2,x,sale\na,2024-01-02,-2,1,1,x,sale\n"],
            columns)
        #expect(gross.cell("a", "total_spend") == "5")
    }

    @Test func aLogWithoutLinesIsNamed() throws {
        for text in ["id,date,amount\n", "id,date,amount\na,2024-01-01,1\n"] {
            var columns = Self.columns
            columns.asOf = CalendarDay.day(ofISO: "2023-01-01")
            let error = #expect(throws: EngineError.self) { try Self.read([text], columns) }
            #expect(error?.kind == .noCustomers)
        }
    }

    @Test(arguments: 0..<8) func garbageIsRejectedOrRead(seed: Int) throws {
        var random = RepeatableGenerator(seed: seed)
        let alphabet = Array("0123456789-/:,.\n\" TZab".utf8)
        let noise = (0..<3_000).map { _ in alphabet[random.integer(in: 0...alphabet.count - 1)] }
        let text =
            Self.header + "a,2024-01-01,1,\n" + String(decoding: noise, as: UTF8.self).filter { $0 != "\"" } + "\n"
        let reading = try Self.read([text], block: 128)
        #expect(reading.rows.read == reading.rows.accepted + reading.rows.rejected)
    }
}
