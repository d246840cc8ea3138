import Synchronization
import Tables
import Testing
import VectorMath

@testable import TableIO

struct NumberFormatTests {
    /// A format and null words, by name for the test log.
    struct Form: Sendable, CustomStringConvertible {
        var description: String
        var format: CSVFormat

        init(
            _ description: String, mark: NumberFormat.DecimalMark = .point, thousands: String? = nil,
            currency: [String] = [], percent: Bool = false, nulls: [String] = []
        ) {
            self.description = description
            format = CSVFormat()
            format.delimiter = UInt8(ascii: ";")
            format.numbers.decimalMark = mark
            format.numbers.thousandsSeparator = thousands
            format.numbers.currencySymbols = currency
            format.numbers.percent = percent
            format.nullWords = nulls.map { Array($0.utf8) }
        }

        func parse(_ text: String) -> NumberText {
            Array(text.utf8).withUnsafeBufferPointer {
                NumberText.parse($0, NumberGrammar(format.numbers, nullWords: format.nullWords))
            }
        }
    }

    static let english = Form("english", thousands: ",", currency: ["$", "US$", "€", "USD"], percent: true)
    static let german = Form("german", mark: .comma, thousands: ".", currency: ["€", "EUR"], percent: true)
    static let swiss = Form("swiss", thousands: "'", currency: ["CHF", "Fr."])
    static let french = Form("french", mark: .comma, thousands: "\u{202F}", currency: ["€"])
    static let coded = Form("coded", nulls: ["-999", "0", "99.5", "NA", "1e3", "007"])
    static let codedComma = Form("coded with comma", mark: .comma, nulls: ["-999", "-1", "9,99"])
    static let forms = [
        Form("plain"), english, german, swiss, french, coded, codedComma, Form("comma", mark: .comma),
        Form("space", thousands: " "),
    ]

    @Test(arguments: [
        (english, "1,234,567.8", 1_234_567.8), (english, "1,234", 1234), (english, "-12,345.5", -12_345.5),
        (english, "1234567.8", 1_234_567.8), (english, "$5", 5), (english, "-$5.25", -5.25), (english, "$-5.25", -5.25),
        (english, "US$ 1,000", 1000), (english, "1,000 USD", 1000), (english, "5\u{A0}€", 5), (english, "12%", 0.12),
        (english, "-12.5 %", -0.125), (english, "1,200%", 12), (english, "1e3%", 10), (english, "$1e3", 1000),
        (english, "$ .5", 0.5), (english, "1,234e2", 123_400), (english, "0.1%", 0.001),
        (english, "123,456,789,012,345,678,901,234", 1.2345678901234568e23),
        (german, "1.234", 1234), (german, "1.234,5", 1234.5), (german, "-1.234.567,89 €", -1_234_567.89),
        (german, "1,5", 1.5), (german, "12,5%", 0.125), (german, "EUR 0,99", 0.99), (german, ",5", 0.5),
        (german, "1.234,", 1234), (swiss, "CHF 1'234.55", 1234.55), (swiss, "Fr. -1'000'000", -1e6),
        (french, "1\u{202F}234,5 €", 1234.5), (Form("comma", mark: .comma), "0,1234567890123456", 0.1234567890123456),
    ])
    func readsWhatTheFormatAllows(_ form: Form, _ text: String, _ value: Double) {
        #expect(NumberTextTests.value(form.parse(text)) == value)
    }

    @Test(arguments: [
        (english, "12,34"), (english, "1,23,456"), (english, "1234,567"), (english, ",123"), (english, "1,234,"),
        (english, "1,234,.5"), (english, "1.234,567"), (english, "0,123"), (english, "012,345"), (english, "1,,234"),
        (english, "$"), (english, "$$5"), (english, "$5%"), (english, "5%%"), (english, "%5"), (english, "%"),
        (english, "$-"), (english, "--5"), (english, "-$-5"), (english, "5 $ $"), (english, "1 234"),
        (english, "5 USDUSD"), (english, "- 5"), (german, "1.5"), (german, "1."), (german, "12.34"),
        (german, "1.234.5"), (german, "1,234.5"), (german, "1,234,5"), (german, "$5"), (swiss, "1,234"),
        (Form("comma", mark: .comma), "1.234"), (Form("comma", mark: .comma), "1."), (Form("plain"), "1,5"),
        (Form("comma", mark: .comma), ".5"), (Form("plain"), "12%"), (Form("plain"), "€5"), (Form("plain"), "1'000"),
    ])
    func refusesWhatItDoesNot(_ form: Form, _ text: String) {
        #expect(form.parse(text) == .rejected(.invalidNumber))
    }

