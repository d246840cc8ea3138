/// What the text of one field says as a date.
///
/// A date is `Y-M-D` with hyphens, slashes or points, years of four digits and months and days of one or two, or
/// `YYYYMMDD`; by form also `D/M/Y` or `M/D/Y`. A time may follow after `T` or a blank: `H:MM`, `H:MM:SS`, a fraction
/// of a second, `AM` or `PM`, and a zone `Z`, `UTC`, `+08:00`, `+0800` or `+08`.
enum DateText: Equatable {
    /// Days since 1 January 1970.
    case day(Int32)
    case rejected(RejectReason)

    /// Reads a date, blanks (space, tab) around it dropped.
    static func parse(_ field: UnsafeBufferPointer<UInt8>, _ form: DateForm) -> DateText {
        let text = NumberText.trimmed(field)
        if text.isEmpty { return .rejected(.missingValue) }
        var scan = DateScan(text)
        switch form.order {
        case .epochSeconds: return scan.epoch(unitsPerSecond: 1, form)
        case .epochMilliseconds: return scan.epoch(unitsPerSecond: 1000, form)
        case .iso, .dayFirst, .monthFirst: return scan.calendar(form)
        }
    }
}

/// One walk over the text of a date.
private struct DateScan {
    private let text: UnsafeBufferPointer<UInt8>
    private var at = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    private static let minutesOfDay = 1440

    mutating func epoch(unitsPerSecond: Int, _ form: DateForm) -> DateText {
        let isNegative = take("-")
        // 15 digits of milliseconds reach beyond every year that is taken.
        guard let units = number(1...15) else { return .rejected(.invalidDate) }
        if take("."), number(1...18) == nil { return .rejected(.invalidDate) }
        guard at == text.count else { return .rejected(.invalidDate) }
        let unitsOfDay = 86_400 * unitsPerSecond
        let shifted = (isNegative ? -units : units) + (form.offsetInMinutes ?? 0) * 60 * unitsPerSecond
        // Towards the past for moments before 1970 too.
        return Self.inRange((shifted - (shifted % unitsOfDay + unitsOfDay) % unitsOfDay) / unitsOfDay)
    }

    mutating func calendar(_ form: DateForm) -> DateText {
        let start = at
        guard let first = number(1...8) else { return .rejected(.invalidDate) }
        let firstDigitCount = at - start
        let date: (year: Int, month: Int, day: Int)
        if firstDigitCount == 8 {
            date = (first / 10_000, first / 100 % 100, first % 100)
        } else {
            guard at < text.count, "-/.".utf8.contains(text[at]) else { return .rejected(.invalidDate) }
            let separator = text[at]
            at += 1
            guard let second = number(1...2), at < text.count, text[at] == separator else {
                return .rejected(.invalidDate)
            }
            at += 1
            let thirdStart = at
            guard let third = number(1...4) else { return .rejected(.invalidDate) }
            let thirdDigitCount = at - thirdStart
            if firstDigitCount == 4, thirdDigitCount <= 2 {
                date = (first, second, third)
            } else if firstDigitCount <= 2, thirdDigitCount == 4 {
                switch form.order {
                case .dayFirst: date = (third, second, first)
                case .monthFirst: date = (third, first, second)
                default: return .rejected(.ambiguousDate)
                }
            } else {
                return .rejected(.invalidDate)
            }
        }
        guard let day = CalendarDay.day(year: date.year, month: date.month, day: date.day),
            let shift = timeShift(form), at == text.count
        else { return .rejected(.invalidDate) }
        return Self.inRange(day + shift)
    }

    /// The days to add because of time and zone; nil if what follows the date is no time.
    private mutating func timeShift(_ form: DateForm) -> Int? {
        if at == text.count { return 0 }
        guard take("T") || take("t") || take(" ") else { return nil }
        while take(" ") {}
        guard var hour = number(1...2), take(":"), let minute = number(2...2), minute < 60 else { return nil }
        if take(":") {
            // 60: a leap second.
            guard let second = number(2...2), second <= 60 else { return nil }
            if take(".") || take(","), number(1...9) == nil { return nil }
        }
        if let isAfternoon = dayHalf() {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        guard hour < 24 else { return nil }
        let hasBlank = take(" ")
        if at == text.count { return hasBlank ? nil : 0 }
        guard let zone = zone() else { return nil }
        guard let offset = form.offsetInMinutes else { return 0 }
        let minutes = hour * 60 + minute - zone + offset
        return (minutes + 2 * Self.minutesOfDay) / Self.minutesOfDay - 2
    }

    /// Whether `PM` stands here, after a blank or none; nil if neither that nor `AM` does.
    private mutating func dayHalf() -> Bool? {
        let blankCount = at < text.count && text[at] == 0x20 ? 1 : 0
        guard at + blankCount + 2 <= text.count, text[at + blankCount + 1] | 0x20 == UInt8(ascii: "m") else {
            return nil
        }
        let letter = text[at + blankCount] | 0x20
        guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p") else { return nil }
        at += blankCount + 2
        return letter == UInt8(ascii: "p")
    }

    /// A zone in minutes east of UTC.
    private mutating func zone() -> Int? {
        if take("Z") || take("z") { return 0 }
        if take("U") || take("u") {
            guard at + 2 <= text.count, text[at] | 0x20 == UInt8(ascii: "t"), text[at + 1] | 0x20 == UInt8(ascii: "c")
            else { return nil }
            at += 2
            return 0
        }
        let isWest = at < text.count && text[at] == UInt8(ascii: "-")
        guard take("-") || take("+") else { return nil }
        let start = at
        guard var hours = number(2...4), at - start != 3 else { return nil }
        var minutes = 0
        if at - start == 4 {
            (hours, minutes) = (hours / 100, hours % 100)
        } else if take(":") {
            guard let parsed = number(2...2) else { return nil }
            minutes = parsed
        }
        guard hours < 24, minutes < 60 else { return nil }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < text.count, text[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    /// A number of so many digits, 18 at most; nil, and nothing taken, if there are fewer or more.
    private mutating func number(_ digitCounts: ClosedRange<Int>) -> Int? {
        var end = at
        var value = 0
        while end < text.count, end - at <= digitCounts.upperBound, case let digit = text[end] &- 0x30, digit <= 9 {
            value = value &* 10 &+ Int(digit)
            end += 1
        }
        guard digitCounts.contains(end - at) else { return nil }
        at = end
        return value
    }

    private static let firstDay = CalendarDay.day(year: CalendarDay.years.lowerBound, month: 1, day: 1)!
    private static let lastDay = CalendarDay.day(year: CalendarDay.years.upperBound, month: 12, day: 31)!

    private static func inRange(_ day: Int) -> DateText {
        firstDay <= day && day <= lastDay ? .day(Int32(day)) : .rejected(.outOfRange)
    }
}
