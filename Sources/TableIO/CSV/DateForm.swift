/// How the dates of a column are written. Which of two numbers is the day is never guessed.
public struct DateForm: Sendable, Equatable {
    /// The order of the parts.
    public enum Order: String, Sendable, CaseIterable {
        /// `2024-01-31`, `2024/1/31` or `20240131`: the year first.
        case iso
        /// `31/1/2024`, also with points or hyphens between; the year first is taken too.
        case dayFirst = "day-first"
        /// `1/31/2024`, likewise.
        case monthFirst = "month-first"
        /// Seconds since the start of 1970 in UTC.
        case epochSeconds = "epoch-seconds"
        /// Milliseconds since then.
        case epochMilliseconds = "epoch-milliseconds"
    }

    /// The order of the parts.
    public var order: Order
    /// The zone whose calendar days are told, in minutes east of UTC; within a day.
    ///
    /// Epoch times and times with a zone of their own are moved to it. If nil, the former are told in UTC and the latter
    /// by the date as it is written. A time without a zone keeps its date either way.
    public var offsetInMinutes: Int?

    /// Dates of one form.
    public init(_ order: Order = .iso, offsetInMinutes: Int? = nil) {
        precondition((offsetInMinutes ?? 0).magnitude < 1440, "an offset of \(offsetInMinutes ?? 0) minutes")
        self.order = order
        self.offsetInMinutes = offsetInMinutes
    }
}

extension DateForm {
    /// Minutes east of UTC of `Z`, `UTC`, `+08:00` or `-0530`; nil for any other text.
    public static func offsetInMinutes(of text: String) -> Int? {
        if ["Z", "UTC", "utc"].contains(text) { return 0 }
        let digits = text.utf8.dropFirst().filter { $0 != UInt8(ascii: ":") }.map { Int($0) - 0x30 }
        guard let sign = text.utf8.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            [3, 5, 6].contains(text.utf8.count), [2, 4].contains(digits.count),
            digits.allSatisfy({ (0...9).contains($0) })
        else { return nil }
        let hours = digits[0] * 10 + digits[1]
        let rest = digits.count == 4 ? digits[2] * 10 + digits[3] : 0
        guard hours < 24, rest < 60 else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + rest)
    }
}

/// One column that a run needs as calendar days; an empty cell is rejected as `missing_value`.
public struct DateRequest: Sendable, Equatable {
    /// The column's name in the header, byte by byte; blanks around it do not count.
    public var name: String
    /// How its dates are written.
    public var form: DateForm

    /// A column of dates.
    public init(name: String, form: DateForm = DateForm()) {
        self.name = name
        self.form = form
    }
}

/// Days of the Gregorian calendar, counted from 1 January 1970.
public enum CalendarDay {
    /// The years that dates may lie in. What lies outside is mostly a word for "never", such as 9999-12-31.
    public static let years = 1900...2199

    /// The day of a date; nil if the calendar has no such date.
    ///
    /// Source: H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    public static func day(year: Int, month: Int, day: Int) -> Int? {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= dayCount(year, month) else {
            return nil
        }
        // Years begin in March, so that the leap day is the last.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date of a day that lies in the years 1 to 9999, as `2024-01-31`.
    public static func text(_ day: Int) -> String {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2))"
    }

    private static func dayCount(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day of a date of year, month and day; nil if there is no such date, or text behind it.
    public static func day(ofISO text: String) -> Int? {
        guard text.utf8.count == 10 else { return nil }
        let parsed = Array(text.utf8).withUnsafeBufferPointer { DateText.parse($0, DateForm()) }
        guard case .day(let day) = parsed else { return nil }
        return Int(day)
    }
}
