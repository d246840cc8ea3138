/// Lines that are no records because of their first byte. A line starts at a record's start or after a line end.
enum CommentLines {
    /// The offset of the first line of `bytes` at or after `at` that starts with `mark`; `at` is the start of a line.
    ///
    /// Inside a quoted field such a line is none; the caller has to know where records start.
    static func next(_ mark: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from at: Int) -> Int {
        var at = at
        var isStart = true
        while at < bytes.count {
            let byte = bytes[at]
            if isStart, byte == mark { return at }
            isStart = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            at += 1
        }
        return at
    }

    /// The offset just past the line end (LF, CRLF, CR) of the line at `start`, nil if the bytes end before it.
    ///
    /// - Parameter isFinal: no bytes follow, so that the end of the bytes is a line end too.
    static func end(of bytes: UnsafeBufferPointer<UInt8>, from start: Int, isFinal: Bool) -> Int? {
        var at = start
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n"), bytes[at] != UInt8(ascii: "\r") { at += 1 }
        guard at < bytes.count else { return isFinal ? at : nil }
        let isPair = bytes[at] == UInt8(ascii: "\r") && at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\n")
        return at + (isPair ? 2 : 1)
    }
}
