/// Why an expression cannot be read.
struct ExpressionError: Error, Equatable {
    /// What is wrong.
    var problem: String
    /// Where it begins, in characters from 1.
    var column: Int
    /// What helps.
    var remedy: String
}

/// Reads arithmetic of columns by recursive descent over the bytes of its text.
///
///     sum     = product (("+" | "-") product)*
///     product = factor (("*" | "/") factor)*
///     factor  = ("-" | "+") factor | number | column | "(" sum ")" | function "(" sum ("," sum)* ")"
///     column  = plain name | "name" | `name`
///
/// A plain name is of letters, digits, `_` and whatever is not ASCII, and does not begin with a digit; a quote inside a
/// quoted name is doubled. Numbers on both sides of an operation are computed while it is read.
struct ExpressionParser {
    /// The deepest nesting of parentheses, functions and signs.
    static let depthLimit = 64
    /// The most steps.
    static let stepLimit = 4096
    static let functions = ["min", "max", "abs", "log"]

    private let bytes: [UInt8]
    private var at = 0
    private var depth = 0
    private var steps: [Expression.Step] = []
    private var names: [String] = []

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The expression that a text spells.
    static func parse(_ text: String) throws(ExpressionError) -> Expression {
        var parser = ExpressionParser(text)
        try parser.sum()
        parser.skipBlanks()
        guard parser.at == parser.bytes.count else {
            throw parser.unexpected("an operator or the end belongs", remedy: "write + - * / between two values")
        }
        if parser.names.isEmpty {
            throw ExpressionError(
                problem: "no column in '\(text)'", column: 1, remedy: "name a column; quote names with blanks")
        }
        return Expression(steps: parser.steps, names: parser.names)
    }

    private mutating func sum() throws(ExpressionError) {
        let start = steps.count
        try product()
        while let operation: Expression.Operation = take("+") ? .add : take("-") ? .subtract : nil {
            let middle = steps.count
            try product()
            try combine(operation, from: start, middle)
        }
    }

    private mutating func product() throws(ExpressionError) {
        let start = steps.count
        try factor()
        while let operation: Expression.Operation = take("*") ? .multiply : take("/") ? .divide : nil {
            let middle = steps.count
            try factor()
            try combine(operation, from: start, middle)
        }
    }

