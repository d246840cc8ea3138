/// The dates of one column of the block being parsed.
///
/// Logs are mostly written day by day, so a text is compared with the one before it and parsed only where it differs.
struct DateBuilder {
    private(set) var days: [Int32] = []
    private let form: DateForm
    /// The first eight and the last eight bytes of the last date of 8 to 16 bytes, and what it says.
    private var lastHead: UInt64 = 0
    private var lastTail: UInt64 = 0
    private var lastCount = 0
    private var lastDay: Int32 = 0

    init(_ form: DateForm) { self.form = form }

    mutating func reserve(_ count: Int) { days.reserveCapacity(days.count + count) }

    mutating func removeAll() { days.removeAll(keepingCapacity: true) }

    @inline(__always)
    /// Adds the date in `text`, 0 if it is none; returns why it is none.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>) -> RejectReason? {
        if (8...16).contains(text.count) {
            let raw = UnsafeRawBufferPointer(text)
            // SAFETY: both eight bytes lie inside the text, which has at least as many.
            let head = raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            let tail = raw.loadUnaligned(fromByteOffset: text.count - 8, as: UInt64.self)
            if head == lastHead, tail == lastTail, text.count == lastCount {
                days.append(lastDay)
                return nil
            }
            if case .day(let day) = DateText.parse(text, form) {
                (lastHead, lastTail, lastCount, lastDay) = (head, tail, text.count, day)
                days.append(day)
                return nil
            }
        }
        switch DateText.parse(text, form) {
        case .day(let day):
            days.append(day)
            return nil
        case .rejected(let reason):
            days.append(0)
            return reason
        }
    }

    /// Keeps the rows whose flag is false, in order.
    mutating func remove(where isRejected: [Bool]) {
        var kept = 0
        for row in days.indices where !isRejected[row] {
            days[kept] = days[row]
            kept += 1
        }
        days.removeLast(days.count - kept)
    }
}

extension BlockParser {
    /// Reads the dates of the indexed group.
    mutating func convertDates(_ bytes: UnsafeBufferPointer<UInt8>, count: Int, firstRow: Int) {
        for column in layout.dates.indices {
            let place = layout.dates[column]
            dateBuilders[column].reserve(count)
            for record in 0..<count {
                let text = UnsafeBufferPointer(rebasing: bytes[index.range(record: record, field: place.field)])
                let isQuoted = text.first == UInt8(ascii: "\"")
                let reason =
                    isQuoted
                    ? Self.unquoted(text).withUnsafeBufferPointer { dateBuilders[column].append($0) }
                    : dateBuilders[column].append(text)
                guard let reason else { continue }
                failures.append(
                    Failure(
                        row: firstRow + record, field: place.field, column: place.request.name, reason: reason))
            }
        }
    }
}
