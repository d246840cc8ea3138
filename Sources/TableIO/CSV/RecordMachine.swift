/// Finds the fields of one CSV record, byte by byte: the readable twin of the vector scan, and the only one that knows
/// quotes.
///
/// A field is quoted only if its first byte is the quote; inside, two quotes stand for one. LF, CRLF and CR end a
/// record outside quotes. A record that breaks a rule costs its own first line and no more: reading goes on at the next
/// line, so a stray quote never merges rows.
///
/// Pure: no allocation beyond its boundary list, no I/O, no failure.
struct RecordMachine {
    enum Outcome: Equatable {
        /// A record with the right number of fields, their ends in `ends`; the next one starts at `next`.
        case record(next: Int, lineCount: Int)
        /// An empty line.
        case empty(next: Int)
        /// A broken record whose first line ends at `end`; reading goes on at `next`.
        case rejected(RejectReason, end: Int, next: Int)
        /// The bytes end inside the record and more are to come.
        case incomplete
        /// The input ends inside a quoted field.
        case openQuote
    }

    let delimiter: UInt8
    /// Fields of a record; nil accepts any number of them, as a header needs.
    let columnCount: Int?
    let fieldByteLimit: Int
    /// The offset just past each field of the last record; quotes included.
    private(set) var ends: [Int] = []

    init(delimiter: UInt8, columnCount: Int?, fieldByteLimit: Int) {
        self.delimiter = delimiter
        self.columnCount = columnCount
        self.fieldByteLimit = fieldByteLimit
    }

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Scans the record that starts at `start`.
    ///
    /// - Parameter isFinal: no bytes follow `bytes` in the input.
    /// - Complexity: O(length of the record)
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isFinal: Bool) -> Outcome {
        ends.removeAll(keepingCapacity: true)
        var at = start
        var fieldCount = 0
        var lineCount = 1
        var sawNul = false
        while true {
            let fieldStart = at
            if at < bytes.count, bytes[at] == Self.quote {
                at += 1
                quoted: while true {
                    guard at < bytes.count else {
                        if at - fieldStart > fieldByteLimit { return reject(.fieldTooLong, bytes, start) }
                        return isFinal ? .openQuote : .incomplete
                    }
                    let byte = bytes[at]
                    at += 1
                    if byte == Self.quote {
                        if at < bytes.count, bytes[at] == Self.quote {
                            at += 1
                        } else if at == bytes.count, !isFinal {
                            return .incomplete
                        } else {
                            break quoted
                        }
                    } else if byte == Self.lineFeed || (byte == Self.carriageReturn && !isLineFeed(bytes, at)) {
                        lineCount += 1
                    } else if byte == 0 {
                        sawNul = true
                    }
                    if at - fieldStart > fieldByteLimit { return reject(.fieldTooLong, bytes, start) }
                }
                if at < bytes.count, bytes[at] != delimiter, bytes[at] != Self.lineFeed,
                    bytes[at] != Self.carriageReturn
                {
                    return reject(.malformedQuote, bytes, start)
                }
            } else {
                while at < bytes.count, bytes[at] != delimiter, bytes[at] != Self.lineFeed,
                    bytes[at] != Self.carriageReturn
                {
                    if bytes[at] == 0 { sawNul = true }
                    at += 1
                }
                if at - fieldStart > fieldByteLimit { return reject(.fieldTooLong, bytes, start) }
            }
            fieldCount += 1
            if fieldCount <= columnCount ?? .max { ends.append(at) }
            if at < bytes.count, bytes[at] == delimiter {
                at += 1
                continue
            }
            if at == bytes.count, !isFinal { return .incomplete }
            break
        }
        if at == start {
            return .empty(next: afterLineEnd(bytes, at))
        }
        if sawNul { return reject(.nulByte, bytes, start) }
        if fieldCount < columnCount ?? 0 { return reject(.tooFewFields, bytes, start) }
        if fieldCount > columnCount ?? .max { return reject(.tooManyFields, bytes, start) }
        return .record(next: afterLineEnd(bytes, at), lineCount: lineCount)
    }

    private func isLineFeed(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        at < bytes.count && bytes[at] == Self.lineFeed
    }

    private func afterLineEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
        guard at < bytes.count else { return at }
        return bytes[at] == Self.carriageReturn && isLineFeed(bytes, at + 1) ? at + 2 : at + 1
    }

    /// A reject that costs the line at `start` only.
    private func reject(_ reason: RejectReason, _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Outcome {
        var end = start
        while end < bytes.count, bytes[end] != Self.lineFeed, bytes[end] != Self.carriageReturn { end += 1 }
        return .rejected(reason, end: end, next: afterLineEnd(bytes, end))
    }
}
