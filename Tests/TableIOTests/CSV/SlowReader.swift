import Tables

@testable import TableIO

/// The plain reading of a CSV text: one pass, one record at a time, no kernel. The reference for `CSVReader`.
struct SlowReader {
    var rows: [[UInt8]: [Double?]] = [:]
    var order: [[UInt8]] = []
    var rejects: [RejectedRecord] = []
    var recordCount = 0
    var openQuoteLine: Int?

    init(_ text: [UInt8], columns: [ColumnRequest], format: CSVFormat = CSVFormat()) throws {
        let headerReader = HeaderReader(path: "memory", format: format)
        let header = try headerReader.read(text, isWhole: true)
        let idPlace = try headerReader.place(of: "id", in: header)
        let places = try columns.map { try headerReader.place(of: $0.name, in: header) }
        var machine = RecordMachine(
            delimiter: header.delimiter, columnCount: header.names.count, fieldByteLimit: format.fieldByteLimit)
        var line = header.lineCount + 1
        var at = header.end
        text.withUnsafeBufferPointer { bytes in
            while at < bytes.count {
                let start = at
                if let mark = format.commentByte, bytes[at] == mark {
                    while at < bytes.count, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
                    if at + 1 < bytes.count, bytes[at] == 0x0D, bytes[at + 1] == 0x0A { at += 1 }
                    (at, line) = (min(at + 1, bytes.count), line + 1)
                    continue
                }
                switch machine.scan(bytes, from: at, isFinal: true) {
                case .empty(let next):
                    (at, line) = (next, line + 1)
                case .rejected(let reason, let end, let next):
                    recordCount += 1
                    reject(reason, nil, bytes, start..<end, line)
                    (at, line) = (next, line + 1)
                case .record(let next, let lineCount):
                    recordCount += 1
                    take(bytes, start: start, ends: machine.ends, line: line, idPlace, places, columns)
                    (at, line) = (next, line + lineCount)
                case .openQuote, .incomplete:
                    openQuoteLine = line
                    return
                }
            }
        }
    }

    private mutating func reject(
        _ reason: RejectReason, _ column: String?, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ line: Int
    ) {
        rejects.append(
            RejectedRecord(
                line: line, record: recordCount, byteOffset: range.lowerBound, column: column, reason: reason,
                raw: Array(bytes[range].prefix(4096))))
    }

    private mutating func take(
        _ bytes: UnsafeBufferPointer<UInt8>, start: Int, ends: [Int], line: Int, _ idPlace: Int, _ places: [Int],
        _ columns: [ColumnRequest]
    ) {
        func field(_ place: Int) -> [UInt8] {
            let range = (place == 0 ? start : ends[place - 1] + 1)..<ends[place]
            let text = UnsafeBufferPointer(rebasing: bytes[range])
            return text.first == UInt8(ascii: "\"") ? BlockParser.unquoted(text) : Array(text)
        }
        let range = start..<ends[ends.count - 1]
        guard UTF8Check.isValid(UnsafeBufferPointer(rebasing: bytes[range])) else {
            return reject(.invalidUTF8, nil, bytes, range, line)
        }
        var values: [Double?] = []
        var failures: [(place: Int, column: String, reason: RejectReason)] = []
        let id = field(idPlace)
        if id.isEmpty { failures.append((idPlace, "id", .missingID)) }
        for (column, place) in places.enumerated() {
            let number = field(place).withUnsafeBufferPointer { NumberText.parse($0, nullWords: []) }
            let value = NumberTextTests.value(number)
            values.append(value)
            if case .rejected(let reason) = number {
                failures.append((place, columns[column].name, reason))
            } else if let value, value < columns[column].minimum || value > columns[column].maximum {
                failures.append((place, columns[column].name, .outOfDomain))
            }
        }
        if let first = failures.min(by: { $0.place < $1.place }) {
            return reject(first.reason, first.column, bytes, range, line)
        }
        guard rows[id] == nil else { return reject(.duplicateID, "id", bytes, range, line) }
        rows[id] = values
        order.append(id)
    }
}
