/// Reads the header and finds the columns that a run needs.
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
    }

    /// - Parameters:
    ///   - head: the first bytes of the input.
    ///   - isWhole: the input has no more bytes than `head`.
    /// - Throws: `emptyInput`, `unsupportedEncoding`, `badHeader`, `tooManyColumns`
    func read(_ head: [UInt8], isWhole: Bool) throws(TableIOError) -> Header {
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw TableIOError(.unsupportedEncoding, path: path, line: 1, detail: "it starts like UTF-16")
        }
        let bomCount = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let result: Result<Header, TableIOError> = head.withUnsafeBufferPointer { bytes in
            Result { () throws(TableIOError) in try read(bytes, from: bomCount, isWhole: isWhole) }
        }
        return try result.get()
    }

    private func read(
        _ bytes: UnsafeBufferPointer<UInt8>, from bomCount: Int, isWhole: Bool
    ) throws(TableIOError) -> Header {
        var machine = RecordMachine(
            delimiter: format.delimiter, columnCount: nil, fieldByteLimit: format.fieldByteLimit)
        var start = bomCount
        var line = 1
        while start < bytes.count {
            switch machine.scan(bytes, from: start, isFinal: isWhole) {
            case .empty(let next):
                start = next
                line += 1
            case .record(let next, let lineCount):
                let names = try names(bytes, from: start, ends: machine.ends, line: line)
                let lineEnd: UInt8 =
                    next > start && bytes[next - 1] == UInt8(ascii: "\r") ? UInt8(ascii: "\r") : UInt8(ascii: "\n")
                return Header(names: names, end: next, lineCount: line - 1 + lineCount, lineEnd: lineEnd)
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
        throw TableIOError(.emptyInput, path: path)
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
                throw TableIOError(
                    .unsupportedEncoding, path: path, line: line, byteOffset: fieldStart,
                    detail: "the header is not UTF-8")
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

    private func hint(for name: String, _ header: Header) -> String {
        var parts: [String] = []
        if let nearest = EditDistance.nearest(to: name, among: header.names) { parts.append("nearest: \(nearest)") }
        if header.names.count == 1, let likely = likelyDelimiter(header.names[0]) {
            parts.append("the delimiter is likely \(likely)")
        }
        let shown = header.names.prefix(40).joined(separator: ", ")
        parts.append("found: \(shown)" + (header.names.count > 40 ? " and \(header.names.count - 40) more" : ""))
        return parts.joined(separator: "; ")
    }

    private func likelyDelimiter(_ name: String) -> String? {
        let candidates: [(byte: UInt8, text: String)] = [
            (UInt8(ascii: ","), "','"), (UInt8(ascii: ";"), "';'"), (UInt8(ascii: "\t"), "a tab"),
            (UInt8(ascii: "|"), "'|'"),
        ]
        let counts = candidates.map { candidate in name.utf8.lazy.filter { $0 == candidate.byte }.count }
        guard let most = counts.max(), most > 0, let index = counts.firstIndex(of: most) else { return nil }
        return candidates[index].text
    }
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
