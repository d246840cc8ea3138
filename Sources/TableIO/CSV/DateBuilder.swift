internal import CKernels

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

    mutating func removeAll() { days.removeAll(keepingCapacity: true) }

    /// Adds the date in `text`, 0 if it is none; returns why it is none.
    @inline(__always)
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
        let fields = index.fields
        for column in layout.dates.indices {
            let place = layout.dates[column]
            // Taken out for the loop, so that each date is not a change of the array of builders.
            var builder = DateBuilder(place.request.form)
            swap(&builder, &dateBuilders[column])
            for record in 0..<count {
                // SAFETY: record and field are those of an indexed group.
                let ends = fields.ends + (record * index.columnCount + place.field)
                let start = Int(place.field == 0 ? fields.starts[record] : ends[-1] + 1)
                let text = UnsafeBufferPointer(rebasing: bytes[start..<Int(ends[0])])
                let isQuoted = fields.quoted != 0 && text.first == UInt8(ascii: "\"")
                let reason =
                    isQuoted
                    ? Self.unquoted(text).withUnsafeBufferPointer { builder.append($0) } : builder.append(text)
                guard let reason else { continue }
                failures.append(
                    Failure(
                        row: firstRow + record, field: place.field, column: place.request.name, reason: reason))
            }
            swap(&builder, &dateBuilders[column])
        }
    }
}
