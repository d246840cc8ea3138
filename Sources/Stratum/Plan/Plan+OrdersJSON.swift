import LifetimeValue
import Reports
import TableIO

extension Plan.Orders {
    /// The keys of an input of orders, as the plan's reader takes them.
    var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("date", .text(columns.date))]
        let texts: [(String, String?)] = [
            ("amount", columns.amount), ("price", columns.price), ("quantity", columns.quantity),
            ("order", columns.order), ("product", columns.product), ("category", columns.category),
            ("channel", columns.channel),
        ]
        for (key, column) in texts { if let column { members.append(.init(key, .text(column))) } }
        if let mark = columns.refundMark {
            members.append(
                .init(
                    "refunds", ["column": .text(mark), "words": .list(columns.refundWords.map { .text($0) })]))
        }
        members.append(.init("dateFormat", .text(columns.dateForm.order.rawValue)))
        if let minutes = columns.dateForm.offsetInMinutes {
            members.append(.init("utcOffset", .text(DateForm.text(ofOffset: minutes))))
        }
        if let asOf = columns.asOf { members.append(.init("asOf", .text(CalendarDay.text(asOf)))) }
        members.append(.init("spend", .text(columns.isNet ? "net" : "gross")))
        members.append(
            .init("windows", ["count": .integer(columns.windowCount), "days": .integer(columns.windowDayCount)]))
        if let lifetime { members.append(.init("lifetime", lifetime.json)) }
        if let rfm { members.append(.init("rfm", rfm.json)) }
        return members
    }
}

extension Plan.Lifetime {
    /// The settings in the plan's language.
    var json: JSONValue {
        [
            "model": .text(Choice.words.first { $0.choice == model }?.word ?? ""), "timeUnit": .text(timeUnit.rawValue),
            "horizon": .text(Self.text(horizon)),
            "discountRate": .text("\(shortestText(discountRate)) per \(Self.text(discountPeriod))"),
            "margin": .number(margin), "whenItFails": .text(whenItFails.rawValue),
        ]
    }

    /// `52 weeks`.
    static func text(_ span: TimeSpan) -> String { "\(shortestText(span.value)) \(span.unit.rawValue)" }
}

extension DateForm {
    /// `+08:00`.
    static func text(ofOffset minutes: Int) -> String {
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let size = minutes.magnitude
        return "\(minutes < 0 ? "-" : "+")\(padded(Int(size / 60))):\(padded(Int(size % 60)))"
    }
}