    @Test func nullWordsThatAreNumbersAreMissing() {
        for word in ["-999", "0", "99.5", "NA", " 1e3 "] { #expect(Self.coded.parse(word) == .missing) }
        // Words are compared, not values.
        #expect(Self.coded.parse("-999.0") == .fixed(mantissa: -9990, decimals: 1))
        #expect(Self.coded.parse("99.50") == .fixed(mantissa: 9950, decimals: 2))
    }

    @Test func theKernelSeesOnlyFormatsThatItReadsRightly() {
        for form in Self.forms {
            let grammar = NumberGrammar(form.format.numbers, nullWords: form.format.nullWords)
            let texts = [
                "1.234", "1.", ".5", "-1.5", "0", "-999", "12", "1.234567", "007", "99.5", "1.23", "-1", "999",
                "12.345",
            ]
            let agrees = texts.allSatisfy { form.parse($0) == Form("plain").parse($0) }
            #expect(grammar.isKernelSafe == agrees, "\(form)")
        }
    }

    /// Whole files by every route (kernel, cells, plain values) against the parse of one field.
    @Test(arguments: forms, [1, 2, 3, 4])
    func filesReadLikeTheirFields(_ form: Form, _ seed: UInt64) throws {
        var random = RandomBits(seed: seed * 77)
        let texts = (0..<1500).map { _ in Self.randomText(&random, isWide: seed % 2 == 0) }
        var text = "id;a\n"
        var expected: [Double] = []
        var rejectedCount = 0
        for (row, cell) in texts.enumerated() {
            text += random.next() % 8 == 0 ? "\(row);\"\(cell)\"\n" : "\(row);\(cell)\n"
            switch form.parse(cell) {
            case .missing: expected.append(.nan)
            case .rejected: rejectedCount += 1
            case let number: expected.append(NumberTextTests.value(number)!)
            }
        }
        let runs = KernelForms.all.map { ($0, 1 << 20, 1) } + [(KernelForms.all.last!, 3000, 2), (0, 64, 7)]
        for (kernel, block, threads) in runs {
            var options = ReadOptions()
            options.rejectLimit = .share(1)
            options.blockByteCount = block
            let reader = try CSVReader(
                source: InputSource(bytes: Array(text.utf8), name: "memory"), format: form.format, identifier: "id",
                columns: [ColumnRequest(name: "a")], blockByteCount: block)
            let read = try KernelForms.with(kernel) {
                try reader.readTable(workers: Workers(threadCount: threads), options: options)
            }
            let values = read.table.batches.flatMap { batch in (0..<batch.rowCount).map { batch.columns[0][$0] } }
            #expect(read.statistics.rejectedCount == rejectedCount)
            #expect(values.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }

    /// Numbers in many notations, and a few texts that are none.
    static func randomText(_ random: inout RandomBits, isWide: Bool) -> String {
        func digits(_ count: Int) -> String { String((0..<count).map { _ in Character("\(random.next() % 10)") }) }
        let style = random.next() % 20
        let whole = Int(random.next() % (isWide ? 12 : 4)) + 1
        let decimals = Int(random.next() % (isWide ? 18 : 3))
        switch style {
        case 0: return ""
        case 1: return ["-999", "0", "99.5", "NA", "-1", "9,99", "-999.0", "007", "-0"][Int(random.next() % 9)]
        case 2: return digits(1) + "." + digits(3)
        case 3: return digits(2) + "," + digits(3) + "." + digits(2)
        case 4: return digits(2) + "." + digits(3) + "," + digits(2) + " €"
        case 5: return digits(whole) + "%"
        case 6: return "$" + digits(whole) + "." + digits(decimals)
        case 7: return ["abc", "1.2.3", "1e999", "nan", ".", "-", "1,2,3"][Int(random.next() % 7)]
        case 8: return digits(3) + "'" + digits(3)
        case 9...13: return (random.next() % 3 == 0 ? "-" : "") + digits(whole) + "," + digits(decimals)
        default: return (random.next() % 3 == 0 ? "-" : "") + digits(whole) + "." + digits(decimals)
        }
    }

    @Test(arguments: [
        (Form("", thousands: "."), NumberFormat.Mistake.Setting.thousandsSeparator),
        (Form("", mark: .comma, thousands: ","), .thousandsSeparator), (Form("", thousands: ""), .thousandsSeparator),
        (Form("", thousands: ", "), .thousandsSeparator), (Form("", thousands: "5"), .thousandsSeparator),
        (Form("", thousands: "-"), .thousandsSeparator), (Form("", thousands: "\""), .thousandsSeparator),
        (Form("", currency: ["€", ""]), .currencySymbol(1)), (Form("", currency: ["1"]), .currencySymbol(0)),
        (Form("", currency: ["+"]), .currencySymbol(0)), (Form("", currency: ["%"]), .currencySymbol(0)),
        (Form("", currency: [" €"]), .currencySymbol(0)), (Form("", currency: ["."]), .currencySymbol(0)),
    ])
    func namesSettingsThatCannotBeMeant(_ form: Form, _ setting: NumberFormat.Mistake.Setting) {
        #expect(form.format.numbers.mistake?.setting == setting)
    }

    @Test func theFormatsOfTheseTestsAreSound() {
        for form in Self.forms { #expect(form.format.numbers.mistake == nil, "\(form)") }
    }
}
