/// What the terminal that a drawing goes to can show.
public struct TerminalStyle: Equatable, Sendable {
    /// Columns of the terminal; a drawing is never wider, 20 at least.
    public var width: Int
    /// Whether colors may be used; off under `NO_COLOR` and when the output is no terminal.
    public var usesColor: Bool
    /// Whether only ASCII may be drawn; names from the plan stay as they are.
    public var asciiOnly: Bool

    /// A terminal.
    public init(width: Int = 80, usesColor: Bool = false, asciiOnly: Bool = false) {
        self.width = max(20, width)
        self.usesColor = usesColor
        self.asciiOnly = asciiOnly
    }

    /// The text in a color of the 256-color palette, if colors may be used.
    func colored(_ text: String, _ color: Int) -> String {
        usesColor && !text.isEmpty ? "\u{1B}[38;5;\(color)m\(text)\u{1B}[0m" : text
    }

    /// The text in faint type, if colors may be used.
    func faint(_ text: String) -> String {
        usesColor && !text.isEmpty ? "\u{1B}[2m\(text)\u{1B}[0m" : text
    }

    /// The text in bold type, if colors may be used.
    func bold(_ text: String) -> String {
        usesColor && !text.isEmpty ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }
}
