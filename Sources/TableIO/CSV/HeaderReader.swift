/// Reads the header and what stands before it, and finds the columns that a run needs.
struct HeaderReader {
    /// Bytes within which the header must end.
    static let byteLimit = 4 << 20

    let path: String
    let format: CSVFormat

    struct Header {
        var names: [String]
        /// Offset just past the header's line end.
        var end: Int
        var lineCount: Int
        /// LF, or CR where a lone CR ends the header.
        var lineEnd: UInt8
        /// The byte between fields.
        var delimiter: UInt8
        /// Whether the delimiter was picked by the header.
        var delimiterIsPicked = false
        /// Comment lines before the header.
        var commentCount = 0
    }

    /// Reads the header from the first bytes of the input, few at first.
    ///
    /// - Parameter head: the first bytes of the input, as many as asked for if there are as many.
    /// - Throws: as `read`; what `head` throws.
    func read(_ head: (Int) throws -> [UInt8]) throws -> (header: Header, bytes: [UInt8]) {
        let few = 64 << 10
        let start = try head(few)
        do {
            let header = try read(start, isWhole: start.count < few)
            return (header, Array(start[..<header.end]))
        } catch  where start.count == few {
            let more = try head(Self.byteLimit)
            let header = try read(more, isWhole: more.count < Self.byteLimit)
            return (header, Array(more[..<header.end]))
        }
    }

    /// - Parameters:
    ///   - head: the first bytes of the input.
    ///   - isWhole: the input has no more bytes than `head`.
    /// - Throws: `emptyInput`, `unsupportedEncoding`, `badHeader`, `tooManyColumns`
    func read(_ head: [UInt8], isWhole: Bool) throws(TableIOError) -> Header {
        let bomCount = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let result: Result<Header, TableIOError> = head.withUnsafeBufferPointer { bytes in
            Result { () throws(TableIOError) in try read(bytes, from: bomCount, isWhole: isWhole) }
        }
        return try result.get()
    }

    private func read(
        _ bytes: UnsafeBufferPointer<UInt8>, from bomCount: Int, isWhole: Bool
    ) throws(TableIOError) -> Header {
        var start = bomCount
        var line = 1
        var commentCount = 0
        let separator = try Self.separator(bytes, from: start, path: path)
        var skippedCount = max(format.skippedLineCount, separator == nil ? 0 : 1)
        while skippedCount > 0, start < bytes.count {
            guard let next = CommentLines.end(of: bytes, from: start, isFinal: isWhole) else {
                throw TableIOError(
                    .badHeader, path: path, line: line, byteOffset: start,
                    detail: "no line end in the first \(bytes.count) bytes")
            }
            start = next
            line += 1
            skippedCount -= 1
        }
        while let mark = format.commentByte, start < bytes.count {
            // Empty lines may stand between comments.
            if bytes[start] == mark {
                guard let next = CommentLines.end(of: bytes, from: start, isFinal: isWhole) else { break }
                start = next
                commentCount += 1
            } else if bytes[start] == UInt8(ascii: "\n") || bytes[start] == UInt8(ascii: "\r") {
                start = CommentLines.end(of: bytes, from: start, isFinal: true) ?? bytes.count
            } else {
                break
            }
            line += 1
        }
        let delimiter = separator ?? (format.picksDelimiter ? picked(bytes, from: start, isWhole) : format.delimiter)
        var machine = RecordMachine(delimiter: delimiter, columnCount: nil, fieldByteLimit: format.fieldByteLimit)
        while start < bytes.count {
            switch machine.scan(bytes, from: start, isFinal: isWhole) {
            case .empty(let next):
                start = next
                line += 1
            case .record(let next, let lineCount):
                let names = try names(bytes, from: start, ends: machine.ends, line: line)
                let lineEnd: UInt8 =
                    next > start && bytes[next - 1] == UInt8(ascii: "\r") ? UInt8(ascii: "\r") : UInt8(ascii: "\n")
                return Header(
                    names: names, end: next, lineCount: line - 1 + lineCount, lineEnd: lineEnd, delimiter: delimiter,
                    delimiterIsPicked: separator == nil && format.picksDelimiter, commentCount: commentCount)
            case .rejected(let reason, _, _):
                throw TableIOError(.badHeader, path: path, line: line, byteOffset: start, detail: reason.rawValue)
            case .openQuote:
                throw TableIOError(.openQuote, path: path, line: line, byteOffset: start)
            case .incomplete:
                throw TableIOError(
                    .badHeader, path: path, line: line, byteOffset: start,
                    detail: "no line end in the first \(bytes.count) bytes")
            }
        }
        if isWhole { throw TableIOError(.emptyInput, path: path) }
        throw TableIOError(
            .badHeader, path: path, line: line, byteOffset: start,
            detail: "no header in the first \(bytes.count) bytes")
    }

    /// The delimiter that a first line `sep=;` tells, as Excel writes it; nil if the first line is another one.
    ///
    /// - Throws: `badHeader` for a separator that cannot be one.
    private static func separator(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, path: String
    ) throws(TableIOError) -> UInt8? {
        var line = bytes[start...].prefix(8).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        if line.count == 7, line.first == UInt8(ascii: "\""), line.last == UInt8(ascii: "\"") {
            line = line.dropFirst().dropLast()
        }
        guard line.count == 5, line.prefix(4).elementsEqual("sep=".utf8), let byte = line.last else { return nil }
        guard CSVFormat.canDelimit(byte) else {
            throw TableIOError(.badHeader, path: path, line: 1, detail: "sep= names a byte that cannot separate fields")
        }
        return byte
    }

