/// Why bytes could not be read or written, where, and what to do about it.
public struct TableIOError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public var kind: Kind
    /// The file as the caller named it, `-` for stdin and stdout.
    public var path: String
    /// The line in the file, from 1.
    public var line: Int?
    /// The record in the file, from 1; the header is not counted.
    public var record: Int?
    /// The name of the column.
    public var column: String?
    /// Offset from the start of the file; in the decompressed bytes unless the kind is about compressed ones.
    public var byteOffset: Int?
    /// What is known beyond the kind, such as the system's reason.
    public var detail: String

    /// An error of `kind` at a place.
    public init(
        _ kind: Kind, path: String, line: Int? = nil, record: Int? = nil, column: String? = nil,
        byteOffset: Int? = nil, detail: String = ""
    ) {
        self.kind = kind
        self.path = path
        self.line = line
        self.record = record
        self.column = column
        self.byteOffset = byteOffset
        self.detail = detail
    }

    /// Whose fault it is; the command's exit status follows from it.
    public enum Category: Equatable, Sendable {
        /// The bytes read are not what they must be (exit status 3).
        case inputData
        /// A file could not be opened, read or written (exit status 4).
        case fileAccess
        /// A stated limit was passed (exit status 6).
        case resourceLimit
        /// Whoever read our output has stopped; nothing to tell.
        case closedPipe
    }

    /// Whose fault it is.
    public var category: Category { kind.category }

    /// Problem, place and remedy on one line, safe for a terminal.
    public var description: String {
        var text = kind.problem
        if !detail.isEmpty { text += " (" + TerminalText.escaped(detail) + ")" }
        text += ": " + TerminalText.escaped(path)
        if let line { text += ", line \(line)" }
        if let record { text += ", record \(record)" }
        if let column { text += ", column " + TerminalText.escaped(column) }
        if let byteOffset { text += ", byte \(byteOffset)" }
        return text + ". " + kind.remedy
    }
}
