/// The texts of one column in one batch, of which few are different: a small number for each row, and what it stands for.
public struct LabelColumn: Sendable, Equatable {
    /// For each row the place of its text in `texts`.
    public let codes: [UInt16]
    /// The texts in the order in which they first occur; the first is empty and stands for a missing one.
    public let texts: [[UInt8]]
    /// Whether the batch had more texts than codes can tell apart; rows of those that came too late have code 0.
    public let isOverfull: Bool

    /// The most texts of one batch, the empty one included.
    public static let textLimit = Int(UInt16.max)

    /// A column over ready storage.
    public init(codes: [UInt16], texts: [[UInt8]], isOverfull: Bool = false) {
        precondition(texts.first?.isEmpty == true, "the first text is not the empty one")
        self.codes = codes
        self.texts = texts
        self.isOverfull = isOverfull
    }

    /// The cells of some rows, in the order given; the texts stay.
    public func selecting(_ rows: [Int]) -> LabelColumn {
        LabelColumn(codes: rows.map { codes[$0] }, texts: texts, isOverfull: isOverfull)
    }
}
