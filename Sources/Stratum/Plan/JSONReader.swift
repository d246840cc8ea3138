extension PlanNode {
    /// Reads the UTF-8 text of one JSON value (RFC 8259), no more and no less.
    ///
    /// Keys given twice are kept for the decoder to refuse; comments, trailing commas, `NaN` and lone surrogates are not
    /// JSON. One byte order mark is dropped.
    ///
    /// - Throws: `PlanError` of kind `syntax` or `limit`, with line and column.
    public init(json bytes: [UInt8]) throws(PlanError) {
        try self.init(json: bytes, byteLimit: Self.byteLimit)
    }

    /// Reads a JSON text of at most `byteLimit` bytes.
    init(json bytes: [UInt8], byteLimit: Int) throws(PlanError) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.document(byteLimit: byteLimit)
    }
}

/// A JSON reader over bytes that keeps what a plan's errors need: key order, repeated keys, lines and columns.
private struct JSONReader {
    let bytes: [UInt8]
    var offset = 0
    var line = 1
    var lineStart = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document(byteLimit: Int) throws(PlanError) -> PlanNode {
        if bytes.count > byteLimit {
            throw PlanError(
                .limit, at: "", nil, problem: "\(bytes.count) bytes are too many for a plan",
                remedy: "a plan has at most \(byteLimit) bytes; is this the right file?")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            offset = 3
            lineStart = 3
        }
        let node = try value(depth: 1)
        skipBlanks()
        if offset < bytes.count { throw unexpected(wanted: "the end of the text") }
        return node
    }

    private mutating func value(depth: Int) throws(PlanError) -> PlanNode {
        skipBlanks()
        let start = position
        if depth > PlanNode.depthLimit {
            throw PlanError(
                .limit, at: "", start, problem: "nested deeper than \(PlanNode.depthLimit)",
                remedy: "no plan needs this; look for a bracket too many")
        }
        switch next {
        case UInt8(ascii: "{"): return PlanNode(.map(try members(depth: depth)), position: start)
        case UInt8(ascii: "["): return PlanNode(.list(try elements(depth: depth)), position: start)
        case UInt8(ascii: "\""): return PlanNode(.scalar(try text(), isQuoted: true), position: start)
        default: return PlanNode(.scalar(try word(), isQuoted: false), position: start)
        }
    }

    private mutating func members(depth: Int) throws(PlanError) -> [PlanNode.Entry] {
        var entries: [PlanNode.Entry] = []
        try separated(closing: UInt8(ascii: "}")) { reader throws(PlanError) in
            let keyPosition = reader.position
            guard reader.next == UInt8(ascii: "\"") else { throw reader.unexpected(wanted: "a key in quotes") }
            let key = try reader.text()
            reader.skipBlanks()
            try reader.take(":")
            entries.append(.init(key: key, keyPosition: keyPosition, value: try reader.value(depth: depth + 1)))
        }
        return entries
    }

    private mutating func elements(depth: Int) throws(PlanError) -> [PlanNode] {
        var nodes: [PlanNode] = []
        try separated(closing: UInt8(ascii: "]")) { reader throws(PlanError) in
            nodes.append(try reader.value(depth: depth + 1))
        }
        return nodes
    }

    /// Reads an opening bracket, elements with commas between them and the closing bracket.
    private mutating func separated(
        closing: UInt8, element: (inout JSONReader) throws(PlanError) -> Void
    ) throws(PlanError) {
        offset += 1
        skipBlanks()
        if next == closing {
            offset += 1
            return
        }
        while true {
            skipBlanks()
            try element(&self)
            skipBlanks()
            if next == closing {
                offset += 1
                return
            }
            try take(",")
        }
    }

    /// A number, `true`, `false` or `null`, as written.
    private mutating func word() throws(PlanError) -> String {
        let start = offset
        while let byte = next, isWordByte(byte) { offset += 1 }
        let word = bytes[start..<offset]
        let text = String(decoding: word, as: UTF8.self)
        guard isNumber(word) || ["true", "false", "null"].contains(text) else {
            offset = start
            throw unexpected(wanted: "a value")
        }
        return text
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Whether bytes follow RFC 8259's `number`: no leading zeros, plus signs or bare points.
    private func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        var rest = word
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let leadsWithZero = rest.first == UInt8(ascii: "0")
        let wholeDigits = digits()
        guard wholeDigits == 1 || wholeDigits > 1 && !leadsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// A text in quotes, unescaped.
    private mutating func text() throws(PlanError) -> String {
        let start = position
        offset += 1
        var utf8: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte < 0x20 { throw unexpected(wanted: "no control byte inside quotes") }
            if byte == UInt8(ascii: "\\") {
                utf8 += try escape()
            } else {
                utf8.append(byte)
                offset += 1
            }
        }
        guard next != nil else {
            throw syntax(start, problem: "a quote is never closed", remedy: "close the text that begins here")
        }
        offset += 1
        guard let text = String(validating: utf8, as: UTF8.self) else {
            throw syntax(start, problem: "a text is not UTF-8", remedy: "save the plan as UTF-8")
        }
        return text
    }

    /// The bytes that an escape stands for; a pair of surrogates is one scalar.
    private mutating func escape() throws(PlanError) -> [UInt8] {
        let start = position
        offset += 1
        let mark = next
        offset += 1
        switch mark {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [mark!]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            var code = hexDigits()
            if let high = code, (0xD800..<0xDC00).contains(high), bytes[offset...].starts(with: "\\u".utf8) {
                offset += 2
                let low = hexDigits()
                code = low.flatMap {
                    (0xDC00..<0xE000).contains($0) ? 0x10000 + (high - 0xD800) << 10 + ($0 - 0xDC00) : nil
                }
            }
            if let scalar = code.flatMap(Unicode.Scalar.init) { return Array(String(scalar).utf8) }
        default: break
        }
        throw syntax(start, problem: "an escape that JSON does not know", remedy: "write \\\\ for a backslash")
    }

    private mutating func hexDigits() -> UInt32? {
        guard bytes.count - offset >= 4 else { return nil }
        var code: UInt32 = 0
        for byte in bytes[offset..<offset + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            code = code << 4 | UInt32(digit)
        }
        offset += 4
        return code
    }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private var position: PlanPosition { PlanPosition(line: line, column: offset - lineStart + 1) }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            offset += 1
            if byte == 0x0A {
                line += 1
                lineStart = offset
            }
        }
    }

    private mutating func take(_ mark: Unicode.Scalar) throws(PlanError) {
        guard next == UInt8(ascii: mark) else { throw unexpected(wanted: "'\(mark)'") }
        offset += 1
    }

    private func unexpected(wanted: String) -> PlanError {
        let found =
            switch next {
            case nil: "the text ends"
            case .some(0x21..<0x7F): "found '\(Character(Unicode.Scalar(next!)))'"
            case .some(let byte): "found byte \(byte)"
            }
        return syntax(position, problem: "\(found) where \(wanted) belongs", remedy: "correct the JSON")
    }

    private func syntax(_ position: PlanPosition, problem: String, remedy: String) -> PlanError {
        PlanError(.syntax, at: "", position, problem: problem, remedy: remedy)
    }
}