    private mutating func factor() throws(ExpressionError) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw error("more than \(Self.depthLimit) levels inside each other", remedy: "derive a column for a part")
        }
        if take("+") { return try factor() }
        let start = steps.count
        if take("-") {
            try factor()
            return apply(.negate, from: start)
        }
        if take("(") {
            try sum()
            return try expect(")")
        }
        skipBlanks()
        guard at < bytes.count else { throw unexpected("a value belongs", remedy: "write a column or a number there") }
        let byte = bytes[at]
        if Self.isDigit(byte) || byte == UInt8(ascii: ".") { return try number() }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") { return try push(column: quotedName(byte)) }
        let place = at
        let name = try plainName()
        skipBlanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "(") else { return try push(column: name) }
        try call(name, at: place)
    }

    /// The arguments of a function, from the parenthesis on.
    private mutating func call(_ name: String, at place: Int) throws(ExpressionError) {
        guard Self.functions.contains(name) else {
            at = place
            let nearest = nearestName(to: name, among: Self.functions).map { "did you mean '\($0)'? " } ?? ""
            throw error("no function '\(name)'", remedy: "\(nearest)known: \(Self.functions.joined(separator: ", "))")
        }
        try expect("(")
        let start = steps.count
        try sum()
        var count = 1
        while take(",") {
            let middle = steps.count
            try sum()
            count += 1
            if name == "min" || name == "max" { try combine(name == "min" ? .minimum : .maximum, from: start, middle) }
        }
        try expect(")")
        let isPair = name == "min" || name == "max"
        guard isPair ? count > 1 : count == 1 else {
            at = place
            throw error(
                "\(name) of \(count) \(count == 1 ? "value" : "values")",
                remedy: isPair ? "give it two or more" : "give it one")
        }
        if name == "abs" { apply(.absolute, from: start) }
        if name == "log" { apply(.logarithm, from: start) }
    }

    // MARK: Steps

    private mutating func push(column name: String) throws(ExpressionError) {
        // Bytes, not Characters: two spellings of one name are two columns.
        let place = names.firstIndex { $0.utf8.elementsEqual(name.utf8) }
        if place == nil { names.append(name) }
        try append(.column(place ?? names.count - 1))
    }

    private mutating func append(_ step: Expression.Step) throws(ExpressionError) {
        guard steps.count < Self.stepLimit else {
            throw error("more than \(Self.stepLimit) steps", remedy: "derive a column for a part")
        }
        steps.append(step)
    }

    private mutating func apply(_ function: Expression.Function, from start: Int) {
        if steps.count == start + 1, case .constant(let value) = steps[start], function(value).isFinite {
            steps[start] = .constant(function(value))
        } else {
            steps.append(.function(function))
        }
    }

    /// Brings together the steps of two operands, which begin at `start` and `middle`.
    private mutating func combine(
        _ operation: Expression.Operation, from start: Int, _ middle: Int
    ) throws(ExpressionError) {
        var left: Double?
        var right: Double?
        if middle == start + 1, case .constant(let value) = steps[start] { left = value }
        if steps.count == middle + 1, case .constant(let value) = steps[middle] { right = value }
        if let right {
            steps.removeLast()
            if let left, operation(left, right).isFinite {
                steps[start] = .constant(operation(left, right))
            } else {
                steps.append(.operationWithRight(operation, right))
            }
        } else if let left {
            steps.remove(at: start)
            steps.append(.operationWithLeft(operation, left))
        } else {
            try append(.operation(operation))
        }
    }

    // MARK: Words and marks

    private mutating func number() throws(ExpressionError) {
        let start = at
        while at < bytes.count, Self.isDigit(bytes[at]) || bytes[at] == UInt8(ascii: ".") { at += 1 }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            while at < bytes.count, Self.isDigit(bytes[at]) { at += 1 }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        let isName = at < bytes.count && Self.isNameByte(bytes[at])
        guard !isName, let value = PlanReader.decimal(text[...]) else {
            at = start
            throw error("'\(text)…' is no number", remedy: "write 0.5 or 1e3; quote a name that begins with a digit")
        }
        try append(.constant(value))
    }

    private mutating func plainName() throws(ExpressionError) -> String {
        let start = at
        while at < bytes.count, Self.isNameByte(bytes[at]) {
            if let sign = Self.wideSign(bytes[at...]) {
                throw error("the sign '\(sign.wide)'", remedy: "write \(sign.plain), or quote the name it is part of")
            }
            at += 1
        }
        guard at > start else {
            throw unexpected("a value belongs", remedy: "write a column or a number there; quote names with signs")
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func quotedName(_ quote: UInt8) throws(ExpressionError) -> String {
        let start = at
        var name: [UInt8] = []
        at += 1
        while at < bytes.count {
            if bytes[at] == quote {
                at += 1
                guard at < bytes.count, bytes[at] == quote else { return String(decoding: name, as: UTF8.self) }
            }
            name.append(bytes[at])
            at += 1
        }
        at = start
        throw error("a quoted name without an end", remedy: "close the quote")
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: mark) else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ mark: Unicode.Scalar) throws(ExpressionError) {
        guard take(mark) else { throw unexpected("'\(mark)' belongs", remedy: "close what was opened") }
    }

    private mutating func skipBlanks() {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    private func unexpected(_ wanted: String, remedy: String) -> ExpressionError {
        guard at < bytes.count else { return error("the end where \(wanted)", remedy: remedy) }
        let rest = String(decoding: bytes[at...], as: UTF8.self)
        return error("'\(rest.prefix(12))\(rest.count > 12 ? "…" : "")' where \(wanted)", remedy: remedy)
    }

    private func error(_ problem: String, remedy: String) -> ExpressionError {
        ExpressionError(
            problem: problem, column: String(decoding: bytes[..<at], as: UTF8.self).unicodeScalars.count + 1,
            remedy: remedy)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    static func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// A sign of arithmetic that is not ASCII, as an input method may write it, where one begins.
    private static func wideSign(_ bytes: ArraySlice<UInt8>) -> (wide: String, plain: String)? {
        wideSigns.first { bytes.starts(with: $0.wide.utf8) }
    }

    static let wideSigns: [(wide: String, plain: String)] = [
        ("×", "*"), ("÷", "/"), ("−", "-"), ("＋", "+"), ("－", "-"), ("＊", "*"), ("／", "/"), ("（", "("),
        ("）", ")"), ("，", ","),
    ]
}
