/// A record that was not accepted, and why.
public struct Reject: Equatable, Sendable {
    /// The file as the caller named it.
    public var file: String
    /// The line the record starts on, from 1.
    public var line: Int
    /// The number of the record, from 1; the header is not counted.
    public var record: Int
    /// Where the record starts in the decompressed bytes.
    public var byteOffset: Int
    /// The name of the column at fault, nil when it is the whole record.
    public var column: String?
    /// The reason's name, such as `invalid_number`.
    public var reason: String
    /// The bytes of the record without its end.
    public var raw: [UInt8]

    /// A rejected record.
    public init(
        file: String, line: Int, record: Int, byteOffset: Int, column: String?, reason: String, raw: [UInt8]
    ) {
        self.file = file
        self.line = line
        self.record = record
        self.byteOffset = byteOffset
        self.column = column
        self.reason = reason
        self.raw = raw
    }
}

/// Writes rejected records as CSV, in the order given.
///
/// The raw bytes stand as they were, except that NUL and bytes that are not UTF-8 are written `\xNN`, so that the file
/// is text; of a long record the first 4 KiB stand, and a mark that tells its length.
public final class RejectsWriter {
    /// Bytes of a record that are written.
    public static let rawByteLimit = 4096
    /// The names of the columns.
    public static let columns = ["file", "line", "record", "byte_offset", "column", "reason", "raw"]

    /// Records written so far.
    public private(set) var count = 0
    private let output: OutputFile
    private let field: CSVField
    private let buffer = RowBuffer()
    /// Bytes gathered before they are written.
    private static let flushByteCount = 1 << 16

    /// A writer that appends to `output`, the header first.
    public init(_ output: OutputFile, spreadsheetSafe: Bool = false) {
        self.output = output
        field = CSVField(spreadsheetSafe: spreadsheetSafe)
        buffer.append(Self.columns.joined(separator: ",").utf8)
        buffer.append([0x0A])
    }

    /// Appends one record.
    ///
    /// - Throws: what `OutputFile.append` throws.
    public func append(_ reject: Reject) throws(TableIOError) {
        buffer.append(field.bytes(reject.file.utf8))
        for number in [reject.line, reject.record, reject.byteOffset] { buffer.append(",\(number)".utf8) }
        for text in [reject.column ?? "", reject.reason] {
            buffer.append([0x2C])
            buffer.append(field.bytes(text.utf8))
        }
        buffer.append([0x2C])
        buffer.append(field.bytes(Self.readable(reject.raw)))
        buffer.append([0x0A])
        count += 1
        if buffer.count >= Self.flushByteCount { try flush() }
    }

    /// Hands what was gathered to the output; call it once at the end.
    public func flush() throws(TableIOError) {
        try output.append(buffer)
        buffer.removeAll()
    }

    /// The first bytes of a record as text.
    static func readable(_ raw: [UInt8]) -> [UInt8] {
        var kept = Array(raw.prefix(rawByteLimit))
        if raw.count > rawByteLimit {
            // A character that the limit cuts is left out whole.
            for back in 1...4 where UTF8Bytes.characterLength(in: raw, at: rawByteLimit - back) > back {
                kept.removeLast(back)
                break
            }
        }
        var result: [UInt8] = []
        result.reserveCapacity(kept.count)
        var position = 0
        UTF8Bytes.forEachCharacter(of: kept) { character in
            if let character, character != [0] {
                result += character
            } else {
                let byte = kept[position]
                result += [0x5C, 0x78, HexDigits.high(byte), HexDigits.low(byte)]
            }
            position += character?.count ?? 1
        }
        if raw.count > rawByteLimit { result += Array(" [cut: \(raw.count) bytes in all]".utf8) }
        return result
    }
}