    /// The candidate that gives the record at `start` most fields.
    private func picked(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ isWhole: Bool) -> UInt8 {
        var best = (byte: Self.delimiters[0].byte, count: 0)
        for candidate in Self.delimiters {
            var machine = RecordMachine(
                delimiter: candidate.byte, columnCount: nil, fieldByteLimit: format.fieldByteLimit)
            var at = start
            while case .empty(let next) = machine.scan(bytes, from: at, isFinal: isWhole), next < bytes.count {
                at = next
            }
            if case .record = machine.scan(bytes, from: at, isFinal: isWhole), machine.ends.count > best.count {
                best = (candidate.byte, machine.ends.count)
            }
        }
        return best.byte
    }

    private func names(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, ends: [Int], line: Int
    ) throws(TableIOError) -> [String] {
        guard ends.count <= format.columnLimit else {
            throw TableIOError(
                .tooManyColumns, path: path, line: line, detail: "\(ends.count) columns, \(format.columnLimit) allowed")
        }
        var names: [String] = []
        var fieldStart = start
        for end in ends {
            let field = UnsafeBufferPointer(rebasing: bytes[fieldStart..<end])
            let content = field.first == UInt8(ascii: "\"") ? BlockParser.unquoted(field) : Array(field)
            let isText = content.withUnsafeBufferPointer { UTF8Check.isValid($0) }
            guard isText else {
                // The end of the field may cut a character in another encoding: the whole header is asked.
                let isGB18030 = TextEncoding.gb18030.canDecode(
                    UnsafeBufferPointer(rebasing: bytes[start..<ends[ends.count - 1]]))
                throw TableIOError(
                    .unsupportedEncoding, path: path, line: line, byteOffset: fieldStart,
                    detail: isGB18030
                        ? "the header is not UTF-8 but reads as GB18030: try --encoding gb18030"
                        : "the header is not UTF-8")
            }
            names.append(
                content.withUnsafeBufferPointer { String(decoding: NumberText.trimmed($0), as: UTF8.self) })
            fieldStart = end + 1
        }
        return names
    }

    /// The place of a needed column.
    ///
    /// - Throws: `missingColumn` with what was found and what is likely meant, or `duplicateColumn`
    func place(of name: String, in header: Header) throws(TableIOError) -> Int {
        // Compared by bytes: String equality would merge two spellings of one name.
        let wanted = Array(name.utf8)
        let places = header.names.indices.filter { header.names[$0].utf8.elementsEqual(wanted) }
        if places.count == 1 { return places[0] }
        if places.count > 1 {
            throw TableIOError(
                .duplicateColumn, path: path, line: header.lineCount, column: name,
                detail: "columns " + places.map { String($0 + 1) }.joined(separator: " and "))
        }
        throw TableIOError(
            .missingColumn, path: path, line: header.lineCount, column: name, detail: hint(for: name, header))
    }

    /// Checks that the header has no column but `names`.
    ///
    /// - Throws: `badHeader` with the column that is not among them
    func expectOnly(_ names: [String], in header: Header) throws(TableIOError) {
        // Compared by bytes, as above.
        let known = Set(names.map { Array($0.utf8) })
        guard let other = header.names.first(where: { !known.contains(Array($0.utf8)) }) else { return }
        throw TableIOError(
            .badHeader, path: path, line: header.lineCount, column: other, detail: "the first input has no such column")
    }

    private func hint(for name: String, _ header: Header) -> String {
        var parts: [String] = []
        if let nearest = EditDistance.nearest(to: name, among: header.names) { parts.append("nearest: \(nearest)") }
        if let likely = likelyDelimiter(for: name, header) {
            parts.append("the delimiter is likely \(likely): try --delimiter or --delimiter auto")
        }
        let shown = header.names.prefix(40).joined(separator: ", ")
        parts.append("found: \(shown)" + (header.names.count > 40 ? " and \(header.names.count - 40) more" : ""))
        return parts.joined(separator: "; ")
    }

    /// A delimiter that would give the wanted name, or some names where there is only one.
    private func likelyDelimiter(for name: String, _ header: Header) -> String? {
        // Delimiters inside quotes count too here; it is only a hint.
        let line = Array(header.names.joined(separator: String(Unicode.Scalar(header.delimiter))).utf8)
        let others = Self.delimiters.filter { $0.byte != header.delimiter }
        let wanted = Array(name.utf8)
        let fitting = others.first { other in
            line.split(separator: other.byte).contains { field in
                field.withUnsafeBufferPointer { NumberText.trimmed($0).elementsEqual(wanted) }
            }
        }
        if let fitting { return fitting.text }
        guard header.names.count == 1 else { return nil }
        let counts = others.map { other in line.lazy.filter { $0 == other.byte }.count }
        guard let most = counts.max(), most > 0, let index = counts.firstIndex(of: most) else { return nil }
        return others[index].text
    }

    /// Delimiters that exports have, and how a message calls them.
    static let delimiters: [(byte: UInt8, text: String)] = [
        (UInt8(ascii: ","), "','"), (UInt8(ascii: ";"), "';'"), (UInt8(ascii: "\t"), "a tab"),
        (UInt8(ascii: "|"), "'|'"),
    ]
}

/// Levenshtein's distance over bytes, for telling a user the nearest name.
package enum EditDistance {
    /// The candidate nearest to `name` if it is within a third of the name's bytes; the first one on a tie.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        let limit = max(2, name.utf8.count / 3)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates.prefix(2000) where candidate.utf8.count <= name.utf8.count + limit {
            let distance = between(Array(name.utf8), Array(candidate.utf8))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    private static func between(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, byte) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let substituted = diagonal + ((byte | 0x20) == (other | 0x20) ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
