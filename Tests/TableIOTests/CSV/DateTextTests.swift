import Testing

@testable import TableIO

struct DateTextTests {
    /// A text, how it is read, and the date that it says; nil for none.
    struct Case: CustomTestStringConvertible {
        var text: String
        var form = DateForm()
        var date: String?
        var reason: RejectReason?

        init(_ text: String, _ form: DateForm = DateForm(), is date: String) {
            (self.text, self.form, self.date) = (text, form, date)
        }

        init(_ text: String, _ form: DateForm = DateForm(), isRejected reason: RejectReason) {
            (self.text, self.form, self.reason) = (text, form, reason)
        }

        var testDescription: String { "\(text) as \(form)" }
    }

    static let east = DateForm(.iso, offsetInMinutes: 480)
    static let cases: [Case] = [
        Case("1970-01-01", is: "1970-01-01"), Case("2024-02-29", is: "2024-02-29"), Case("2024/1/31", is: "2024-01-31"),
        Case("2024.01.31", is: "2024-01-31"), Case("20240131", is: "2024-01-31"),
        Case(" 2024-01-31\t", is: "2024-01-31"),
        Case("1900-01-01", is: "1900-01-01"), Case("2199-12-31", is: "2199-12-31"),
        Case("2024-01-31T08:26:00+08:00", is: "2024-01-31"), Case("2024-01-31T23:30:00Z", is: "2024-01-31"),
        Case("2024-01-31 08:26", is: "2024-01-31"), Case("2024-01-31 23:59:60.123456", is: "2024-01-31"),
        Case("2024-01-31 23:30:00 UTC", is: "2024-01-31"), Case("2024-01-31 23:30:00-0530", is: "2024-01-31"),
        // With a zone of their own, times move to the one that was asked for.
        Case("2024-01-31T23:30:00Z", east, is: "2024-02-01"), Case("2024-01-31T23:30:00+08:00", east, is: "2024-01-31"),
        Case("2024-12-31T20:00:00-05", east, is: "2025-01-01"), Case("2024-01-31T23:30:00", east, is: "2024-01-31"),
        Case("2024-01-01T00:30:00+14:00", DateForm(.iso, offsetInMinutes: -660), is: "2023-12-30"),
        Case("12/1/2010 8:26", DateForm(.monthFirst), is: "2010-12-01"),
        Case("12/1/2010 8:26", DateForm(.dayFirst), is: "2010-01-12"),
        Case("31.1.2024", DateForm(.dayFirst), is: "2024-01-31"),
        Case("1/31/2024 11:59 PM", DateForm(.monthFirst), is: "2024-01-31"),
        Case("2024-01-31", DateForm(.dayFirst), is: "2024-01-31"),
        Case("0", DateForm(.epochSeconds), is: "1970-01-01"), Case("-1", DateForm(.epochSeconds), is: "1969-12-31"),
        Case("1706745599", DateForm(.epochSeconds), is: "2024-01-31"),
        Case("1706745599.75", DateForm(.epochSeconds), is: "2024-01-31"),
        Case("1706745600", DateForm(.epochSeconds), is: "2024-02-01"),
        Case("1706745599", DateForm(.epochSeconds, offsetInMinutes: 480), is: "2024-02-01"),
        Case("1706745599999", DateForm(.epochMilliseconds), is: "2024-01-31"),

        Case("", isRejected: .missingValue), Case("  ", isRejected: .missingValue),
        Case("12/1/2010", isRejected: .ambiguousDate), Case("31.12.2010", isRejected: .ambiguousDate),
        Case("2023-02-29", isRejected: .invalidDate), Case("1900-02-29", isRejected: .invalidDate),
        Case("2024-00-10", isRejected: .invalidDate), Case("2024-13-01", isRejected: .invalidDate),
        Case("2024-04-31", isRejected: .invalidDate), Case("31/4/2024", DateForm(.dayFirst), isRejected: .invalidDate),
        Case("12/1/10", DateForm(.dayFirst), isRejected: .invalidDate), Case("2024-1", isRejected: .invalidDate),
        Case("2024-01/31", isRejected: .invalidDate), Case("2024-01-31x", isRejected: .invalidDate),
        Case("2024-01-31T", isRejected: .invalidDate), Case("2024-01-31 24:00", isRejected: .invalidDate),
        Case("2024-01-31 08:60", isRejected: .invalidDate), Case("2024-01-31 08:26 ", is: "2024-01-31"),
        Case("2024-01-31 13:00 PM", isRejected: .invalidDate), Case("2024-01-31T08:26:00+8", isRejected: .invalidDate),
        Case("2024-01-31T08:26:00+08:00x", isRejected: .invalidDate), Case("never", isRejected: .invalidDate),
        Case("-2024-01-31", isRejected: .invalidDate), Case("99999999999999999999", isRejected: .invalidDate),
        Case("1899-12-31", isRejected: .outOfRange), Case("9999-12-31", isRejected: .outOfRange),
        Case("0001-01-01", isRejected: .outOfRange),
        Case("999999999999999", DateForm(.epochSeconds), isRejected: .outOfRange),
        Case("1706745599e3", DateForm(.epochSeconds), isRejected: .invalidDate),
        Case("2024-01-31", DateForm(.epochSeconds), isRejected: .invalidDate),
    ]

    static func parsed(_ text: String, _ form: DateForm) -> DateText {
        Array(text.utf8).withUnsafeBufferPointer { DateText.parse($0, form) }
    }

    @Test(arguments: cases) func aDateIsReadByTheGrammar(_ example: Case) {
        switch Self.parsed(example.text, example.form) {
        case .day(let day): #expect(CalendarDay.text(Int(day)) == example.date)
        case .rejected(let reason): #expect(reason == example.reason)
        }
    }

    @Test func everyDayIsReadAsTheOneAfterTheDayBefore() throws {
        let first = try #require(CalendarDay.day(ofISO: "1900-01-01"))
        let last = try #require(CalendarDay.day(ofISO: "2199-12-31"))
        #expect(last - first == 109_572)
        for day in first...last {
            #expect(Self.parsed(CalendarDay.text(day), DateForm()) == .day(Int32(day)))
        }
    }

    @Test(arguments: DateForm.Order.allCases) func noBytesTrap(order: DateForm.Order) {
        var random = SplitMix(seed: 7)
        let alphabet = Array("0123456789-/:. TZ+APMutc".utf8)
        for _ in 0..<20_000 {
            let text = (0..<Int(random.next() % 26)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            let form = DateForm(order, offsetInMinutes: Int(random.next() % 2879) - 1439)
            if case .day(let day) = text.withUnsafeBufferPointer({ DateText.parse($0, form) }) {
                #expect(CalendarDay.years.contains(Int(CalendarDay.text(Int(day)).prefix(4)) ?? 0))
            }
        }
    }
}
